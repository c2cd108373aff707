/**
 * Changes of the counts that reports are read from, made beside the log: what a version of the model being built adds up
 * to, and what the erased no longer do.
 */
import type { Counted } from '../../shared/contribution.ts'
import type { Queries } from './postgres.ts'

/** A count, and by how much it changes. */
interface Change {
  readonly version: number
  readonly site: number
  readonly kind: string
  readonly day: number
  readonly what: string
  readonly outcome: string
  readonly by: number
}

export interface Tally {
  /** `site`: its number. */
  readonly add: (
    of: { readonly version: number; readonly site: number },
    counted: readonly Counted[],
    by: 1 | -1,
  ) => void
  /** Writes what changed, as the last thing in the caller's transaction: others wait for these rows. */
  readonly write: (tx: Queries, lane: number) => Promise<void>
  /**
   * Likewise, and leaves one row of each count that changed, and none of those of the site that are 0 by now: what is
   * counted may be a word that was one person's alone.
   */
  readonly settle: (tx: Queries, lane: number, site: number) => Promise<void>
}

/** Under which what was recorded is counted: it is not derived from a model. */
const RECORDED = 0
const BETWEEN = '\0'

export const createTally = (): Tally => {
  let pending: Change[] = []
  const take = (): readonly Change[] => {
    const taken = pending
    pending = []
    return taken
  }
  return {
    add: ({ version, site }, counted, by) => {
      for (const { kind, day, of: what, end: outcome } of counted)
        pending.push({ version: kind === 'move' ? RECORDED : version, site, kind, day, what, outcome, by })
    },
    write: (tx, lane) => insert(tx, lane, summed(take())),
    settle: (tx, lane, site) => settle(tx, { lane, site }, summed(take())),
  }
}

/** Each count once. */
const summed = (all: readonly Change[]): readonly Change[] => {
  const sums = new Map<string, Change>()
  for (const { version, site, kind, day, what, outcome, by } of all) {
    const key = [version, site, kind, day, what, outcome].join(BETWEEN)
    sums.set(key, { version, site, kind, day, what, outcome, by: (sums.get(key)?.by ?? 0) + by })
  }
  return [...sums.values()]
}

const listOf = (tx: Queries, some: readonly Change[]) => {
  const all = <Key extends keyof Change>(key: Key) => some.map((each) => each[key])
  return tx`unnest(${all('version')}::integer[], ${all('site')}::integer[], ${all('kind')}::text[],
    ${all('day')}::integer[], ${all('what')}::text[], ${all('outcome')}::text[], ${all('by')}::bigint[])
    AS k (version, site, kind, day, what, outcome, by)`
}

/** In the order of the keys: two who do so do not stand in each other's way. */
const insert = async (tx: Queries, lane: number, some: readonly Change[]): Promise<void> => {
  const changed = some.filter(({ by }) => by !== 0)
  if (changed.length === 0) return
  await tx`
    INSERT INTO aggregate (version, site, kind, day, what, outcome, lane, n)
    SELECT version, site, kind, day, what, outcome, ${lane}::smallint, by FROM ${listOf(tx, changed)}
    ORDER BY version, site, kind, day, what, outcome
    ON CONFLICT (version, site, kind, day, what, outcome, lane) DO UPDATE SET n = aggregate.n + excluded.n`
}

const settle = async (
  tx: Queries,
  { lane, site }: { readonly lane: number; readonly site: number },
  changed: readonly Change[],
): Promise<void> => {
  const isSame = tx`(a.version, a.site, a.kind, a.day, a.what, a.outcome)
    = (k.version, k.site, k.kind, k.day, k.what, k.outcome)`
  const empty = await tx<Change[]>`
    SELECT version, site, kind, day, what, outcome, 0::bigint AS by FROM aggregate WHERE site = ${site}
    GROUP BY version, site, kind, day, what, outcome HAVING sum(n) = 0`
  const all = summed([...changed, ...empty])
  if (all.length === 0) return
  await tx`
    SELECT 1 FROM aggregate a JOIN ${listOf(tx, all)} ON ${isSame}
    ORDER BY a.version, a.site, a.kind, a.day, a.what, a.outcome, a.lane FOR UPDATE OF a`
  const taken = await tx<Change[]>`
    DELETE FROM aggregate a USING ${listOf(tx, all)} WHERE ${isSame}
    RETURNING a.version, a.site, a.kind, a.day, a.what, a.outcome, a.n AS by`
  await insert(tx, lane, summed([...all, ...taken]))
}
