/** The two ends of a person: nothing is left of them, or what they did is left as nobody's. */
import { remainsOf } from '../shared/remains.ts'
import { namesOf } from './store/person-names.ts'
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
    const stored = persons.events(person)
    const names = namesOf(person).map(({ value }) => value)
    const { model, foldOf } = scoring()
    const fold = foldOf(person.site)
    const { events, state, ruleOf } = remainsOf(stored, { names, prefix: newId(), fold, now: now() })
    recount(person, { next: state, forgetsMoves: false, model })
    const n = nobodies.inherit(person, { id: newId(), ruleOf })
    remove(person, stored)
    nobodies.write(n, { site: person.site, state, fold, model, events })
    return stored.length
  }

  const erase = (person: Person): number => {
    recount(person, { forgetsMoves: true, model: scoring().model })
    return remove(person, persons.events(person))
  }

  return { erase, anonymize }
}
