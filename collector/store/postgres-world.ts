/**
 * What a transaction on PostgreSQL has read, and what the core does with it in memory: nothing is written before the
 * work is done. So it can be begun again, where the work asks for what was not read.
 */
import type { Changes, Known, Profile } from '../../shared/append.ts'
import type { Transition } from '../../shared/award.ts'
import { type Counted, moveOf } from '../../shared/contribution.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import type { Name } from '../../shared/identity.ts'
import { type Counts, createCounts } from './counts.ts'
import { type Histories, type Person, stateOf } from './postgres-people.ts'
import { shardOfId, shardOfName } from './postgres-shard.ts'
import type { Scoring } from './store.ts'
import { type Row, recount, tallyOf } from './visitor-row.ts'

/** The events of one who was not expected to need them. */
export class Unread extends Error {
  readonly n: number
  constructor(n: number) {
    super(`The events of visitor ${n} were not read.`)
    this.n = n
  }
}

/** A visitor at work; `into`: whose part they are. */
export interface Somebody extends Row {
  n: number
  into?: Somebody | undefined
  /** As they stood in the store; undefined for someone new. */
  readonly person: Person | undefined
}

export interface Read extends Histories {
  /** The numbers of sites. */
  readonly sites: ReadonlyMap<string, number>
  readonly siteNames: ReadonlyMap<number, string>
  /** Visitors by their names: see `keyOf`. */
  readonly names: ReadonlyMap<string, number>
  readonly people: ReadonlyMap<number, Person>
  /** Ids of events that were not known before: see `keyOf`. */
  readonly fresh: ReadonlySet<string>
}

export interface Named {
  readonly site: number
  readonly name: Name
  readonly row: Somebody
  /** To whom it led before. */
  readonly before: number | undefined
}

export interface Joining {
  readonly from: Somebody
  readonly into: Somebody
  readonly at: number
}

/** What came of the work, to be written down. */
export interface World {
  readonly known: Pick<Known, 'hasEvent' | 'findProfile' | 'history'>
  readonly changes: Changes
  readonly at: (n: number) => Somebody
  readonly events: ReadonlyMap<Somebody, readonly VisitorEvent[]>
  readonly saved: ReadonlyMap<Somebody, readonly Transition[]>
  readonly named: ReadonlyMap<string, Named>
  readonly merged: readonly Joining[]
  readonly parted: readonly Joining[]
  readonly announced: readonly { readonly row: Somebody; readonly transitions: readonly Transition[] }[]
  readonly counts: Pick<Counts, 'take'>
}

export interface WorldOptions {
  readonly scoring: Scoring
  /** A number for somebody new, in this shard. */
  readonly numberIn: (shard: number) => number
}

export const keyOf = (site: string, id: string): string => `${site}\0${id}`
export const keyOfName = (site: string, { kind, value }: Name): string => `${site}\0${kind}\0${value}`

/** Where somebody's name leads: to the survivor. */
export const survivorOf = (row: Somebody): Somebody => (row.into ? survivorOf(row.into) : row)

const addTo = <Key, Item>(lists: Map<Key, Item[]>, key: Key, items: readonly Item[]): void => {
  const list = lists.get(key)
  if (list) list.push(...items)
  else lists.set(key, [...items])
}

export const createWorld = (read: Read, { scoring, numberIn }: WorldOptions): World => {
  const rows = new Map<number, Somebody>()
  const named = new Map<string, Named>()
  const taken = new Set<string>()
  const events = new Map<Somebody, VisitorEvent[]>()
  const saved = new Map<Somebody, Transition[]>()
  const merged: Joining[] = []
  const parted: Joining[] = []
  const announced: { row: Somebody; transitions: readonly Transition[] }[] = []
  const counts = createCounts()
  const parts = new Map(read.parts)

  const at = (n: number): Somebody => {
    const known = rows.get(n)
    if (known) return known
    const person = read.people.get(n)!
    const row: Somebody = { ...profileOf(person), into: person.root === null ? undefined : at(person.root) }
    rows.set(n, row)
    return row
  }

  const profileOf = (person: Person): Somebody => {
    const state = stateOf(person)
    const { n, id, user, email, root } = person
    // It is changed from now on: whoever begins again reads it anew.
    person.state = undefined
    // Whoever is part of another is counted there.
    const tally = state && root === null ? (person.tally ?? tallyOf(state, scoring.model)) : undefined
    const site = read.siteNames.get(person.site)!
    return { n, id, site, user: user ?? undefined, email: email ?? undefined, state, tally, person }
  }

  const count = (row: Somebody, state: Profile['state']): void => {
    const change = (before: readonly Counted[], after: readonly Counted[]) => counts.change(row.site, before, after)
    row.tally = recount(row.tally, state, { model: scoring.model, change })
  }

  /** Somebody new gets a number with their first name, and in its shard. */
  const numbered = (row: Somebody, shard: () => number): void => {
    if (row.n !== 0) return
    row.n = numberIn(shard())
    rows.set(row.n, row)
  }

  const historyOf = (n: number): readonly VisitorEvent[] => {
    const row = rows.get(n)
    const stored = row && !row.person ? [] : read.events.get(n)
    if (!stored) throw new Unread(n)
    return [...stored, ...((row && events.get(row)) ?? []), ...(parts.get(n) ?? []).flatMap(historyOf)]
  }

  const changes: Changes = {
    insertEvent: (profile, event) => {
      taken.add(keyOf(profile.site, event.id))
      addTo(events, profile as Somebody, [event])
    },
    insertProfile: (profile) => void Object.assign(profile, { n: 0, person: undefined }),
    setName: (profile, name) => {
      const [row, key, site] = [profile as Somebody, keyOfName(profile.site, name), read.sites.get(profile.site)!]
      numbered(row, () => shardOfName(site, name))
      named.set(key, { site, name, row, before: read.names.get(key) })
    },
    merge: (from, into, when) => {
      const [source, target] = [from as Somebody, into as Somebody]
      merged.push({ from: source, into: target, at: when })
      count(source, undefined)
      source.into = target
      parts.set(target.n, [...(parts.get(target.n) ?? []), source.n])
    },
    unmerge: (from, into, when) => {
      const source = from as Somebody
      parted.push({ from: source, into: into as Somebody, at: when })
      source.into = undefined
      for (const [n, list] of parts)
        if (list.includes(source.n))
          parts.set(
            n,
            list.filter((each) => each !== source.n),
          )
    },
    saveProfile: (profile, transitions) => {
      const row = profile as Somebody
      numbered(row, () => shardOfId(row.id))
      addTo(saved, row, transitions)
      for (const transition of transitions) counts.change(row.site, [], moveOf(transition, scoring.version))
      count(row, row.state)
    },
    announce: (profile, transitions) => void announced.push({ row: profile as Somebody, transitions }),
  }

  return {
    known: {
      hasEvent: (site, id) => {
        const key = keyOf(site, id)
        return !read.fresh.has(key) || taken.has(key)
      },
      findProfile: (site, name) => {
        const key = keyOfName(site, name)
        const now = named.get(key)?.row
        const n = read.names.get(key)
        return now ? survivorOf(now) : n === undefined ? undefined : survivorOf(at(n))
      },
      history: (profile) => {
        const row = profile as Somebody
        return row.n === 0 ? (events.get(row) ?? []) : historyOf(row.n)
      },
    },
    changes,
    at,
    events,
    saved,
    named,
    merged,
    parted,
    announced,
    counts,
  }
}
