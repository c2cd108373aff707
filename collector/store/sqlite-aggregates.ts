/** The counts that reports are read from, kept in step with visitors: collected in memory, written once per transaction. */
import { type Counted, contributionOf } from '../../shared/contribution.ts'
import type { Model } from '../../shared/model.ts'
import { type Change, createCounts } from './counts.ts'
import type { Db } from './sqlite.ts'
import { createTerms } from './sqlite-terms.ts'
import { stateIn } from './stored.ts'

export interface Aggregates {
  /** What was counted of somebody before, and is now. Nothing is written yet. */
  readonly change: (site: string, before: readonly Counted[], after: readonly Counted[]) => void
  /** Writes all that changed, within the caller's transaction. */
  readonly flush: () => void
  /** Forgets what was not written: the transaction failed. */
  readonly forget: () => void
}

/** `table`: the one that is read, or the one that is built beside it. */
export const createAggregates = (db: Db, table: 'aggregate' | 'aggregate_next' = 'aggregate'): Aggregates => {
  const siteNumber = db.prepare('SELECT n FROM site WHERE name = ?').pluck()
  const add = db.prepare(
    `INSERT INTO ${table} (site, kind, what, outcome, day, n) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, kind, what, outcome, day) DO UPDATE SET n = n + excluded.n`,
  )
  const trim = db.prepare(
    `DELETE FROM ${table} WHERE site = ? AND kind = ? AND what = ? AND outcome = ? AND day = ? AND n = 0`,
  )
  const sites = new Map<string, number>()
  const counts = createCounts()

  const numberOf = (site: string): number => {
    const n = sites.get(site) ?? (siteNumber.get(site) as number)
    sites.set(site, n)
    return n
  }

  const write = ({ site, kind, of, end, day, by }: Change): void => {
    const place = [numberOf(site), kind, of, end, day]
    add.run(...place, by)
    if (by < 0) trim.run(...place)
  }

  return {
    change: counts.change,
    flush: () => {
      for (const change of counts.take()) write(change)
    },
    forget: () => {
      counts.take()
      sites.clear()
    },
  }
}

/** A file written before there were counts, or when something else was counted. */
export const countFirst = (db: Db, model: Model): void => {
  if (db.prepare("SELECT 1 FROM aggregate WHERE kind <> 'move' LIMIT 1").get() !== undefined) return
  const aggregates = createAggregates(db)
  db.transaction(() => {
    countAll(db, aggregates, model)
    aggregates.flush()
  })()
}

/** Counts all that visitors add up to, by their states alone. */
export const countAll = (db: Db, aggregates: Pick<Aggregates, 'change'>, model: Model): void => {
  const terms = createTerms(db)
  const page = db.prepare(
    `SELECT v.n, s.name AS site, v.state FROM visitor v JOIN site s ON s.n = v.site
     WHERE v.n > ? AND v.root IS NULL AND v.state IS NOT NULL ORDER BY v.n LIMIT 1000`,
  )
  for (let rows = page.all(0) as StateRow[]; rows.length > 0; rows = page.all(rows.at(-1)!.n) as StateRow[])
    for (const { site, state } of rows) aggregates.change(site, [], contributionOf(stateIn(state, terms), model))
}

interface StateRow {
  readonly n: number
  readonly site: string
  readonly state: Buffer
}
