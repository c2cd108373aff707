/**
 * What becomes of arriving events: whom each belongs to, what it changes, what must be kept. Pure: a store tells what is
 * known, and writes down what changed, in one transaction of its own.
 */
import type { Effects, Transition } from './award.ts'
import type { VisitorEvent } from './event.ts'
import { inOrder } from './event.ts'
import { assign, emailIn, isJunk, type Name, type Person, type Who } from './identity.ts'
import { isNext, type VisitorState } from './state.ts'
import type { Fold } from './visitor.ts'

/** A visitor as a store keeps them. */
export interface Profile extends Person {
  readonly site: string
  user?: string | undefined
  email?: string | undefined
  state: VisitorState | undefined
}

/** An event with its site and the names of who did it. */
export interface Arriving {
  readonly site: string
  readonly who: Who
  readonly event: VisitorEvent
}

/** What a store can tell, as of its present transaction and of the changes so far. */
export interface Known {
  readonly hasEvent: (site: string, id: string) => boolean
  readonly findProfile: (site: string, name: Name) => Profile | undefined
  /** Every stored event of a person, those of the people merged into them included. In any order. */
  readonly history: (profile: Profile) => readonly VisitorEvent[]
  readonly newId: () => string
  readonly now: () => number
}

/** What a store is to write down. The store may do so at once: nothing is ever taken back. */
export interface Changes {
  readonly insertEvent: (profile: Profile, event: VisitorEvent) => void
  readonly insertProfile: (profile: Profile) => void
  readonly setName: (profile: Profile, name: Name) => void
  /** `from` is from now on part of `into`. */
  readonly merge: (from: Profile, into: Profile, at: number) => void
  /** `from` stands for itself again, with the names and events it had, and with those once merged into it. */
  readonly unmerge: (from: Profile, into: Profile, at: number) => void
  /** The state changed, and these transitions happened. */
  readonly saveProfile: (profile: Profile, transitions: readonly Transition[]) => void
  /** These transitions have just happened, and are in `saveProfile` already: others may want to hear of them. */
  readonly announce: (profile: Profile, transitions: readonly Transition[]) => void
}

/** `erased`: of somebody who was erased meanwhile; nothing of it is kept. */
export type Receipt = 'accepted' | 'duplicate' | 'erased'

export interface Append {
  /** Takes events that arrived together; answers what became of each. Every profile touched is saved once. */
  readonly append: (arriving: readonly Arriving[]) => readonly Receipt[]
  /** Takes what is said of somebody, whatever their names: what sales makes of them, points given by hand. */
  readonly tell: (profile: Profile, event: VisitorEvent) => void
  /** Brings a profile up to `now`: what falls due by time alone. */
  readonly wake: (profile: Profile, now: number) => void
  /** Joins two people by hand. */
  readonly merge: (from: Profile, into: Profile, at: number) => void
  /** Takes apart what a merge has joined. */
  readonly unmerge: (from: Profile, into: Profile, at: number) => void
  /** Rebuilds a profile from its events. Tells nobody. */
  readonly replay: (profile: Profile) => void
}

/** What was done to a profile in this append, before it is saved. */
interface Work {
  readonly transitions: Transition[]
  /** Events that are in the log, but not folded yet. */
  fresh: VisitorEvent[]
  /** It must be rebuilt from its events: something came late, or people were joined. */
  isStale: boolean
  /** Nothing happened: it is only worked out anew. */
  isSilent?: boolean
}

