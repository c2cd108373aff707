/** What a simulation tells of visitors, one by one made up so that the answer is known. */
import { describe, expect, it } from 'vitest'
import type { VisitorEvent } from '../../shared/event.ts'
import { inOrder } from '../../shared/event.ts'
import type { Model } from '../../shared/model.ts'
import { presetNamed } from '../../shared/presets.ts'
import type { Replay } from '../../shared/replay.ts'
import { createSimulation, type Simulation } from '../../shared/simulation.ts'
import { createFold } from '../../shared/visitor.ts'
import { day, event, identify, page, track } from './given.ts'

const under = (model: Model, events: readonly VisitorEvent[], until: number): Replay => {
  const fold = createFold(model)
  const transitions: Replay['transitions'][number][] = []
  let state = fold.fold(undefined, events[0]!, { transitions })
  for (const each of events.slice(1)) state = fold.fold(state, each, { transitions })
  fold.advance(state, day(until), { transitions })
  return { state, transitions }
}

interface Case {
  readonly people: Readonly<Record<string, readonly VisitorEvent[]>>
  readonly old?: Model
  readonly next: Model
  readonly until?: number
}
const simulated = ({ people, old = presetNamed('standard'), next, until = 20 }: Case): Simulation => {
  const simulation = createSimulation()
  for (const [visitor, given] of Object.entries(people)) {
    const events = given.toSorted(inOrder)
    simulation.add({ visitor, events, old: under(old, events, until), next: under(next, events, until) })
  }
  return simulation.result()
}
const feedback = (days: number, verdict: string) => event(days, 'feedback', { verdict })
const raised = (days: number, mail = 'ann@acme.example') => [
  track(days, 'demo_request'),
  identify(days, { email: mail }),
]
/** An MQL of the standard model by two kinds of action, never an SQL. */
const reader = (days: number) => [
  page(days, 'comparison'),
  page(days, 'case_study'),
  page(days, 'buyers_guide'),
  identify(days),
]

describe('a simulation', () => {
  it('of the same model changes nothing', () => {
    const result = simulated({ people: { a: raised(0), b: reader(1) }, next: presetNamed('standard') })
    expect(result).toMatchObject({ visitors: 2, events: 6, changed: 0, timeToMql: { visitors: 2, shiftDays: 0 } })
    expect(result.gains.mql.count + result.gains.sql.count + result.losses.mql.count + result.losses.sql.count).toBe(0)
  })

  it('counts everyone once, where they are and where they would be', () => {
    const people = { a: raised(0), b: reader(1), c: [page(0)] }
    const { stages, qualifications, moved } = simulated({ people, next: presetNamed('standard', 'strict'), until: 1 })
    const all = (matrix: object) =>
      Object.values(matrix).reduce((sum, row) => sum + Object.values<number>(row).reduce((a, b) => a + b, 0), 0)
    expect([all(stages), all(qualifications)]).toEqual([3, 3])
    expect(qualifications.sql.mql).toBe(1)
    expect(qualifications.mql.mql).toBe(1)
    expect(qualifications.anonymous.anonymous).toBe(1)
    expect(moved.qualifications).toEqual([{ from: 'sql', to: 'mql', visitors: ['a'] }])
  })

  it('names who gains and who loses, and the rule', () => {
    const { gains, losses } = simulated({
      people: { a: raised(0), b: reader(1) },
      next: presetNamed('long', 'strict'),
      until: 1,
    })
    expect(losses.sql.visitors).toEqual([{ visitor: 'a', from: 'sql', to: 'mql', rule: 'raised their hand' }])
    // Coming down from SQL is no gain of MQL.
    expect(gains.mql.count).toBe(0)
    const back = simulated({
      people: { a: raised(0) },
      old: presetNamed('standard', 'strict'),
      next: presetNamed('standard'),
      until: 1,
    })
    expect(back.gains.sql).toEqual({
      count: 1,
      rules: [{ rule: 'raised their hand', count: 1 }],
      visitors: [{ visitor: 'a', from: 'mql', to: 'sql', rule: 'raised their hand' }],
    })
    expect(back.losses.mql.count).toBe(0)
  })

  it('names some, and counts all', () => {
    const people = Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`v${i}`, raised(0)]))
    const { losses } = simulated({ people, next: presetNamed('standard', 'strict'), until: 1 })
    expect([losses.sql.count, losses.sql.visitors.length]).toEqual([130, 100])
  })

  it('counts hand-offs in the week they happen, which begins on a Monday', () => {
    // Day 0 is Monday, 5 January 2026.
    const people = { a: raised(-0.6), b: raised(-0.4), c: raised(6.4), d: raised(6.6) }
    const { handOffs } = simulated({ people, next: presetNamed('standard', 'strict') })
    expect(handOffs).toEqual([
      { week: '2025-12-29', old: 1, new: 0 },
      { week: '2026-01-05', old: 2, new: 0 },
      { week: '2026-01-12', old: 1, new: 0 },
    ])
  })

  it('measures both models against what came of the leads', () => {
    const people = {
      good: [...raised(0), feedback(3, 'won')],
      missed: [page(0), identify(0), feedback(3, 'accepted')],
      bad: [...raised(0), feedback(3, 'rejected')],
      late: [identify(0), feedback(3, 'won'), track(4, 'demo_request')],
      unknown: raised(0),
      open: [...raised(0), feedback(3, 'contacted')],
    }
    const { accuracy } = simulated({ people, next: presetNamed('standard', 'strict') })
    expect(accuracy).toMatchObject({ good: 3, bad: 1 })
    expect(accuracy.sql.old).toEqual({ precision: 0.5, recall: 1 / 3 })
    expect(accuracy.sql.new).toEqual({ precision: null, recall: 0 })
    expect(accuracy.mql.new).toEqual({ precision: 0.5, recall: 1 / 3 })
  })

  it('takes the last word of sales, and a purchase where there is none', () => {
    const people = {
      turned: [...raised(0), feedback(2, 'accepted'), feedback(5, 'lost')],
      bought: [...raised(0), track(4, 'purchase')],
    }
    expect(simulated({ people, next: presetNamed('standard') }).accuracy).toMatchObject({ good: 1, bad: 1 })
  })

  it('tells by how much an MQL would come sooner or later', () => {
    const slow = [
      page(0, 'case_study'),
      identify(0),
      page(2, 'comparison'),
      page(2, 'buyers_guide'),
      page(8, 'pricing'),
      track(8, 'chat_message'),
    ]
    const { timeToMql } = simulated({ people: { a: slow }, old: presetNamed('long'), next: presetNamed('short') })
    expect(timeToMql).toEqual({ visitors: 1, oldDays: 2, newDays: 2, shiftDays: 0 })
    const strict = presetNamed('standard')
    const hard: Model = {
      ...strict,
      qualification: { ...strict.qualification, mql: { ...strict.qualification.mql, distinctKinds: 4 } },
    }
    const later = simulated({ people: { a: slow, b: reader(0) }, next: hard })
    expect(later.timeToMql).toEqual({ visitors: 1, oldDays: 2, newDays: 8, shiftDays: 6 })
  })
})
