/** A company by what its people do. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountLedger, accountScoreAt, type Colleague, checksOf, scaleOf, sharesAt } from '../../shared/account.ts'
import type { LedgerEntry } from '../../shared/award.ts'
import { DEFAULT_MODEL as model } from '../../shared/default-model.ts'
import { fade } from '../../shared/score.ts'
import { DAY, day, page, told, track } from './given.ts'
import { eventsOf, history } from './histories.ts'

const scale = scaleOf(model)
const person = (visitor: string, events: Parameters<typeof told>[0], days: number): Colleague => ({
  visitor,
  ledger: told(events, days).ledger,
})
const score = (people: readonly Colleague[], days: number) =>
  accountScoreAt(accountLedger(people, scale).heat, day(days), scale)
const rawOf = (rows: readonly LedgerEntry[], at: number): number =>
  rows.reduce((sum, row) => sum + row.applied * fade(at - row.at, model.halfLifeDays), 0)

describe('the score of an account', () => {
  const buyer = [page(0, 'pricing'), track(1, 'demo_request')]

  it('of one is theirs', () => {
    expect(score([person('a', buyer, 9)], 9)).toBeCloseTo(told(buyer, 9).score, 9)
  })

  it('of two is their sum', () => {
    const other = [page(2, 'comparison'), track(3, 'careers')]
    const people = [person('a', buyer, 9), person('b', other, 9)]
    expect(score(people, 9)).toBeCloseTo(told(buyer, 9).raw + told(other, 9).raw, 9)
  })

  it('of many is held by doubled caps: 100 of intent, 200 in all', () => {
    const many = ['a', 'b', 'c', 'd'].map((visitor) => person(visitor, [track(0, 'demo_request')], 0))
    const { heat, rows } = accountLedger(many, scale)
    expect(heat.intent).toBe(100)
    expect(rows.map(({ points, applied }) => [points, applied])).toEqual([
      [45, 45],
      [45, 45],
      [45, 10],
      [45, 0],
    ])
  })

  it('may go further down than that of a visitor, and is never below none', () => {
    const many = ['a', 'b', 'c'].map((visitor) => person(visitor, [track(0, 'careers'), track(0, 'unsubscribe')], 0))
    expect(accountLedger(many, scale).heat.penalty).toBe(-50)
    expect(score(many, 0)).toBe(0)
  })

  it('loses what one of them is found to have lost', () => {
    const lost = [...buyer, track(2, 'opportunity_lost')]
    expect(accountLedger([person('a', lost, 9), person('b', buyer, 9)], scale).heat.intent).toBeCloseTo(
      told(buyer, 9).state.heat.intent * fade(DAY, model.halfLifeDays),
      9,
    )
  })

  it('of nobody is none', () => expect(score([], 0)).toBe(0))
})

describe('whoever its people are', () => {
  const people = fc.array(history(12), { minLength: 1, maxLength: 6 })

  it('its score is the sum of what was applied, within its caps, and no more than theirs together', () => {
    fc.assert(
      fc.property(people, fc.integer({ min: 0, max: 30 }), (histories, later) => {
        const end = Math.max(...histories.map((steps) => eventsOf(steps).at(-1)!.at)) + later * DAY
        const colleagues = histories.map((steps, i) => person(`p${i}`, eventsOf(steps), (end - day(0)) / DAY))
        const { heat, rows } = accountLedger(colleagues, scale)
        const total = accountScoreAt(heat, end, scale)
        expect(Math.max(0, rawOf(rows, end))).toBeCloseTo(total, 9)
        for (const of of ['signal', 'visitor'] as const) {
          const shares = sharesAt(rows, of, { at: end, scale }).reduce((sum, [, value]) => sum + value, 0)
          expect(Math.max(0, shares)).toBeCloseTo(total, 9)
        }
        expect(total).toBeLessThanOrEqual(200)
        const warmth = colleagues.reduce(
          (sum, { ledger }) =>
            sum +
            rawOf(
              ledger.filter(({ group }) => group !== 'penalty'),
              end,
            ),
          0,
        )
        expect(total).toBeLessThanOrEqual(warmth + 1e-9)
        expect(accountLedger(colleagues.toReversed(), scale).heat).toEqual(heat)
        if (colleagues.length > 2) return
        const sum = colleagues.reduce((all, { ledger }) => all + rawOf(ledger, end), 0)
        expect(total).toBeCloseTo(Math.max(0, sum), 9)
      }),
      { numRuns: process.env.GATES === 'full' ? 10_000 : 500 },
    )
  })
})

describe('an account is ready', () => {
  it.each([
    [75, 2, ['evaluation', 'awareness'], [true, true, true]],
    [74.9, 2, ['evaluation', 'awareness'], [false, true, true]],
    [200, 1, ['intent'], [true, false, true]],
    [75, 2, ['interest', 'interest'], [true, true, false]],
    [75, 3, ['awareness', 'relationship', 'awareness'], [true, true, true]],
    [0, 0, [], [false, false, false]],
  ] as const)('at %d points with %d people at %j: %j', (score, people, stages, met) => {
    expect(checksOf({ score, people, stages }, model).map((check) => check.met)).toEqual(met)
  })
})
