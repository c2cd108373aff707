/** Points, caps and decay: the arithmetic, by hand. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODEL as model } from '../../shared/default-model.ts'
import {
  adjust,
  apply,
  coldAt,
  coolsTo,
  fade,
  heatKey,
  keyOf,
  momentumAt,
  scoreAt,
  scoreOfKey,
} from '../../shared/score.ts'
import { DAY } from './given.ts'

const warm = (points: number, at = 0) => {
  const heat = coldAt(at)
  apply(heat, { group: 'intent', points, at }, model)
  return heat
}

describe('decay', () => {
  it.each([
    [0, 1],
    [7, Math.SQRT1_2],
    [14, 0.5],
    [28, 0.25],
  ])('after %d days leaves %d of a point', (days, left) => {
    expect(fade(days * DAY, 14)).toBeCloseTo(left, 12)
  })

  it('never raises a score', () => {
    const heat = warm(40)
    expect([0, 1, 14, 365].map((days) => scoreAt(heat, days * DAY, model))).toEqual(
      [0, 1, 14, 365].map((days) => 40 * 2 ** (-days / 14)),
    )
  })
})

describe('caps', () => {
  it.each([
    ['discover', 10],
    ['engage', 15],
    ['evaluate', 25],
    ['intent', 50],
  ] as const)('%s takes %d points at most', (group, cap) => {
    const heat = coldAt(0)
    expect(apply(heat, { group, points: cap - 1, at: 0 }, model)).toBe(cap - 1)
    expect(apply(heat, { group, points: 5, at: 0 }, model)).toBe(1)
    expect(apply(heat, { group, points: 5, at: 0 }, model)).toBe(0)
  })

  it('apply when adding, not when reading: after 14 days half the room is free again', () => {
    const heat = warm(50)
    expect(apply(heat, { group: 'intent', points: 45, at: 14 * DAY }, model)).toBeCloseTo(25, 12)
  })

  it('hold a penalty at its floor', () => {
    const heat = coldAt(0)
    expect(apply(heat, { group: 'penalty', points: -15, at: 0 }, model)).toBe(-15)
    expect(apply(heat, { group: 'penalty', points: -15, at: 0 }, model)).toBe(-10)
  })

  it('hold an adjustment by hand within the same bounds, in both directions', () => {
    const heat = warm(20)
    expect(adjust(heat, { group: 'intent', points: -30, at: 0 }, model)).toBe(-20)
    expect(adjust(heat, { group: 'intent', points: 99, at: 0 }, model)).toBe(50)
  })
})

describe('the heat key', () => {
  it('orders by live score at every instant', () => {
    const early = warm(40, 0)
    const late = warm(25, 12 * DAY)
    const order = (at: number) => Math.sign(scoreAt(early, at, model) - scoreAt(late, at, model))
    const byKey = Math.sign(heatKey(early, model)! - heatKey(late, model)!)
    expect([12, 50, 377].map((days) => order(days * DAY))).toEqual([byKey, byKey, byKey])
  })

  it('answers "score at least x now" as a range, and gives the score back', () => {
    const heat = warm(40)
    const at = 9 * DAY
    const key = heatKey(heat, model)!
    expect(scoreOfKey(key, at, model)).toBeCloseTo(scoreAt(heat, at, model), 9)
    expect(key >= keyOf(25.6, at, model)).toBe(true)
    expect(key >= keyOf(25.7, at, model)).toBe(false)
  })

  it('is absent without a score', () => {
    const heat = coldAt(0)
    apply(heat, { group: 'penalty', points: -10, at: 0 }, model)
    expect(heatKey(heat, model)).toBeUndefined()
    expect(scoreAt(heat, 0, model)).toBe(0)
  })
})

describe('cooling', () => {
  it.each([
    [40, 20, 14],
    [40, 10, 28],
    [40, 40, 0],
  ])('%d falls below %d after %d days, at the next whole millisecond', (from, to, days) => {
    const heat = warm(from)
    const at = coolsTo(heat, to, model)
    expect(at).toBe(days * DAY + 1)
    expect(scoreAt(heat, at, model)).toBeLessThan(to)
  })

  it('is past for what is below already', () => expect(coolsTo(warm(5), 10, model)).toBe(Number.NEGATIVE_INFINITY))
})

describe('momentum', () => {
  it.each([
    [4.9, 0, 'unknown'],
    [10, 0, 'rising'],
    [40, 3, 'rising'], // (½/3) ÷ (0.862/14) = 2.7
    [40, 6, 'steady'], // (¼/3) ÷ (0.743/14) = 1.57 … see the next
    [40, 9, 'steady'], // (⅛/3) ÷ (0.640/14) = 0.91
    [40, 14, 'cooling'], // 0.0394/3 ÷ 0.5/14 = 0.37
  ] as const)('of %d points after %d days is %s', (points, days, momentum) => {
    expect(momentumAt(warm(points), (days === 6 ? 6.5 : days) * DAY, model)).toBe(momentum)
  })
})
