/** A store in memory for the pure append: keeps and does not think, and remembers every transition it was told. */
import { type Append, type Changes, createAppend, type Known, type Profile } from '../../shared/append.ts'
import type { Transition } from '../../shared/award.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import type { Name } from '../../shared/identity.ts'
import type { Fold } from '../../shared/visitor.ts'

export interface MemoryStore extends Append {
  readonly survivors: () => readonly Profile[]
  /** Those merged into others included, in the order in which they came. */
  readonly profiles: readonly Profile[]
  readonly merged: () => readonly Profile[]
  readonly rootOf: (profile: Profile) => Profile
  readonly named: (name: Name) => Profile | undefined
  readonly historyOf: (profile: Profile) => readonly VisitorEvent[]
  /** Every transition written down of this person alone, in the order of writing. */
  readonly recorded: (profile: Profile) => readonly Transition[]
  /** Every transition that others were told of. */
  readonly announced: readonly Transition[]
  /** How often a profile was saved. */
  readonly saves: () => number
  /** How often somebody was rebuilt from all their events. */
  readonly replays: () => number
  /** Writing the n-th event from now fails, as when the disk is full. */
  readonly breakAt: (n: number) => void
}

export const createMemoryStore = (fold: Fold): MemoryStore => {
  const profiles: Profile[] = []
  const merges = new Map<Profile, Profile>()
  const names = new Map<string, Profile>()
  const events = new Map<string, { readonly profile: Profile; readonly event: VisitorEvent }>()
  const transitions = new Map<Profile, Transition[]>()
  const announced: Transition[] = []
  let saves = 0
  let replays = 0
  let breaksAt = 0
  let now = 0

  const rootOf = (profile: Profile): Profile => {
    const into = merges.get(profile)
    return into ? rootOf(into) : profile
  }
  const historyOf = (profile: Profile): readonly VisitorEvent[] =>
    [...events.values()].filter((stored) => rootOf(stored.profile) === profile).map(({ event }) => event)

  const known: Known = {
    hasEvent: (site, id) => events.has(`${site} ${id}`),
    findProfile: (site, { kind, value }) => {
      const found = names.get(`${site} ${kind} ${value}`)
      return found && rootOf(found)
    },
    history: (profile) => {
      replays += 1
      return historyOf(profile)
    },
    newId: () => `p${profiles.length}`,
    now: () => now,
  }
  const changes: Changes = {
    insertEvent: (profile, event) => {
      breaksAt -= 1
      if (breaksAt === 0) throw new Error('disk full')
      events.set(`${profile.site} ${event.id}`, { profile, event })
    },
    insertProfile: (profile) => profiles.push(profile),
    setName: (profile, { kind, value }) => names.set(`${profile.site} ${kind} ${value}`, profile),
    merge: (from, into) => merges.set(from, into),
    unmerge: (from) => merges.delete(from),
    saveProfile: (profile, happened) => {
      saves += 1
      transitions.set(profile, [...(transitions.get(profile) ?? []), ...happened])
    },
    announce: (_, happened) => announced.push(...happened),
  }
  const append = createAppend(() => fold, known, changes)
  return {
    ...append,
    wake: (profile, at) => {
      now = Math.max(now, at)
      append.wake(profile, at)
    },
    survivors: () => profiles.filter((profile) => !merges.has(profile)),
    profiles,
    merged: () => [...merges.keys()],
    rootOf,
    named: (name) => known.findProfile('s', name),
    historyOf,
    recorded: (profile) => transitions.get(profile) ?? [],
    announced,
    saves: () => saves,
    replays: () => replays,
    breakAt: (n) => {
      breaksAt = n
    },
  }
}