/** `foldOf` gives the fold of a site: all share the model, a site may prepend page rules. */
export const createAppend = (foldOf: (site: string) => Fold, known: Known, changes: Changes): Append => {
  const touched = new Map<Profile, Work>()
  /** To whom the last names led, in this append. */
  let latest: { readonly site: string; readonly who: Who; readonly profile: Profile } | undefined

  const workOn = (profile: Profile): Work => {
    const work = touched.get(profile) ?? { transitions: [], fresh: [], isStale: false }
    touched.set(profile, work)
    return work
  }

  const newProfile = (site: string): Profile => {
    const profile: Profile = { id: known.newId(), site, state: undefined }
    changes.insertProfile(profile)
    return profile
  }

  const join = (from: Profile, into: Profile, at: number): void => {
    const work = touched.get(from)
    // What happened to them alone is history, and what an undoing goes back to.
    if (work) finish(from, work)
    foldFresh(into, workOn(into))
    changes.merge(from, into, at)
    into.user ??= from.user
    into.email ??= from.email
    workOn(into).isStale = true
  }

  const part = (from: Profile, into: Profile, at: number): void => {
    changes.unmerge(from, into, at)
    // A name leads to one person: what both have came with the merge.
    if (into.user === from.user) into.user = undefined
    if (into.email === from.email) into.email = undefined
    for (const profile of [from, into]) workOn(profile).isStale = true
  }

  /** Events of one body share their names: they are looked up once, unless something may have led them elsewhere. */
  const profileOf = (arriving: Arriving): Profile => {
    const { site, who, event } = arriving
    if (latest?.who === who && latest.site === site && emailIn(event) === undefined) return latest.profile
    const profile = lookUp(arriving)
    // Under a name that is none, each event is somebody else's.
    if (who.anonymous !== undefined && !isJunk(who.anonymous)) latest = { site, who, profile }
    return profile
  }

  const lookUp = ({ site, who, event }: Arriving): Profile => {
    const email = emailIn(event)
    const find = (name: Name) => known.findProfile(site, name)
    const { person, absorbs, names } = assign({ who, email, trusted: event.source === 'server' }, find)
    const profile = (person as Profile | undefined) ?? newProfile(site)
    for (const other of absorbs) join(other as Profile, profile, event.at)
    for (const name of names) if (find(name) !== profile) changes.setName(profile, name)
    profile.user ??= names.find(({ kind }) => kind === 'user')?.value
    profile.email = email ?? profile.email
    return profile
  }

  const take = (arriving: Arriving): Receipt => {
    const { site, event } = arriving
    if (known.hasEvent(site, event.id)) return 'duplicate'
    put(profileOf(arriving), event)
    return 'accepted'
  }

  const put = (profile: Profile, event: VisitorEvent): void => {
    changes.insertEvent(profile, event)
    workOn(profile).fresh.push(event)
  }

  /** Folds what came together in the order in which it happened: no batch is late by its own shuffling. */
  const foldFresh = (profile: Profile, work: Work): void => {
    const fold = foldOf(profile.site)
    for (const event of sorted(work.fresh)) {
      if (profile.state && !isNext(profile.state, event)) work.isStale = true
      if (!work.isStale) profile.state = fold.fold(profile.state, event, work)
    }
    work.fresh = []
  }

  const replay = (profile: Profile, work: Work): void => {
    const before = profile.state
    const effects: Effects = { transitions: [] }
    const fold = foldOf(profile.site)
    profile.state = replayed(fold, known.history(profile), effects)
    // What time had brought about is not taken back only to happen again.
    if (before && profile.state) fold.advance(profile.state, Math.max(known.now(), before.advancedAt), effects)
    if (before && profile.state) work.transitions.push(...differences(before, profile.state, effects.transitions))
    else work.transitions.push(...effects.transitions)
  }

  const finish = (profile: Profile, work: Work): void => {
    foldFresh(profile, work)
    if (work.isStale) replay(profile, work)
    changes.saveProfile(profile, work.transitions)
    if (work.transitions.length > 0 && !work.isSilent) changes.announce(profile, work.transitions)
    touched.delete(profile)
  }

  /** Works, then saves whom it touched; what failed leaves nothing behind for the next. */
  const saving = <Result>(work: () => Result): Result => {
    try {
      const result = work()
      for (const [profile, work] of touched) finish(profile, work)
      return result
    } finally {
      touched.clear()
      latest = undefined
    }
  }

  return {
    append: (arriving) => saving(() => arriving.map(take)),
    tell: (profile, event) => saving(() => put(profile, event)),
    wake: (profile, now) =>
      saving(() => {
        if (profile.state) foldOf(profile.site).advance(profile.state, now, workOn(profile))
      }),
    merge: (from, into, at) => saving(() => join(from, into, at)),
    unmerge: (from, into, at) => saving(() => part(from, into, at)),
    replay: (profile) =>
      saving(() => {
        Object.assign(workOn(profile), { isStale: true, isSilent: true })
      }),
  }
}

/** The state of a visitor from all their events, in any order given. Undefined for none. */
export const replayed = (fold: Fold, events: readonly VisitorEvent[], effects: Effects): VisitorState | undefined => {
  let state: VisitorState | undefined
  for (const event of sorted(events)) state = fold.fold(state, event, effects)
  return state
}

/** Most histories are in order as they are read. */
const sorted = (events: readonly VisitorEvent[]): readonly VisitorEvent[] =>
  events.every((event, i) => i === 0 || inOrder(events[i - 1]!, event) <= 0) ? events : events.toSorted(inOrder)

/**
 * What a replay changed. Transitions recorded before are history and stay; where a replay ends elsewhere than live
 * folding did, the replay's own transition to that place is recorded.
 */
const differences = (
  before: VisitorState,
  after: VisitorState,
  replayed: readonly Transition[],
): readonly Transition[] => {
  const now = new Set(Object.keys(after.flags))
  const gone = Object.keys(before.flags).filter((flag) => !now.has(flag))
  const last = (what: Transition['what'], to: string) =>
    replayed.findLast((each) => each.what === what && each.to === to)
  const lowered = (flag: string) => replayed.findLast((each) => each.what === 'flag' && each.from === flag)
  const moved = (what: 'stage' | 'qualification'): readonly Transition[] => {
    const from = before[what]
    const to = after[what]
    if (from === to) return []
    const step = last(what, to) ?? { at: after[`${what}Since`], event: undefined, rule: 'a late event', score: 0 }
    return [{ ...step, what, from, to }]
  }
  return [
    ...moved('stage'),
    ...moved('qualification'),
    ...[...now].filter((flag) => !(flag in before.flags)).flatMap((flag) => last('flag', flag) ?? []),
    ...gone.map((flag): Transition => {
      const step = { at: after.lastSeen, event: undefined, rule: 'a late event', score: 0, from: flag }
      return { ...(lowered(flag) ?? step), what: 'flag', to: '' }
    }),
  ]
}
