/** Starts a fold from what is left of deleted events, and joins that with a past that another person brings to a merge. */
import { STAGES } from './answer.ts'
import type { LedgerEntry } from './award.ts'
import type { OpeningEvent } from './event.ts'
import type { Model } from './model.ts'
import { type PackedState, pack, unpack } from './pack.ts'
import { decayTo, fade, type Heat } from './score.ts'
import type { VisitorState } from './state.ts'

const GROUPS = ['discover', 'engage', 'evaluate', 'intent', 'penalty'] as const

/** The entry that stands for events up to and including one of that instant. */
export const openingOf = (
  state: VisitorState,
  { id, at }: { readonly id: string; readonly at: number },
): OpeningEvent => ({
  ...{ id, at, source: 'server', type: 'opening' },
  state: JSON.stringify(pack(state)),
})

/** The state as it was when the entry was made. */
export const stateIn = (text: string): VisitorState => unpack(JSON.parse(text) as PackedState)

/** The state an opening holds. What it is worth stands in the ledger, group by group. */
export const opened = ({ id, at, state: text }: OpeningEvent, ledger: LedgerEntry[] | undefined): VisitorState => {
  const state: VisitorState = { ...stateIn(text), lastEvent: id, lastSeen: at }
  for (const group of GROUPS) {
    const points = state.heat[group]
    if (points === 0) continue
    const rule = 'what was left of events that are deleted by now'
    ledger?.push({ event: id, at: state.heat.at, signal: 'opening', group, points, applied: points, rule })
  }
  return state
}

/** Two pasts as one, as near as can be: what the caps would have held back of their events is not known any more. */
export const joined = (one: VisitorState, other: VisitorState, model: Model): VisitorState => {
  const [first, last] = one.firstSeen <= other.firstSeen ? [one, other] : [other, one]
  const stages = [one, other].toSorted((a, b) => STAGES.indexOf(b.stage) - STAGES.indexOf(a.stage))
  return {
    ...first,
    ...last,
    ...amountsOf(one, other, model),
    ...momentsOf(one, other),
    stage: stages[0]!.stage,
    stageSince: stages[0]!.stageSince,
    furthest: STAGES[Math.max(STAGES.indexOf(one.furthest), STAGES.indexOf(other.furthest))]!,
    traits: { ...one.traits, ...other.traits },
    account: other.account ?? one.account,
    consent: other.consent ?? one.consent,
    customer: one.customer ?? other.customer,
    seen: joinedBy(one.seen ?? {}, other.seen ?? {}, (a, b) => [...new Set([...a, ...b])]),
    source: { first: first.source.first ?? last.source.first, last: last.source.last ?? first.source.last },
    open: [...one.open, ...other.open].slice(-20),
    lastEvent: other.lastEvent,
  }
}

const amountsOf = (one: VisitorState, other: VisitorState, model: Model) => {
  const worth = ([points, at]: readonly [number, number, ...number[]], then: number): number =>
    points * fade(then - at, model.halfLifeDays)
  return {
    heat: heatOf(one.heat, other.heat, model),
    views: one.views + other.views,
    engagedSeconds: one.engagedSeconds + other.engagedSeconds,
    session: other.session && { ...other.session, number: other.session.number + (one.session?.number ?? 0) },
    carried: joinedBy(one.carried, other.carried, (a, b) => {
      const at = Math.max(a[1], b[1])
      return [worth(a, at) + worth(b, at), at, Math.min(a[2], b[2])] as const
    }),
    topics: joinedBy(one.topics ?? {}, other.topics ?? {}, (a, b) => {
      const at = Math.max(a[1], b[1])
      return [worth([...a, 0], at) + worth([...b, 0], at), at] as const
    }),
  }
}

const heatOf = (one: Heat, other: Heat, model: Model): Heat => {
  const at = Math.max(one.at, other.at)
  const [a, b] = [one, other].map((heat) => {
    const copy = { ...heat }
    decayTo(copy, at, model)
    return copy
  }) as [Heat, Heat]
  const heat = { ...a, fast: a.fast + b.fast }
  for (const group of GROUPS) {
    const [cap, sum] = [model.caps[group], a[group] + b[group]]
    heat[group] = cap < 0 ? Math.max(cap, sum) : Math.min(cap, sum)
  }
  return heat
}

/** What is the earliest, the latest, or in the order of time. */
const momentsOf = (one: VisitorState, other: VisitorState) => ({
  firstSeen: Math.min(one.firstSeen, other.firstSeen),
  lastSeen: Math.max(one.lastSeen, other.lastSeen),
  advancedAt: Math.max(one.advancedAt, other.advancedAt),
  firings: joinedBy(one.firings, other.firings, inTime),
  evidence: joinedBy(one.evidence, other.evidence, (a, b) => Math.max(a, b)),
  entered: joinedBy(one.entered, other.entered, (a, b) => Math.min(a, b)),
  qualified: joinedBy(one.qualified ?? {}, other.qualified ?? {}, (a, b) => Math.min(a, b)),
  flags: joinedBy(one.flags, other.flags, (a, b) => Math.min(a, b)),
  commercial: inTime(one.commercial, other.commercial).slice(-100),
})

const inTime = (a: readonly number[], b: readonly number[]): number[] => [...a, ...b].sort((x, y) => x - y)

/** Both tables as one; what is in both is made one of. */
const joinedBy = <Value>(
  one: Readonly<Record<string, Value | undefined>>,
  other: Readonly<Record<string, Value | undefined>>,
  join: (a: Value, b: Value) => Value,
): Record<string, Value> => {
  const all = new Map(Object.entries(one) as [string, Value][])
  for (const [name, value] of Object.entries(other) as [string, Value][]) {
    const known = all.get(name)
    all.set(name, known === undefined ? value : join(known, value))
  }
  return Object.fromEntries(all)
}
