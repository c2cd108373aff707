/** Everyone's events on SQLite, in ranges of visitor numbers. */
import { createStride, eventsOf, type History, type PersonHistory } from './history.ts'
import type { Db } from './sqlite.ts'
import { createTerms } from './sqlite-terms.ts'
import { eventsIn } from './stored.ts'

export interface SqliteHistory extends History {
  /** The greatest visitor number. */
  readonly last: () => number
  /** Everyone with a number in (`after`, `upTo`], with their events that are no later in the log than `head`. */
  readonly between: (range: Range) => readonly PersonHistory[]
}

export interface Range {
  readonly after: number
  readonly upTo: number
  readonly head?: number
}

type Row = Omit<PersonHistory, 'events' | 'user' | 'email'> & {
  readonly user: string | null
  readonly email: string | null
}

export const createHistory = (db: Db): SqliteHistory => {
  const people = db.prepare(
    `SELECT v.n, v.id, s.name AS site, v.user, v.email, v.stage, v.qualification, v.changed
     FROM visitor v JOIN site s ON s.n = v.site
     WHERE v.n > @after AND v.n <= @upTo AND v.root IS NULL AND v.state IS NOT NULL`,
  )
  const terms = createTerms(db)
  const own = db
    .prepare('SELECT visitor, body FROM event WHERE visitor > @after AND visitor <= @upTo AND seq <= @head')
    .raw()
  const merged = db
    .prepare(
      `SELECT v.root, e.body FROM visitor v JOIN event e ON e.visitor = v.n
       WHERE v.root > @after AND v.root <= @upTo AND e.seq <= @head`,
    )
    .raw()
  const last = db.prepare('SELECT coalesce(max(n), 0) FROM visitor').pluck()

  const between = ({ after, upTo, head = Number.MAX_SAFE_INTEGER }: Range): readonly PersonHistory[] => {
    const range = { after, upTo, head }
    const bodies = Map.groupBy([...own.all(range), ...merged.all(range)] as [number, Buffer][], ([n]) => n)
    return (people.all({ after, upTo }) as Row[]).map((row) => ({
      ...row,
      user: row.user ?? undefined,
      email: row.email ?? undefined,
      events: (bodies.get(row.n) ?? []).flatMap(([, body]) => eventsIn(body, terms)),
    }))
  }

  return {
    last: () => last.get() as number,
    between,
    slices: async function* ({ head, events }) {
      const stride = createStride(events)
      const total = last.get() as number
      for (let after = 0; after < total; ) {
        const upTo = Math.min(total, after + stride.width())
        const people = between({ after, upTo, head })
        stride.learn(eventsOf(people))
        after = upTo
        yield { people, done: after, total }
      }
    },
  }
}
