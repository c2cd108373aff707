/** Events that have been kept for as long as their site keeps any: whose they are, and their end. */
import type { OpeningEvent } from '../../shared/event.ts'
import type { Db } from './sqlite.ts'
import { keyOf } from './sqlite-log.ts'
import { logStatements } from './sqlite-log-sql.ts'
import { IN_PERSON, type Person } from './sqlite-person.ts'
import { tablesOfVisitors } from './sqlite-removal.ts'

export interface Overdue {
  readonly site: string
  /** Visitors numbered in (`after`, `upTo`]. */
  readonly after: number
  readonly upTo: number
  /** The first instant that is kept. */
  readonly since: number
}

export interface Expiry {
  /** The greatest visitor number. */
  readonly last: () => number
  /** Our ids of people with an event from before. */
  readonly overdue: (of: Overdue) => readonly string[]
  /** Deletes what is older, and puts an entry in the place of its newest event. Within the caller's transaction. */
  readonly cut: (person: Person, since: number, opening: { readonly seq: number; readonly event: OpeningEvent }) => void
  readonly cutRejected: (site: string, since: number) => void
}

export const createExpiry = (db: Db): Expiry => {
  const sql = logStatements(db)
  const last = db.prepare('SELECT coalesce(max(n), 0) FROM visitor').pluck()
  const isOld = (n: string) => `EXISTS (SELECT 1 FROM event e WHERE e.visitor = ${n} AND e.at < @since)`
  const overdue = db
    .prepare(
      `SELECT v.id FROM visitor v WHERE v.n > @after AND v.n <= @upTo AND v.root IS NULL
         AND v.site = (SELECT n FROM site WHERE name = @site)
         AND (${isOld('v.n')} OR EXISTS (SELECT 1 FROM visitor p WHERE p.root = v.n AND ${isOld('p.n')}))`,
    )
    .pluck()
  const dated = tablesOfVisitors(db).filter(
    (table) => db.prepare("SELECT 1 FROM pragma_table_info(?) WHERE name = 'at'").get(table) !== undefined,
  )
  const cuts = dated.map((table) => db.prepare(`DELETE FROM "${table}" WHERE visitor ${IN_PERSON} AND at < @since`))
  const cutRejected = db.prepare('DELETE FROM rejected WHERE site = ? AND at < ?')
  const number = db.prepare('SELECT n FROM visitor WHERE id = ?').pluck()

  return {
    last: () => last.get() as number,
    overdue: (of) => overdue.all(of) as string[],
    cut: ({ numbers, parts, site }, since, { seq, event }) => {
      for (const cut of cuts) cut.run({ numbers, since })
      const n = number.get(parts[0]!.id) as number
      sql.insertEvent.run(seq, n, event.at, keyOf(site, event.id), JSON.stringify(event))
    },
    cutRejected: (site, since) => void cutRejected.run(site, since),
  }
}
