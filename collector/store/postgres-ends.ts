/** The two ends of a person on PostgreSQL: nothing is left of them, or what they did is left as nobody's. */
import { remainsOf } from '../../shared/remains.ts'
import { namesOf } from './person-names.ts'
import type { Transaction } from './postgres.ts'
import type { Group } from './postgres-group.ts'
import { inherit, writeNobody } from './postgres-nobody.ts'
import { createPostgresPersons, type Person } from './postgres-person.ts'
import { recount } from './postgres-recount.ts'
import { removePerson } from './postgres-removal.ts'
import { BLOCK } from './postgres-schema.ts'
import type { Erasing, Scoring } from './store.ts'

export interface Ending {
  readonly tx: Transaction
  readonly scoring: Scoring
  /** The next place in the log. */
  readonly place: () => number
}

/** What is done to a few people takes few places in the log: a block of them is enough. */
export const endingIn = async ({ tx, scoring, begun }: Group): Promise<Ending> => {
  let next = (await begun).block * BLOCK - 1
  const place = (): number => {
    next += 1
    return next
  }
  return { tx, scoring, place }
}

export interface EndsOptions {
  readonly newId: () => string
  readonly now: () => number
  /** In which of the rows of a count this collector counts. */
  readonly lane: number
}

/** Each works within the transaction of a caller who has locked the person, and answers how many events they had. */
export type Ends = Readonly<Record<Erasing['mode'], (ending: Ending, person: Person) => Promise<number>>>

export const createPostgresEnds = ({ newId, now, lane }: EndsOptions): Ends => ({
  erase: async ({ tx, scoring }, person) => {
    const events = await createPostgresPersons(tx).events(person)
    await recount(tx, person, { forgetsMoves: true, scoring, lane })
    await removePerson(tx, person, events)
    return events.length
  },
  anonymize: async ({ tx, scoring, place }, person) => {
    const stored = await createPostgresPersons(tx).events(person)
    const names = namesOf(person).map(({ value }) => value)
    const fold = scoring.foldOf(person.site)
    const remains = remainsOf(stored, { names, prefix: newId(), fold, now: now() })
    await recount(tx, person, { next: remains.state, forgetsMoves: false, scoring, lane })
    const n = await inherit(tx, person, remains.ruleOf)
    await removePerson(tx, person, stored)
    await writeNobody(tx, { n, id: newId(), site: person.site, remains, scoring, changed: place() })
    return stored.length
  },
})
