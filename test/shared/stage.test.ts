/** Stages: evidence to enter, a band to stay, signals that hold, customers. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODEL as model } from '../../shared/default-model.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import type { Group, Stage } from '../../shared/model.ts'
import { nextStage } from '../../shared/stage.ts'
import { DAY, day, event, page, told, track } from './given.ts'

const MS = 1 / DAY
const ALL = ['discover', 'engage', 'evaluate', 'intent'] as const
const adjust = (days: number, points: number, group = 'intent') =>
  event(days, 'adjust', { points, group, reason: 'given' })
const path = (events: readonly VisitorEvent[], days: number) =>
  told(events, days)
    .transitions.filter(({ what }) => what === 'stage')
    .map(({ to, at }) => [to, Number(((at - day(0)) / DAY).toFixed(2))])

describe('the band of a stage', () => {
  it.each([
    ['awareness', 7.9, ALL, 'awareness'],
    ['awareness', 8, ALL, 'interest'],
    ['awareness', 8, ['discover'], 'awareness'],
    ['awareness', 8, ['engage'], 'interest'],
    ['awareness', 20, ['engage'], 'interest'],
    ['awareness', 19.9, ['evaluate'], 'interest'],
    ['awareness', 20, ['evaluate'], 'evaluation'],
    ['awareness', 50, ['evaluate'], 'evaluation'],
    ['awareness', 50, ['intent'], 'intent'], // three steps at once
    ['awareness', 100, ['discover'], 'awareness'],
    ['interest', 7.9, [], 'interest'],
    ['interest', 4, [], 'interest'],
    ['interest', 3.9, [], 'awareness'],
    ['evaluation', 10, [], 'evaluation'],
    ['evaluation', 9.9, [], 'interest'],
    ['evaluation', 3.9, [], 'awareness'],
    ['intent', 25, [], 'intent'],
    ['intent', 24.9, [], 'evaluation'],
    ['intent', 9.9, ALL, 'interest'],
    ['intent', 0, ALL, 'awareness'],
    ['conversion', 60, ['intent'], 'intent'], // the purchase was undone: by score and bands
    ['conversion', 30, [], 'intent'],
    ['relationship', 12, [], 'evaluation'],
    ['relationship', 0, [], 'awareness'],
  ] as const)('from %s at %d points with %j to %s', (from, score, groups, to) => {
    expect(nextStage(from, { score, groups: new Set<Group>(groups) }, model)).toBe(to)
  })

  it.each([
    ['awareness', 'intent', 0, 'intent'],
    ['evaluation', 'intent', 12, 'intent'],
    ['intent', 'interest', 0, 'interest'],
  ] as const)('from %s, held at %s, at %d points to %s', (from, held, score, to) => {
    expect(nextStage(from, { score, groups: new Set(), held }, model)).toBe(to)
  })

  it.each(['awareness', 'intent', 'relationship'] as const)(
    'of a customer who was at %s is left by no score',
    (from) => {
      const evidence = { score: 0, groups: new Set<Group>(), customer: 'conversion' } as const
      expect(nextStage(from as Stage, evidence, model)).toBe('conversion')
    },
  )
})

describe('evidence', () => {
  it('is a signal of the last 30 days; one that is exactly so old proves nothing', () => {
    const old = track(0, 'chat_message')
    const enters = (days: number) => told([old, adjust(days, 30, 'evaluate')], days).stage
    expect(enters(30 - MS)).toBe('evaluation')
    expect(enters(30)).toBe('awareness')
  })

  it('is what fired, points given by hand are none', () => {
    expect(told([adjust(0, 50)], 0).stage).toBe('awareness')
  })

  it('may be a signal to which the cap left nothing', () => {
    const capped = told([adjust(0, 50), track(0, 'cart_add')], 0)
    expect(capped.applied.cart_add).toBe(0)
    expect(capped.stage).toBe('intent')
  })

  it('of intent is gone with the intent that was lost', () => {
    const lost = [track(0, 'demo_request'), track(0, 'opportunity_lost'), adjust(0, 50)]
    expect(told(lost, 0).stage).toBe('awareness')
  })
})

describe('a signal that holds a stage', () => {
  it.each([...model.qualification.sql.handRaises, 'checkout_start', 'trial_start'])(
    '%s holds intent for seven days',
    (signal) => {
      const events = [track(0, signal), adjust(0, -50)]
      expect(told(events, 7 - MS).stage).toBe('intent')
      expect(path(events, 8).map(([, at]) => at)).toEqual([0, 7])
    },
  )

  it('says so, and does not say the score did', () => {
    expect(told([track(0, 'checkout_start')], 0).transitions[0]!.rule).toBe('held by checkout_start')
    expect(told([adjust(0, 40), track(0, 'checkout_start')], 0).transitions[0]!.rule).toMatch(/^score of 50/)
  })
})

describe('cooling', () => {
  it('goes band by band at its closed-form instants, without an event', () => {
    // 50 points fall below 25, 10 and 4 after 14, 14·log2(5) and 14·log2(12.5) days
    const events = [track(0, 'search_transactional'), adjust(0, 50)]
    expect(path(events, 100)).toEqual([
      ['interest', 0],
      ['intent', 0],
      ...[25, 10, 4].map((level, i) => [
        (['evaluation', 'interest', 'awareness'] as const)[i],
        Number((14 * Math.log2(50 / level)).toFixed(2)),
      ]),
    ])
  })

  it('keeps the furthest stage and the first time of each', () => {
    const { state } = told([track(0, 'cart_add'), adjust(1, 50), track(60, 'demo_request')], 61)
    expect(state.furthest).toBe('intent')
    expect(state.entered).toEqual({ awareness: day(0), interest: day(0), evaluation: day(1), intent: day(1) })
  })
})

describe('a customer', () => {
  it.each(['purchase', 'won', 'Order Completed'])('%s converts', (signal) => {
    expect(told([track(0, signal)], 0)).toMatchObject({ stage: 'conversion', qualification: 'customer' })
  })

  it('stays one at no score at all', () => {
    expect(told([track(0, 'purchase')], 29).stage).toBe('conversion')
  })

  it('has a relationship after 30 days, or when they come again in another session', () => {
    expect(path([track(0, 'purchase')], 400)).toEqual([
      ['conversion', 0],
      ['relationship', 30],
    ])
    expect(path([page(0), track(0, 'purchase'), page(0.01), page(1)], 2)).toEqual([
      ['conversion', 0],
      ['relationship', 1],
    ])
  })

  it.each(['refund', 'cancel'])('%s undoes a conversion: the stage is again by score and band', (signal) => {
    const events = [page(0, 'comparison'), page(0, 'case_study'), track(0, 'purchase'), track(1, signal)]
    // 13.3 points: they come down through the bands, and 10 are enough to stay in evaluation
    expect(path(events, 1)).toEqual([
      ['interest', 0],
      ['conversion', 0],
      ['evaluation', 1],
    ])
    expect(told(events, 1).qualification).toBe('recycled')
  })

  it('is let go of from a relationship by churn, not by a refund', () => {
    const kept = [track(0, 'purchase'), track(31, 'refund')]
    expect(told(kept, 31)).toMatchObject({ stage: 'relationship', qualification: 'customer' })
    const gone = [...kept, track(32, 'churn')]
    expect(told(gone, 32)).toMatchObject({ stage: 'awareness', qualification: 'recycled' })
  })

  it('may buy again after that', () => {
    const again = [track(0, 'purchase'), track(1, 'churn'), track(2, 'purchase')]
    expect(told(again, 2)).toMatchObject({ stage: 'conversion', qualification: 'customer' })
    expect(path(again, 40).at(-1)).toEqual(['relationship', 32])
  })

  it('who never was one is not let go of', () => {
    expect(told([track(0, 'refund'), track(0, 'churn')], 0).qualification).toBe('anonymous')
  })

  it('makes a customer of long standing of one who only reads on in a later session', () => {
    const events = [page(0, 'pricing', { view: 'v' }), track(0, 'purchase')]
    const reads = event(0.1, 'engagement', { view: 'v', seconds: 5, scroll: 0 })
    expect(told(events, 0.1).stage).toBe('conversion')
    expect(told([...events, reads], 0.1).stage).toBe('relationship')
  })
})
