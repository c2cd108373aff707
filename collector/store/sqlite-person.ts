/** All that is kept of one person, in whatever table, those merged into them included. */
import type { Name } from '../../shared/identity.ts'
import type { Db } from './sqlite.ts'
import { createTerms } from './sqlite-terms.ts'
import type { HeldPart, Rejected, StoredEvent } from './store.ts'
import { eventsIn } from './stored.ts'

/** A person, and what they are known by. */
export interface Person {
  /** The numbers of the survivor and of all that were merged into it, as JSON: what statements take. */
  readonly numbers: string
  readonly site: string
  /** The survivor first. */
  readonly parts: readonly HeldPart[]
}

/** What was rejected, and where that stands. */
export type RejectedRow = Rejected & { readonly seq: number }

/** What one of the parts did in one commit. */
export interface EventRow {
  readonly seq: number
  readonly visitor: number
  readonly events: readonly StoredEvent[]
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

/** What is shown of these by other means. */
const SHOWN = ['event', 'name', 'transition']

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

  const partOf = ({ n, id, user, email }: PartRow): HeldPart => ({
    id,
    user: user ?? undefined,
    email: email ?? undefined,
    names: names.all(n) as Name[],
  })

  const rows = ({ numbers }: Person): readonly EventRow[] =>
    (events.all({ numbers }) as { seq: number; visitor: number; body: Buffer }[]).map(({ body, ...row }) => ({
      ...row,
      // Its number is that of the last one in it.
      events: eventsIn(body, terms).map((event, i, { length }) => ({ seq: row.seq - length + 1 + i, event })),
    }))

  return {
    find: (id) => {
      const n = survivor.get(id) as number | undefined
      if (n === undefined) return undefined
      const rows = parts.all({ n }) as PartRow[]
      return { numbers: JSON.stringify(rows.map((row) => row.n)), site: rows[0]!.site, parts: rows.map(partOf) }
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
    rejected: ({ parts, site }, theirs) => {
      const eventIds = new Set(theirs.map(({ event }) => event.id))
      const words = parts.flatMap(({ id, names }) => [id, ...names.map(({ value }) => value)])
      return (rejected.all() as RejectedRow[]).filter(
        ({ site: where, id, message }) =>
          (eventIds.has(id!) && where === site) || words.some((word) => id!.includes(word) || message.includes(word)),
      )
    },
  }
}

interface PartRow {
  readonly n: number
  readonly id: string
  readonly user: string | null
  readonly email: string | null
  readonly site: string
}
