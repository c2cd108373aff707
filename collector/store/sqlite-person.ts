/** All that is kept of one person, in whatever table, those merged into them included. */
import type { Name } from '../../shared/identity.ts'
import {
  type BodyRow,
  type EventRow,
  eventRowOf,
  type Named,
  type PartRow,
  partOf,
  type RejectedRow,
  rejectedOf,
  SHOWN,
} from './person-row.ts'
import type { Db } from './sqlite.ts'
import { createTerms } from './sqlite-terms.ts'
import type { StoredEvent } from './store.ts'

/** A person, and what they are known by. */
export interface Person extends Named {
  /** The numbers of the survivor and of all that were merged into it, as JSON: what statements take. */
  readonly numbers: string
}

export interface Persons {
  /** By our id, a part's as well as the survivor's. */
  readonly find: (id: string) => Person | undefined
  readonly rows: (person: Person) => readonly EventRow[]
  readonly events: (person: Person) => readonly StoredEvent[]
  /** What other tables have of them, row by row, under the name of the table. */
  readonly others: (person: Person) => Readonly<Record<string, readonly object[]>>
  /** What was rejected and says their name, or names an event of theirs. */
  readonly rejected: (person: Person, events: readonly StoredEvent[]) => readonly RejectedRow[]
}

/** The tables whose rows are of a visitor, by its number. */
export const tablesOfVisitors = (db: Db): readonly string[] =>
  db
    .prepare(
      `SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
       WHERE t.type = 'table' AND c.name = 'visitor' AND c.type = 'INTEGER' ORDER BY t.name`,
    )
    .pluck()
    .all() as string[]

export const IN_PERSON = 'IN (SELECT value FROM json_each(@numbers))'

export const createPersons = (db: Db): Persons => {
  const survivor = db.prepare('SELECT coalesce(root, n) FROM visitor WHERE id = ?').pluck()
  const parts = db.prepare(
    `SELECT v.n, v.id, v.user, v.email, s.name AS site FROM visitor v JOIN site s ON s.n = v.site
     WHERE v.n = @n OR v.n IN (SELECT n FROM visitor WHERE root = @n) ORDER BY v.n <> @n, v.n`,
  )
  const names = db.prepare('SELECT kind, value FROM name WHERE visitor = ?')
  const events = db.prepare(`SELECT seq, visitor, body FROM event WHERE visitor ${IN_PERSON}`)
  const terms = createTerms(db)
  const rejected = db.prepare('SELECT seq, at, site, id, code, message FROM rejected WHERE id IS NOT NULL')

  const namesOf = ({ n }: PartRow) => names.all(n) as Name[]

  const rows = ({ numbers }: Person): readonly EventRow[] =>
    (events.all({ numbers }) as BodyRow[]).map((row) => eventRowOf(row, terms))

  return {
    find: (id) => {
      const n = survivor.get(id) as number | undefined
      if (n === undefined) return undefined
      const rows = parts.all({ n }) as PartRow[]
      return {
        numbers: JSON.stringify(rows.map((row) => row.n)),
        site: rows[0]!.site,
        parts: rows.map((row) => partOf(row, namesOf(row))),
      }
    },
    rows,
    others: ({ numbers }) => {
      const tables = tablesOfVisitors(db).filter((table) => !SHOWN.includes(table))
      const found = tables.map((table) => {
        return [table, db.prepare(`SELECT * FROM "${table}" WHERE visitor ${IN_PERSON}`).all({ numbers })] as const
      })
      return Object.fromEntries(found) as Readonly<Record<string, readonly object[]>>
    },
    events: (person) => rows(person).flatMap((row) => row.events),
    rejected: (person, theirs) => rejectedOf(rejected.all() as RejectedRow[], person, theirs),
  }
}
