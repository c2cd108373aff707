/** Fires a signal on a visitor: limit, cap, ledger row, and what else it does. The only code that gives points. */
import { DAY } from './calendar.ts'
import type { Group, Model, Signal } from './model.ts'
import { type Award, adjust, apply, coolsTo, fade, rawAt } from './score.ts'
import type { Firing } from './signal.ts'
import type { VisitorState } from './state.ts'

/** One row per applied signal. Rows with applied 0 are kept: they explain the cap. */
export interface LedgerEntry {
  readonly event: string
  readonly at: number
  readonly signal: string
  readonly group: Group
  readonly points: number
  readonly applied: number
  readonly rule: string
}

/** A change of stage, qualification or flag, at the instant it happened. */
export interface Transition {
  readonly what: 'stage' | 'qualification' | 'flag'
  readonly from: string
  readonly to: string
  readonly at: number
  /** The event that caused it; undefined when time alone did. */
  readonly event: string | undefined
  readonly rule: string
  readonly score: number
}

/** What folding leaves behind beside the state. Without `ledger`, no rows are made. */
export interface Effects {
  readonly ledger?: LedgerEntry[]
  readonly transitions: Transition[]
}

/** When, and by which event. */
export interface Cause {
  readonly at: number
  readonly event: string
}

export type GiveAward = (state: VisitorState, firing: Firing, cause: Cause, effects: Effects) => boolean

/** Answers whether the signal fired: unknown ones and those over their limit do not. */
export const createAward = (model: Model): GiveAward => {
  const activity = new Set(model.cartAbandon.activity)
  const ended = new Set(model.cartAbandon.endedBy)
  return (state, { signal, rule }, cause, effects) => {
    const rules = Object.hasOwn(model.signals, signal) ? model.signals[signal] : undefined
    if (!rules) return false
    if (activity.has(signal)) state.cart = { at: cause.at, event: cause.event }
    if (ended.has(signal)) state.cart = undefined
    if (!note(state, { signal, at: cause.at }, rules.limit)) return false
    if (rules.group) {
      const { group, points } = rules
      const { at, event } = cause
      addPoints(state, { group, points, at, signal, rule, event, change: apply }, { model, effects })
      state.evidence[rules.group] = cause.at
    }
    if (rules.effect === 'reset') resetIntent(state, { signal, rule, cause }, { model, effects })
    return true
  }
}

/** Writes the firing down; answers false where it is over the limit. Of a signal without one, only the last is kept. */
const note = (state: VisitorState, { signal, at }: { signal: string; at: number }, limit: Signal['limit']): boolean => {
  state.firings[signal] ??= []
  const times = state.firings[signal]
  const since = limit?.days === undefined ? Number.NEGATIVE_INFINITY : at - limit.days * DAY
  let past = 0
  while (past < times.length && times[past]! <= since) past += 1
  if (limit ? past > 0 : times.length > 0) times.splice(0, limit ? past : times.length)
  if (limit && times.length >= limit.times) return false
  times.push(at)
  return true
}

interface Points extends Award, Firing {
  readonly event: string
  /** `apply` for signals, `adjust` for what a hand does. */
  readonly change: typeof apply
}

/** Changes the heat and writes the ledger row; keeps count of since when the score is low. */
export const addPoints = (
  state: VisitorState,
  points: Points,
  { model, effects }: { model: Model; effects: Effects },
): void => {
  const { at, signal } = points
  const level = model.qualification.lapse.score
  if (state.lowSince === undefined && rawAt(state.heat, at, model) < level)
    state.lowSince = coolsTo(state.heat, level, model)
  const applied = points.change(state.heat, points, model)
  state.lowSince = rawAt(state.heat, at, model) < level ? (state.lowSince ?? at) : undefined
  const carried = state.carried[signal]
  const before = carried ? carried[0] * fade(at - carried[1], model.halfLifeDays) : 0
  state.carried[signal] = [applied + before, at, carried?.[2] ?? at]
  effects.ledger?.push({
    event: points.event,
    at,
    signal,
    group: points.group,
    points: points.points,
    applied,
    rule: points.rule,
  })
}

/** Takes the intent group to zero; what intent was shown before holds no stage and proves nothing any more. */
const resetIntent = (
  state: VisitorState,
  { signal, rule, cause }: Firing & { cause: Cause },
  shell: { model: Model; effects: Effects },
): void => {
  const left = state.heat.intent * fade(cause.at - state.heat.at, shell.model.halfLifeDays)
  const points = { group: 'intent', points: -left, at: cause.at } as const
  addPoints(state, { ...points, signal, rule, event: cause.event, change: adjust }, shell)
  state.resetAt = cause.at
  delete state.evidence.intent
}

/** When a signal last fired, if that still proves something. */
export const lastProof = (state: VisitorState, signal: string, model: Model): number | undefined => {
  const times = state.firings[signal]
  const at = times?.[times.length - 1]
  if (at === undefined || state.resetAt === undefined || at > state.resetAt) return at
  return model.signals[signal]?.group === 'intent' ? undefined : at
}
