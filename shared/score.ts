/** Points that fade: five capped groups under one half-life, and what can be known of them without waiting. */
import { DAY } from './calendar.ts'
import type { Group, Model } from './model.ts'

/** The sums of a visitor's applied points, each decayed to the instant `at` (epoch ms). `fast` fades quicker. */
export interface Heat {
  at: number
  discover: number
  engage: number
  evaluate: number
  intent: number
  penalty: number
  fast: number
}

export type Scale = Pick<Model, 'caps' | 'halfLifeDays' | 'momentumHalfLifeDays'>

export const coldAt = (at: number): Heat => ({
  at,
  discover: 0,
  engage: 0,
  evaluate: 0,
  intent: 0,
  penalty: 0,
  fast: 0,
})

/** How much of a point is left after `elapsed` ms, 0 to 1. */
export const fade = (elapsed: number, halfLifeDays: number): number =>
  elapsed === 0 ? 1 : 2 ** (-elapsed / (halfLifeDays * DAY))

/** Decays every sum to `at`, in place. */
export const decayTo = (heat: Heat, at: number, scale: Scale): void => {
  if (at <= heat.at) return
  const slow = fade(at - heat.at, scale.halfLifeDays)
  heat.discover *= slow
  heat.engage *= slow
  heat.evaluate *= slow
  heat.intent *= slow
  heat.penalty *= slow
  heat.fast *= fade(at - heat.at, scale.momentumHalfLifeDays)
  heat.at = at
}

/**
 * Adds points to a group at `at`, in place; returns what the cap let through. The cap applies when adding, not when
 * reading, or a burst would stay hot for months.
 */
export const apply = (heat: Heat, { group, points, at }: Award, scale: Scale): number => {
  decayTo(heat, at, scale)
  const cap = scale.caps[group]
  const room = cap - heat[group]
  const applied = cap < 0 ? Math.min(0, Math.max(points, room)) : Math.max(0, Math.min(points, room))
  return put(heat, group, applied)
}

/** Adds points of either sign that no cap holds back, but never takes a group past its bounds. */
export const adjust = (heat: Heat, { group, points, at }: Award, scale: Scale): number => {
  decayTo(heat, at, scale)
  const cap = scale.caps[group]
  const [low, high] = cap < 0 ? [cap, 0] : [0, cap]
  return put(heat, group, Math.min(high, Math.max(low, heat[group] + points)) - heat[group])
}

export interface Award {
  readonly group: Group
  readonly points: number
  readonly at: number
}

const put = (heat: Heat, group: Group, applied: number): number => {
  heat[group] += applied
  heat.fast += applied
  return applied
}

const rawNow = (heat: Heat): number => heat.discover + heat.engage + heat.evaluate + heat.intent + heat.penalty

/** The sum at `at`, penalties included: may be negative. */
export const rawAt = (heat: Heat, at: number, { halfLifeDays }: Scale): number =>
  rawNow(heat) * fade(at - heat.at, halfLifeDays)

/** The live score at `at`, 0 to 100. */
export const scoreAt = (heat: Heat, at: number, scale: Scale): number =>
  Math.min(100, Math.max(0, rawAt(heat, at, scale)))

/**
 * The key whose order is the order of live scores at every instant: log2(score) + t / half-life. Undefined when there is
 * no score. Source: forward decay, Cormode, Shkapenyuk, Srivastava and Xu, ICDE 2009.
 */
export const heatKey = (heat: Heat, { halfLifeDays }: Scale): number | undefined => {
  const raw = rawNow(heat)
  return raw > 0 ? Math.log2(raw) + heat.at / (halfLifeDays * DAY) : undefined
}

/** The same without penalties: what the heat would be at most. */
export const warmthKey = (heat: Heat, { halfLifeDays }: Scale): number | undefined => {
  const warm = heat.discover + heat.engage + heat.evaluate + heat.intent
  return warm > 0 ? Math.log2(warm) + heat.at / (halfLifeDays * DAY) : undefined
}

/** The heat key of one who has exactly `score` at `at`: "score ≥ x now" is "key ≥ keyOf(x, now)". */
export const keyOf = (score: number, at: number, { halfLifeDays }: Scale): number =>
  Math.log2(score) + at / (halfLifeDays * DAY)

/** The live score of a heat key at `at`. */
export const scoreOfKey = (key: number, at: number, { halfLifeDays }: Scale): number =>
  Math.min(100, 2 ** (key - at / (halfLifeDays * DAY)))

/**
 * The first whole millisecond at which the score has fallen below `level`, if nothing more happens; -Infinity where it
 * is below already. The margin keeps rounding from naming an instant at which the score still stands on the line.
 */
export const coolsTo = (heat: Heat, level: number, { halfLifeDays }: Scale): number => {
  const raw = rawNow(heat)
  if (raw < level || raw <= 0) return Number.NEGATIVE_INFINITY
  return level <= 0
    ? Number.POSITIVE_INFINITY
    : Math.floor(heat.at + halfLifeDays * DAY * Math.log2(raw / level) + 1e-3) + 1
}

export type Momentum = 'rising' | 'steady' | 'cooling' | 'unknown'

/** Recent points against older ones, each by its half-life; unknown below a score of 5. */
export const momentumAt = (heat: Heat, at: number, scale: Scale): Momentum => {
  const slow = rawAt(heat, at, scale)
  if (slow < 5) return 'unknown'
  const fast = heat.fast * fade(at - heat.at, scale.momentumHalfLifeDays)
  const ratio = fast / scale.momentumHalfLifeDays / (slow / scale.halfLifeDays)
  return ratio > 1.5 ? 'rising' : ratio >= 0.67 ? 'steady' : 'cooling'
}
