/** Events that have been kept for as long as their site keeps any: whose they are, and their end. */
import type { OpeningEvent } from '../../shared/event.ts'
import type { Db } from './sqlite.ts'
import { logStatements } from './sqlite-log-sql.ts'
import { createPersons, IN_PERSON, type Person, tablesOfVisitors } from './sqlite-person.ts'
import { createTerms } from './sqlite-terms.ts'
import type { StoredEvent } from './store.ts'
import { stateIn, storedEvents } from './stored.ts'

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
  const people = db.prepare(
    `SELECT id, state FROM visitor WHERE n > @after AND n <= @upTo AND root IS NULL AND state IS NOT NULL
       AND site = (SELECT n FROM site WHERE name = @site)`,
  )
  const remove = db.prepare('DELETE FROM event WHERE seq = ?')
  const persons = createPersons(db)
  const terms = createTerms(db)
  const dated = tablesOfVisitors(db).filter(
    (table) => db.prepare("SELECT 1 FROM pragma_table_info(?) WHERE name = 'at'").get(table) !== undefined,
  )
  const cuts = dated.map((table) => db.prepare(`DELETE FROM "${table}" WHERE visitor ${IN_PERSON} AND at < @since`))
  const cutDeliveries = db.prepare(
    `DELETE FROM delivery WHERE message IN (SELECT seq FROM message WHERE visitor ${IN_PERSON} AND at < @since)`,
  )
  const cutRejected = db.prepare('DELETE FROM rejected WHERE site = ? AND at < ?')
  const number = db.prepare('SELECT n FROM visitor WHERE id = ?').pluck()

  const insert = (visitor: number, { seq, event }: StoredEvent): void => {
    sql.insertEvents.run(seq, visitor, storedEvents([event], terms))
  }

  return {
    last: () => last.get() as number,
    // No index knows how old an event is: the state does.
    overdue: ({ since, ...range }) =>
      (people.all(range) as { id: string; state: Buffer }[])
        .filter(({ state }) => stateIn(state, terms).firstSeen < since)
        .map(({ id }) => id),
    cut: (person, since, { seq, event }) => {
      for (const { visitor, events, ...row } of persons.rows(person)) {
        const left = events.filter((each) => each.event.at >= since)
        if (left.length === events.length) continue
        remove.run(row.seq)
        for (const each of left) insert(visitor, each)
      }
      cutDeliveries.run({ numbers: person.numbers, since })
      for (const cut of cuts) cut.run({ numbers: person.numbers, since })
      insert(number.get(person.parts[0]!.id) as number, { seq, event })
    },
    cutRejected: (site, since) => void cutRejected.run(site, since),
  }
}
