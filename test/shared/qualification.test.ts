/** How far sales may count on a visitor: every rule, preset, mode, and the ways back. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODEL, presetModel } from '../../shared/default-model.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import type { Model } from '../../shared/model.ts'
import { isSqlPending, nextStep, type QualificationFacts } from '../../shared/qualification.ts'
import { DAY, day, event, identify, page, told, track } from './given.ts'

const MS = 1 / DAY
const adjust = (days: number, points: number, group = 'intent') =>
  event(days, 'adjust', { points, group, reason: 'given' })
const feedback = (days: number, verdict: string, reason?: string) => event(days, 'feedback', { verdict, reason })

const facts = (given: Partial<QualificationFacts> = {}): QualificationFacts => ({
  identified: true,
  disqualified: false,
  grade: '?',
  score: 0,
  mqlKinds: 0,
  intentKinds: 0,
  handRaised: false,
  patternKinds: 0,
  commercialViews: 0,
  commercialDays: 0,
  confirmed: false,
  fresh: true,
  ...given,
})
const changed = (change: (qualification: Model['qualification']) => Partial<Model['qualification']>): Model => ({
  ...DEFAULT_MODEL,
  qualification: { ...DEFAULT_MODEL.qualification, ...change(DEFAULT_MODEL.qualification) },
})
const mode = (mode: 'score' | 'actions' | 'both') => changed(({ mql }) => ({ mql: { ...mql, mode } }))
const pattern = { score: 50, patternKinds: 2, commercialViews: 5, commercialDays: 3 }

describe('the next step', () => {
  it.each([
    ['anonymous', {}, 'iql'],
    ['anonymous', { identified: false, score: 100, handRaised: true }, undefined],
    ['anonymous', { disqualified: true }, 'iql'],
    ['iql', { score: 39.9 }, undefined],
    ['iql', { score: 40 }, 'mql'],
    ['iql', { score: 40, grade: 'D' }, undefined],
    ['iql', { score: 40, disqualified: true }, undefined],
    ['iql', { score: 20, mqlKinds: 2 }, 'mql'],
    ['iql', { score: 19.9, mqlKinds: 2 }, undefined],
    ['iql', { score: 20, mqlKinds: 1 }, undefined],
    ['iql', { score: 20, mqlKinds: 2, grade: 'D' }, undefined],
    ['iql', { handRaised: true }, 'sql'],
    ['iql', { handRaised: true, grade: 'D' }, 'sql'],
    ['iql', { handRaised: true, disqualified: true }, undefined],
    ['mql', { score: 75, intentKinds: 2, grade: 'A' }, 'sql'],
    ['mql', { score: 75, intentKinds: 2, grade: 'B' }, 'sql'],
    ['mql', { score: 75, intentKinds: 2, grade: 'C' }, undefined],
    ['mql', { score: 75, intentKinds: 2, grade: '?' }, undefined],
    ['mql', { score: 74.9, intentKinds: 2, grade: 'A' }, undefined],
    ['mql', { score: 75, intentKinds: 1, grade: 'A' }, undefined],
    ['mql', { ...pattern, grade: 'B' }, 'sql'],
    ['mql', { ...pattern, grade: 'C' }, undefined],
    ['mql', { ...pattern, grade: 'B', score: 49.9 }, undefined],
    ['mql', { ...pattern, grade: 'B', commercialViews: 4 }, undefined],
    ['mql', { ...pattern, grade: 'B', commercialDays: 2 }, undefined],
    ['mql', { ...pattern, grade: 'B', patternKinds: 1 }, undefined],
    ['mql', { score: 100 }, undefined],
    ['recycled', { score: 100, handRaised: true, fresh: false }, undefined],
    ['recycled', { score: 40 }, 'mql'],
    ['recycled', { handRaised: true }, 'sql'],
    ['sql', { handRaised: true }, undefined],
    ['customer', { handRaised: true, score: 100 }, undefined],
  ] as const)('from %s with %j is %s', (from, given, to) => {
    expect(nextStep(from, facts(given), DEFAULT_MODEL)?.to).toBe(to)
  })

  it.each([
    ['score', { score: 20, mqlKinds: 5 }, undefined],
    ['score', { score: 40 }, 'mql'],
    ['actions', { score: 100 }, undefined],
    ['actions', { score: 20, mqlKinds: 2 }, 'mql'],
    ['both', { score: 40 }, 'mql'],
    ['both', { score: 20, mqlKinds: 2 }, 'mql'],
  ] as const)('in mode %s with %j is %s', (name, given, to) => {
    expect(nextStep('iql', facts(given), mode(name))?.to).toBe(to)
  })

  it.each([
    ['short', 1],
    ['standard', 2],
    ['long', 3],
  ] as const)('of a %s cycle takes %d kinds', (cycle, kinds) => {
    const model = presetModel(cycle)
    const mql = (mqlKinds: number) => nextStep('iql', facts({ score: 20, mqlKinds }), model)?.to
    const sql = (intentKinds: number) => nextStep('mql', facts({ score: 75, grade: 'A', intentKinds }), model)?.to
    expect([mql(kinds - 1), mql(kinds)]).toEqual([undefined, 'mql'])
    expect([sql(kinds - 1), sql(kinds)]).toEqual([undefined, 'sql'])
  })

  it('of the strict preset waits for what sales confirms', () => {
    const strict = presetModel('standard', 'strict')
    const raised = facts({ handRaised: true })
    expect(nextStep('mql', raised, strict)).toBeUndefined()
    expect(isSqlPending('mql', raised, strict)).toBe(true)
    expect(isSqlPending('mql', facts(), strict)).toBe(false)
    expect(isSqlPending('sql', raised, strict)).toBe(false)
    expect(nextStep('mql', { ...raised, confirmed: true }, strict)?.to).toBe('sql')
  })
})

describe('a lead', () => {
  const path = (events: readonly VisitorEvent[], days: number, model?: Model) =>
    told(events, days, model)
      .transitions.filter(({ what }) => what === 'qualification')
      .map(({ to, at }) => [to, Number(((at - day(0)) / DAY).toFixed(2))])

  it.each(
    DEFAULT_MODEL.qualification.mql.kinds.map((kind, i, kinds) => [kind, kinds[(i + 1) % kinds.length]!] as const),
  )('is an MQL by %s and one other kind (%s), within 30 days', (kind, other) => {
    const events = [identify(0), adjust(0, 9, 'discover'), track(0, kind), track(0, other)]
    expect(told(events.slice(0, -1), 0).qualification).toBe('iql')
    expect(told(events, 0).qualification).toBe('mql')
  })

  it('shows its kinds within 30 days: one exactly so old is none', () => {
    const events = (days: number) => [
      identify(0),
      track(0, 'chat_message'),
      adjust(days, 25, 'evaluate'),
      track(days, 'case_study'),
    ]
    expect(told(events(30 - MS), 30).qualification).toBe('mql')
    expect(told(events(30), 30).qualification).toBe('iql')
  })

  it.each(DEFAULT_MODEL.qualification.sql.handRaises)('with an address and %s is an SQL at once', (signal) => {
    expect(path([track(0, signal), identify(1)], 1).at(-1)).toEqual(['sql', 1])
  })

  it('of poor fit who raises a hand is an SQL to be looked at', () => {
    const student = identify(0, { email: 'a@uni.example', jobTitle: 'Student' })
    const { qualification, state } = told([student, track(0, 'demo_request')], 0)
    expect(qualification).toBe('sql')
    expect(state.flags).toHaveProperty('review')
  })

  it('who belongs to the house is none', () => {
    const staff = { ...DEFAULT_MODEL, fit: { ...DEFAULT_MODEL.fit, staffDomains: ['acme.example'] } }
    const { qualification, state } = told([identify(0), track(0, 'demo_request')], 0, staff)
    expect(qualification).toBe('iql')
    expect(state.flags).toHaveProperty('disqualified')
  })

  it('by research: five views of pages about buying on three days, two of the kinds that compare', () => {
    const fit = {
      ...DEFAULT_MODEL.fit,
      profiles: [{ name: 'p', criteria: [{ trait: 'industry', weight: 50, match: ['food'], partial: [] }] }],
    }
    const events = [
      identify(0, { email: 'a@acme.example', industry: 'Food' }),
      page(0, 'comparison'),
      page(0, 'comparison'),
      page(1, 'case_study'),
      page(1, 'commercial_page'),
      adjust(1, 40),
      page(2, 'commercial_page'),
    ]
    expect(told(events.slice(0, -1), 2, { ...DEFAULT_MODEL, fit }).qualification).toBe('mql')
    expect(path(events, 2, { ...DEFAULT_MODEL, fit }).at(-1)).toEqual(['sql', 2])
  })

  it('is a PQL by a trial that was put to use, once', () => {
    const events = [track(0, 'trial_start'), track(1, 'product_activation')]
    expect(told(events, 0).state.flags).not.toHaveProperty('pql')
    expect(told(events, 1).state.flags).toEqual({ pql: day(1) })
    expect(
      told(
        events,
        1,
        changed(({ pql }) => ({ pql: { ...pql, on: false } })),
      ).state.flags,
    ).toEqual({})
  })

  it('is no IQL where those are switched off, and goes back to where it came from', () => {
    const off = changed(() => ({ iql: { on: false } }))
    expect(told([identify(0)], 0, off).qualification).toBe('anonymous')
    const events = [identify(0), adjust(0, 40)]
    expect(path(events, 60, off)).toEqual([
      ['mql', 0],
      ['anonymous', 21],
    ])
  })
})

describe('the way back', () => {
  const lastMove = (events: readonly VisitorEvent[], days: number) => {
    const { transitions } = told(events, days)
    return transitions.filter(({ what }) => what === 'qualification').at(-1)
  }

  it('of an MQL is after seven days below 20, unless sales is at it', () => {
    const events = [identify(0), adjust(0, 40)]
    expect(lastMove(events, 21 - MS)).toMatchObject({ to: 'mql' })
    expect(lastMove(events, 22)).toMatchObject({ from: 'mql', to: 'iql', rule: 'score below 20 for 7 days' })
    expect(lastMove([...events, feedback(1, 'contacted')], 400)).toMatchObject({ to: 'mql' })
  })

  it('starts anew when the score was up in between', () => {
    const events = [identify(0), adjust(0, 40), adjust(17, 5), adjust(18, -10)]
    // below 20 from day 14, above from 17 to 18, so seven days later than that
    expect(lastMove(events, 25 - MS)).toMatchObject({ to: 'mql' })
    expect(lastMove(events, 25)).toMatchObject({ to: 'iql', at: day(25) })
  })

  it('of an SQL that nobody touched is after 30 days below 20, with the reason', () => {
    const events = [identify(0), track(0, 'demo_request')]
    const low = 14 * Math.log2(45 / 20)
    expect(lastMove(events, low + 30 - 0.001)).toMatchObject({ to: 'sql' })
    expect(lastMove(events, low + 30.001)).toMatchObject({ to: 'recycled', rule: expect.stringContaining('untouched') })
    expect(lastMove([...events, feedback(1, 'accepted')], 400)).toMatchObject({ to: 'sql' })
  })

  it('is not for one whom sales was in touch with before they raised their hand', () => {
    const events = [identify(0), track(0, 'trial_start'), page(0, 'pricing'), page(0, 'buyers_guide')]
    const later = [...events, feedback(1, 'contacted'), track(2, 'demo_request')]
    expect(told(events, 0).qualification).toBe('mql')
    expect(lastMove(later, 400)).toMatchObject({ to: 'sql' })
  })

  it.each(['rejected', 'lost'])('of a lead that was %s is at once, with the reason', (verdict) => {
    const events = [identify(0), track(0, 'demo_request'), feedback(1, verdict, 'no budget')]
    const { state } = told(events, 1)
    expect(lastMove(events, 1)).toMatchObject({ from: 'sql', to: 'recycled', rule: `${verdict}: no budget` })
    expect(state.flags).toHaveProperty('recycled')
    expect(state.flags).not.toHaveProperty('sales_active')
  })

  it('is not walked back by what was done before', () => {
    const events = [identify(0), track(0, 'demo_request'), feedback(1, 'rejected', 'no budget')]
    expect(told([...events, page(2)], 2).qualification).toBe('recycled')
    expect(told([...events, track(8, 'quote_request')], 8).qualification).toBe('sql')
  })
})

describe('feedback', () => {
  it.each(['accepted', 'contacted', 'meeting'])('%s makes sales active', (verdict) => {
    expect(told([identify(0), feedback(0, verdict)], 0).state.flags).toHaveProperty('sales_active')
  })

  it('won makes a customer, of whom sales is done', () => {
    const { qualification, stage, state } = told([identify(0), feedback(0, 'accepted'), feedback(1, 'won')], 1)
    expect([qualification, stage]).toEqual(['customer', 'conversion'])
    expect(state.flags).toEqual({})
  })
})

describe('a customer', () => {
  const bought = [identify(0), track(0, 'purchase')]

  it('is never a fresh SQL; a raised hand is an expansion', () => {
    const { qualification, state } = told([...bought, track(1, 'demo_request')], 1)
    expect(qualification).toBe('customer')
    expect(state.flags).toEqual({ expansion: day(1) })
  })

  it('raised no new hand by the one that led to the purchase', () => {
    expect(told([track(0, 'demo_request'), ...bought, page(1)], 1).state.flags).toEqual({})
  })

  it('is an expansion at double the score of an MQL', () => {
    const hot = [...bought, adjust(1, 50), adjust(1, 25, 'evaluate')]
    expect(told([...hot, adjust(1, 4, 'engage')], 1).state.flags).toEqual({})
    expect(told([...hot, adjust(1, 5, 'engage')], 1).state.flags).toEqual({ expansion: day(1) })
  })
})
