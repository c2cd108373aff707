/** Adds to the counts on PostgreSQL: those that reports are read from, and those of what was rejected. */
import type { Change } from './counts.ts'
import type { Transaction } from './postgres.ts'
import { numbers, texts } from './postgres-array.ts'
import type { Rejected } from './store.ts'

/** Rejected events kept for reading. */
const REJECTED_KEPT = 10_000

export interface Counting {
  readonly tx: Transaction
  readonly version: number
  /** The rows of this collector: see `aggregate`. */
  readonly lane: number
}

type Sited = Omit<Change, 'site'> & { readonly site: number }

/** In the order of the key: whoever shares the lane adds to the same rows in the same order. */
export const addCounts = async ({ tx, version, lane }: Counting, changes: readonly Sited[]): Promise<void> => {
  if (changes.length === 0) return
  const some = (of: (change: Sited) => number): string => numbers(changes.map(of))
  const words = (of: (change: Sited) => string): string => texts(changes.map(of))
  await tx`
    INSERT INTO aggregate (version, site, kind, what, outcome, day, lane, n)
    SELECT version, site, kind, what, outcome, day, ${lane}::smallint, n
    FROM unnest(${some(({ kind }) => (kind === 'move' ? 0 : version))}::integer[], ${some(({ site }) => site)}::integer[],
      ${words(({ kind }) => kind)}::text[], ${words(({ of }) => of)}::text[], ${words(({ end }) => end)}::text[],
      ${some(({ day }) => day)}::integer[], ${some(({ by }) => by)}::bigint[])
      AS k (version, site, kind, what, outcome, day, n)
    ORDER BY version, site, kind, day, what, outcome
    ON CONFLICT (version, site, kind, day, what, outcome, lane) DO UPDATE SET n = aggregate.n + excluded.n`.execute()
}

/** Lists what was rejected, counts it, and forgets the oldest. Sends the statements; to be awaited together. */
export const noteRejected = (
  tx: Transaction,
  rejected: readonly Rejected[],
  lane: number,
): readonly Promise<unknown>[] => {
  if (rejected.length === 0) return []
  const counts = [...Map.groupBy(rejected, ({ code }) => code)].map(([code, list]) => ({ code, count: list.length }))
  const listed = tx`
    INSERT INTO rejected (at, site, id, code, message)
    SELECT at, site, id, code, message
    FROM unnest(${numbers(rejected.map(({ at }) => at))}::bigint[],
      ${texts(rejected.map(({ site }) => site ?? null))}::text[], ${texts(rejected.map(({ id }) => id))}::text[],
      ${texts(rejected.map(({ code }) => code))}::text[], ${texts(rejected.map(({ message }) => message))}::text[])
      WITH ORDINALITY AS k (at, site, id, code, message, place) ORDER BY place`.execute()
  const counted = tx`
    INSERT INTO rejected_count (code, lane, count)
    SELECT code, ${lane}::smallint, count FROM unnest(${texts(counts.map(({ code }) => code))}::text[],
      ${numbers(counts.map(({ count }) => count))}::bigint[]) AS k (code, count) ORDER BY code
    ON CONFLICT (code, lane) DO UPDATE SET count = rejected_count.count + excluded.count`.execute()
  const trimmed = tx`
    DELETE FROM rejected WHERE seq IN (
      SELECT seq FROM rejected WHERE seq <= (SELECT max(seq) FROM rejected) - ${REJECTED_KEPT}::bigint
      ORDER BY seq FOR UPDATE SKIP LOCKED)`.execute()
  return [listed, counted, trimmed]
}
