/** All rows that are of one person, those merged into them included: found, and deleted. */
import type { VisitorEvent } from '../../shared/event.ts'
import type { Name } from '../../shared/identity.ts'
import type { Db } from './sqlite.ts'

/** A person, and what they are known by. */
export interface Person {
  /** The survivor and all that were merged into it, as JSON: what statements take. */
  readonly parts: string
  /** Our ids, the survivor's first. */
  readonly ids: readonly string[]
  readonly site: string
  readonly names: readonly Name[]
}

export interface Persons {
  /** By our id, a part's as well as the survivor's. */
  readonly find: (id: string) => Person | undefined
  readonly events: (person: Person) => readonly VisitorEvent[]
  /** Deletes every row of theirs; answers how many events that were. Within the caller's transaction. */
  readonly remove: (person: Person) => number
  /** Deletes what was rejected and says their name, or names an event of theirs. */
  readonly removeRejected: (person: Person, events: readonly VisitorEvent[]) => void
}

const IN_PARTS = 'IN (SELECT value FROM json_each(@parts))'

export const createPersons = (db: Db): Persons => {
  const survivor = db.prepare('SELECT coalesce(root, n) FROM visitor WHERE id = ?').pluck()
  const parts = db.prepare(
    `SELECT v.n, v.id, s.name AS site FROM visitor v JOIN site s ON s.n = v.site
     WHERE v.n = @n OR v.n IN (SELECT n FROM visitor WHERE root = @n) ORDER BY v.n <> @n, v.n`,
  )
  const names = db.prepare(`SELECT kind, value FROM name WHERE visitor ${IN_PARTS}`)
  const events = db.prepare(`SELECT body FROM event WHERE visitor ${IN_PARTS}`).pluck()
  const removeEvents = db.prepare(`DELETE FROM event WHERE visitor ${IN_PARTS}`)
  const removals = [
    `DELETE FROM name WHERE visitor ${IN_PARTS}`,
    `DELETE FROM transition WHERE visitor ${IN_PARTS}`,
    `DELETE FROM merge WHERE source ${IN_PARTS} OR target ${IN_PARTS}`,
    `DELETE FROM visitor WHERE n ${IN_PARTS}`,
  ].map((sql) => db.prepare(sql))
  const rejected = db.prepare('SELECT seq, id, message FROM rejected WHERE id IS NOT NULL')
  const removeRejected = db.prepare('DELETE FROM rejected WHERE seq = ?')

  return {
    find: (id) => {
      const n = survivor.get(id) as number | undefined
      if (n === undefined) return undefined
      const rows = parts.all({ n }) as { n: number; id: string; site: string }[]
      const numbers = JSON.stringify(rows.map((row) => row.n))
      return {
        parts: numbers,
        ids: rows.map((row) => row.id),
        site: rows[0]!.site,
        names: names.all({ parts: numbers }) as Name[],
      }
    },
    events: (person) => (events.all({ parts: person.parts }) as string[]).map((body) => JSON.parse(body)),
    remove: (person) => {
      const { changes } = removeEvents.run({ parts: person.parts })
      for (const removal of removals) removal.run({ parts: person.parts })
      return changes
    },
    removeRejected: (person, theirs) => {
      const isTheirs = createTelling(person, theirs)
      for (const { seq, ...row } of rejected.all() as RejectedRow[]) if (isTheirs(row)) removeRejected.run(seq)
    },
  }
}

type RejectedRow = { readonly seq: number; readonly id: string; readonly message: string }

/** Whether something rejected tells of somebody. */
export const createTelling = (
  { names, ids }: Pick<Person, 'names' | 'ids'>,
  events: readonly VisitorEvent[],
): ((row: Pick<RejectedRow, 'id' | 'message'>) => boolean) => {
  const eventIds = new Set(events.map(({ id }) => id))
  const words = [...names.map(({ value }) => value), ...ids]
  return ({ id, message }) => eventIds.has(id) || words.some((word) => id.includes(word) || message.includes(word))
}
