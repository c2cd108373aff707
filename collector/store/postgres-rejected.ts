/** What was rejected, on PostgreSQL: counted, and the last of it listed. */
import type { Transaction } from './postgres.ts'
import { numbers, texts } from './postgres-array.ts'
import type { Rejected } from './store.ts'

/** Rejected events kept for reading. */
const REJECTED_KEPT = 10_000

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
