/** Reads on PostgreSQL all that the core may ask about events that arrive, in two rounds, and claims their ids. */
import type { Arriving } from '../../shared/append.ts'
import { emailIn, isJunk, type Name } from '../../shared/identity.ts'
import { isNext } from '../../shared/state.ts'
import type { Transaction } from './postgres.ts'
import { numbers, texts } from './postgres-array.ts'
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

interface SiteName {
  readonly key: string
  readonly site: number
  readonly shard: number
  readonly name: Name
}

interface Id {
  readonly key: string
  readonly site: number
  readonly shard: number
  readonly hash: string
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

/** Claims ids; answers which of them nobody had claimed before. Waits for who is just claiming one of them. */
export const claimIds = async (tx: Transaction, ids: readonly Id[]): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set()
  const [row] = await tx<{ count: number; claimed: string[] | null }[]>`
    WITH claimed AS (
      INSERT INTO event_id (shard, site, hash)
      SELECT * FROM unnest(${numbers(ids.map(({ shard }) => shard))}::smallint[],
        ${numbers(ids.map(({ site }) => site))}::integer[], ${numbers(ids.map(({ hash }) => hash))}::bigint[])
      ON CONFLICT DO NOTHING RETURNING site, hash
    )
    SELECT count(*)::integer AS count, CASE WHEN count(*) < ${ids.length} THEN json_agg(site || ' ' || hash) END AS claimed
    FROM claimed`.execute()
  const { count, claimed } = row!
  if (count === ids.length) return new Set(ids.map(({ key }) => key))
  const some = new Set(claimed ?? [])
  return new Set(ids.filter(({ site, hash }) => some.has(`${site} ${hash}`)).map(({ key }) => key))
}

export const claimId = async (tx: Transaction, site: number, id: string): Promise<boolean> =>
  (await claimIds(tx, [{ key: id, site, ...idHash(site, id) }])).size > 0

interface Found {
  readonly at: number
  readonly n: number
  readonly root: number | null
}

const findNames = async (tx: Transaction, names: readonly SiteName[], version: number): Promise<readonly Found[]> => {
  if (names.length === 0) return []
  // OFFSET keeps each in its place: planned while the tables are small, it would be read from its other end, through all.
  return await tx<Found[]>`
    SELECT k.at, v.n, v.root
    FROM unnest(${numbers(names.map(({ shard }) => shard))}::smallint[],
      ${numbers(names.map(({ site }) => site))}::integer[], ${texts(names.map(({ name }) => name.kind))}::text[],
      ${texts(names.map(({ name }) => name.value))}::text[]) WITH ORDINALITY AS k (shard, site, kind, value, at)
    CROSS JOIN LATERAL (
      SELECT x.visitor FROM name x
      WHERE x.shard = k.shard AND x.site = k.site AND x.kind = k.kind AND x.value = k.value OFFSET 0
    ) x
    CROSS JOIN LATERAL (
      SELECT v.n, v.root FROM visitor v
      WHERE v.shard = (x.visitor % 1024)::smallint AND v.n = x.visitor AND v.version = ${version} OFFSET 0
    ) v`.execute()
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
  readonly block: Promise<number>
}

export const readArrivals = async (arriving: readonly Arriving[], reading: Arrivals): Promise<Read> => {
  const { tx, sites, block, version } = reading
  const ids = distinctIds(arriving, sites.numbers)
  const named = distinctNames(arriving, sites.numbers)
  const [, , fresh, found] = await Promise.all([
    block,
    sites.check(tx, [...new Set(arriving.map(({ site }) => site))]),
    claimIds(tx, ids),
    findNames(tx, named, version),
  ])
  const names = new Map(found.map(({ at, n }) => [named[at - 1]!.key, n]))
  const people = await lockPeople(
    reading,
    found.flatMap(({ n, root }) => (root === null ? [n] : [n, root])),
  )
  const histories = { events: new Map(), parts: new Map() }
  const fresher = arriving.filter(({ site, event }) => fresh.has(keyOf(site, event.id)))
  await readHistories(tx, [...likelyStale(fresher, { names, people })], histories)
  return { sites: sites.numbers, siteNames: sites.names, names, people, fresh, ...histories }
}
