/** Everyone's events, person by person, in slices of visitor numbers: all of history in bounded memory. */
import type { VisitorEvent } from '../../shared/event.ts'
import type { Db } from './sqlite.ts'
import { createTerms } from './sqlite-terms.ts'
import { eventsIn } from './stored.ts'

/** A person who was not merged into another, with the events of those merged into them. */
export interface PersonHistory {
  readonly n: number
  readonly id: string
  readonly site: string
  readonly user: string | undefined
  readonly email: string | undefined
  readonly stage: string
  readonly qualification: string
  readonly changed: number
  /** In any order. */
  readonly events: readonly VisitorEvent[]
}

export interface History {
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

export const createHistory = (db: Db): History => {
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

  return {
    last: () => last.get() as number,
    between: ({ after, upTo, head = Number.MAX_SAFE_INTEGER }) => {
      const range = { after, upTo, head }
      const bodies = Map.groupBy([...own.all(range), ...merged.all(range)] as [number, Buffer][], ([n]) => n)
      return (people.all({ after, upTo }) as Row[]).map((row) => ({
        ...row,
        user: row.user ?? undefined,
        email: row.email ?? undefined,
        events: (bodies.get(row.n) ?? []).flatMap(([, body]) => eventsIn(body, terms)),
      }))
    },
  }
}

/** Chooses ranges that hold about `target` events each, by what the ranges before them held. */
export const createStride = (
  target: number,
): { readonly width: () => number; readonly learn: (events: number) => void } => {
  let width = Math.max(1, Math.min(32, target >> 3))
  return {
    width: () => width,
    learn: (events) => {
      const wanted = Math.round((width * target) / Math.max(1, events))
      width = Math.max(1, Math.min(10_000, width * 2, wanted))
    },
  }
}
