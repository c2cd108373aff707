/** When a message is tried again: the whole schedule, without waiting for it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retryAfterOf, type Verdict } from '../../collector/outbox/plan.ts'
import { DELAYS, MOST_TRIES, nextTry } from '../../collector/outbox/retry.ts'

const NOW = Date.UTC(2026, 5, 1, 12)
const HOUR = 3_600_000
const failed: Verdict = { is: 'failed', outcome: 'answered 500' }
const next = (tries: number, verdict: Verdict = failed, dice = 0.5) => nextTry({ tries, verdict, now: NOW, dice })

describe('a message that fails', () => {
  it('is tried ten times over about three days, then is dead', () => {
    let at = 0
    let tries = 0
    for (let state = 'pending'; state === 'pending'; ) {
      tries += 1
      const step = nextTry({ tries, verdict: failed, now: at, dice: 0.5 })
      state = step.state
      at = step.dueAt
    }
    expect(tries).toBe(10)
    expect(MOST_TRIES).toBe(10)
    // 5 s + 5 min + 30 min + 2 + 5 + 10 + 14 + 18 + 24 h
    expect(at / HOUR).toBeCloseTo(73.585, 2)
  })

  it.each([
    [0, 0.9],
    [0.5, 1],
    [1, 1.1],
  ])('waits a tenth more or less: dice %d, %d of the delay', (dice, share) => {
    for (const [i, delay] of DELAYS.entries())
      expect(next(i + 1, failed, dice).dueAt - NOW).toBe(Math.round(delay * share))
  })

  it('waits as long as the receiver asks, but no less than planned and no more than a day', () => {
    const patient = (retryAfter: number) => next(2, { ...failed, retryAfter } as Verdict).dueAt - NOW
    expect(patient(1000)).toBe(DELAYS[1])
    expect(patient(2 * HOUR)).toBe(2 * HOUR)
    expect(patient(1000 * HOUR)).toBe(24 * HOUR)
  })

  it('is never due before it failed, whatever is answered', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.option(fc.nat(), { nil: undefined }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (tries, retryAfter, dice) =>
          nextTry({ tries, verdict: { is: 'failed', outcome: '', retryAfter }, now: NOW, dice }).dueAt >= NOW,
      ),
    )
  })
})

it('a receiver that is gone ends the message and the webhook, at the first try', () => {
  expect(next(1, { is: 'gone', outcome: 'answered 410' })).toMatchObject({ state: 'dead', ends: 'answered 410' })
})

it('what was taken is done', () => {
  expect(next(3, { is: 'delivered', outcome: 'answered 204' })).toMatchObject({ state: 'delivered' })
})

it.each([
  ['120', 120_000],
  [' 0 ', 0],
  [new Date(NOW + HOUR).toUTCString(), HOUR],
  [new Date(NOW - HOUR).toUTCString(), 0],
  ['soon', undefined],
  ['99999999999999', undefined],
  [undefined, undefined],
])('Retry-After: %s asks for %s ms', (header, ms) => {
  expect(retryAfterOf(header, NOW)).toBe(ms)
})
