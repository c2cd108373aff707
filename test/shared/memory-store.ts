/** A store in memory for the pure append: keeps and does not think, and remembers every transition it was told. */
import { type Append, type Changes, createAppend, type Known, type Profile } from '../../shared/append.ts'
import type { Transition } from '../../shared/award.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import type { Fold } from '../../shared/visitor.ts'

export interface MemoryStore extends Append {
  readonly survivors: () => readonly Profile[]
  readonly historyOf: (profile: Profile) => readonly VisitorEvent[]
  /** Every transition written down of this person alone, in the order of writing. */
  readonly recorded: (profile: Profile) => readonly Transition[]
}

export const createMemoryStore = (fold: Fold): MemoryStore => {
  const profiles: Profile[] = []
  const roots = new Map<Profile, Profile>()
  const names = new Map<string, Profile>()
  const events = new Map<string, { readonly profile: Profile; readonly event: VisitorEvent }>()
  const transitions = new Map<Profile, Transition[]>()

  const rootOf = (profile: Profile): Profile => roots.get(profile) ?? profile
  const historyOf = (profile: Profile): readonly VisitorEvent[] =>
    [...events.values()].filter((stored) => rootOf(stored.profile) === profile).map(({ event }) => event)

  const known: Known = {
    hasEvent: (_, id) => events.has(id),
    findProfile: (_, { kind, value }) => {
      const found = names.get(`${kind} ${value}`)
      return found && rootOf(found)
    },
    history: historyOf,
    newId: () => `p${profiles.length}`,
  }
  const changes: Changes = {
    insertEvent: (profile, event) => events.set(event.id, { profile, event }),
    insertProfile: (profile) => profiles.push(profile),
    setName: (profile, { kind, value }) => names.set(`${kind} ${value}`, profile),
    merge: (from, into) => {
      for (const profile of profiles) if (rootOf(profile) === from) roots.set(profile, into)
    },
    saveProfile: (profile, happened) => transitions.set(profile, [...(transitions.get(profile) ?? []), ...happened]),
  }
  return {
    ...createAppend(() => fold, known, changes),
    survivors: () => profiles.filter((profile) => !roots.has(profile)),
    historyOf,
    recorded: (profile) => transitions.get(profile) ?? [],
  }
}
