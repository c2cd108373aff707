/** Reads on PostgreSQL all that the core may ask about events that arrive, and claims their ids. */
import type { Arriving } from '../../shared/append.ts'
import { emailIn, isJunk, type Name } from '../../shared/identity.ts'
import { isNext } from '../../shared/state.ts'
import { claimAndLock, type Id, type SiteName } from './postgres-claims.ts'
import type { Begun } from './postgres-group.ts'
import { type Locking, lockPeople, type Person, readHistories, stateOf } from './postgres-people.ts'
import { idHash, shardOfName } from './postgres-shard.ts'
import type { SiteNumbers } from './postgres-sites.ts'
import { keyOf, keyOfName, type Read } from './postgres-world.ts'

/** Every name under which the core may look for who did it. */
export const namesOf = ({ who, event }: Pick<Arriving, 'who' | 'event'>): readonly Name[] => {
  const { anonymous, user, also } = who
  const all: readonly (readonly [Name['kind'], string | undefined])[] = [
    ['anonymous', anonymous],
    ['user', user],
    ['email', emailIn(event)],
    ['anonymous', also],
    ['user', also],
  ]
  return all.flatMap(([kind, value]) => (value === undefined || isJunk(value) ? [] : [{ kind, value }]))
}

const distinctNames = (arriving: readonly Arriving[], sites: ReadonlyMap<string, number>): readonly SiteName[] => {
  const all = new Map<string, SiteName>()
  let last: Arriving | undefined
  for (const each of arriving) {
    const isSame = last?.who === each.who && last.site === each.site && emailIn(each.event) === undefined
    last = each
    // What was told together shares its names.
    if (isSame) continue
    const site = sites.get(each.site)!
    for (const name of namesOf(each)) {
      const key = keyOfName(each.site, name)
      if (!all.has(key)) all.set(key, { key, site, shard: shardOfName(site, name), name })
    }
  }
  return [...all.values()]
}

/** In the order in which everyone claims them. */
const distinctIds = (arriving: readonly Arriving[], sites: ReadonlyMap<string, number>): readonly Id[] => {
  const all = new Map<string, Id>()
  for (const { site, event } of arriving) {
    const key = keyOf(site, event.id)
    if (all.has(key)) continue
    const n = sites.get(site)!
    all.set(key, { key, site: n, ...idHash(n, event.id) })
  }
  const order = (a: Id, b: Id): number => a.shard - b.shard || a.site - b.site || (a.hash < b.hash ? -1 : 1)
  return [...all.values()].sort(order)
}

/** Whose events the core will need: something comes late, or two turn out to be one. */
const likelyStale = (arriving: readonly Arriving[], { names, people }: Pick<Read, 'names' | 'people'>) => {
  const stale = new Set<number>()
  const survivor = (person: Person): Person => (person.root === null ? person : survivor(people.get(person.root)!))
  for (const each of arriving) {
    const found = new Set<Person>()
    for (const name of namesOf(each)) {
      const n = names.get(keyOfName(each.site, name))
      if (n !== undefined) found.add(survivor(people.get(n)!))
    }
    for (const person of found) {
      const state = stateOf(person)
      if (found.size > 1 || (state && !isNext(state, each.event))) stale.add(person.n)
    }
  }
  return stale
}

export interface Arrivals extends Locking {
  readonly sites: SiteNumbers
  readonly begun: Promise<Begun>
  /** To whom names led when they were last looked up here; what is found now is added. */
  readonly leads: Map<string, number>
}

/** Of those whom an arrival comes from. */
export const sitesOf = (arriving: readonly Arriving[]): readonly string[] => [
  ...new Set(arriving.map(({ site }) => site)),
]

export const readArrivals = async (arriving: readonly Arriving[], reading: Arrivals): Promise<Read> => {
  const { tx, sites, leads } = reading
  const ids = distinctIds(arriving, sites.numbers)
  const named = distinctNames(arriving, sites.numbers)
  const [begun, { fresh, names, people }] = await Promise.all([
    reading.begun,
    claimAndLock({ ...reading, ids, names: named }),
  ])
  sites.check(sitesOf(arriving), begun.sites)
  // Who had become part of somebody only when they were locked, or of one who is part of somebody.
  await lockPeople(reading, unheld(people), people)
  for (const [key, n] of names) leads.set(key, people.get(n)!.root ?? n)
  const histories = { events: new Map(), parts: new Map() }
  const fresher = arriving.filter(({ site, event }) => fresh.has(keyOf(site, event.id)))
  await readHistories(tx, [...likelyStale(fresher, { names, people })], histories)
  return { sites: sites.numbers, siteNames: sites.names, names, people, fresh, ...histories }
}

const unheld = (people: ReadonlyMap<number, Person>): readonly number[] =>
  [...people.values()].flatMap(({ root }) => (root === null || people.has(root) ? [] : [root]))
