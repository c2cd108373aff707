/** The two ends of a person: nothing is left of them, or what they did is left as nobody's. */
import { replayed } from '../shared/append.ts'
import { inOrder } from '../shared/event.ts'
import { disguise } from '../shared/nobody.ts'
import type { SiteName } from './store/erased-file.ts'
import type { Db } from './store/sqlite.ts'
import { createNobodies } from './store/sqlite-nobody.ts'
import { createPersons, type Person } from './store/sqlite-person.ts'
import { createRecount } from './store/sqlite-recount.ts'
import { createRemove } from './store/sqlite-removal.ts'
import type { Erasing, Scoring } from './store/store.ts'

export interface EndsOptions {
  readonly db: Db
  readonly scoring: () => Scoring
  readonly newId: () => string
  readonly now: () => number
}

/** Each works within the caller's transaction, and answers how many events the person had. */
export type Ends = Readonly<Record<Erasing['mode'], (person: Person) => number>>

export const createEnds = ({ db, scoring, newId, now }: EndsOptions): Ends => {
  const persons = createPersons(db)
  const remove = createRemove(db)
  const nobodies = createNobodies(db)
  const recount = createRecount(db)

  const anonymize = (person: Person): number => {
    const stored = persons.events(person).toSorted((a, b) => inOrder(a.event, b.event))
    const names = namesOf(person).map(({ value }) => value)
    const given = stored.map(({ event }) => event)
    const { events, mask } = disguise(given, { names, prefix: newId() })
    const { model, foldOf } = scoring()
    const fold = foldOf(person.site)
    // What they had come to is known already: nothing of it happens again.
    const state = replayed(fold, events, { transitions: [] })
    if (state) fold.advance(state, now(), { transitions: [] })
    recount(person, { next: state, forgetsMoves: false, model })
    const spoken = new Set(given.filter(({ type }) => type === 'feedback' || type === 'adjust').map(({ id }) => id))
    const n = nobodies.inherit(person, { id: newId(), mask, spoken })
    remove(person, stored)
    const places = stored.map(({ seq }, i) => ({ seq, event: events[i]! }))
    nobodies.write(n, { site: person.site, state, fold, model, events: places })
    return stored.length
  }

  const erase = (person: Person): number => {
    recount(person, { forgetsMoves: true, model: scoring().model })
    return remove(person, persons.events(person))
  }

  return { erase, anonymize }
}

/** All names by which somebody may come back. */
export const namesOf = ({ site, parts }: Person): readonly SiteName[] =>
  parts.flatMap(({ id, names }) => [
    { site, kind: 'id', value: id } as const,
    ...names.map((name) => ({ site, ...name })),
  ])
