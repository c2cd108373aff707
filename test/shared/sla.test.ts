/** How soon sales is to answer: every instant in closed form, in virtual time. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import type { Model } from '../../shared/model.ts'
import { createSlaClock } from '../../shared/sla.ts'
import { openAfter, quietUntil, wallClockOf } from '../../shared/wall-clock.ts'
import { day, event, identify, page, told, track } from './given.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const utc = (text: string): number => Date.parse(text)
const iso = (at: number): string => new Date(at).toISOString().slice(0, 16)

describe('business hours', () => {
  const hours = { days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }
  // 2026-01-05 is a Monday.
  it.each([
    ['UTC', '2026-01-05T12:00Z', 5, '2026-01-05T12:05'],
    ['UTC', '2026-01-05T17:58Z', 5, '2026-01-06T09:03'],
    ['UTC', '2026-01-05T17:55Z', 5, '2026-01-05T18:00'],
    ['UTC', '2026-01-05T03:00Z', 5, '2026-01-05T09:05'],
    ['UTC', '2026-01-09T17:58Z', 5, '2026-01-12T09:03'], // over a weekend
    ['UTC', '2026-01-10T12:00Z', 5, '2026-01-12T09:05'],
    ['UTC', '2026-01-05T09:00Z', 540, '2026-01-05T18:00'], // a whole day
    ['UTC', '2026-01-05T09:00Z', 541, '2026-01-06T09:01'],
    ['Europe/Berlin', '2026-01-05T16:58Z', 5, '2026-01-06T08:03'], // 17:58 there
    ['America/New_York', '2026-01-05T12:00Z', 5, '2026-01-05T14:05'], // 07:00 there
    ['Asia/Kolkata', '2026-01-05T02:00Z', 5, '2026-01-05T03:35'], // 07:30 there, half an hour off
    ['Europe/Berlin', '2026-03-27T16:58Z', 5, '2026-03-30T07:03'], // the clocks went forward on the 29th
    ['Europe/Berlin', '2026-10-23T15:58Z', 5, '2026-10-26T08:03'], // and back on the 25th of October
  ] as const)('%s: from %s, %d minutes end at %s', (zone, since, minutes, end) => {
    expect(iso(openAfter(utc(since), minutes * MINUTE, { ...hours, wall: wallClockOf(zone) }))).toBe(end)
  })
})

describe('quiet hours', () => {
  it.each([
    ['UTC', '20:00', '08:00', '2026-01-05T12:00Z', '2026-01-05T12:00'],
    ['UTC', '20:00', '08:00', '2026-01-05T20:00Z', '2026-01-06T08:00'],
    ['UTC', '20:00', '08:00', '2026-01-06T03:00Z', '2026-01-06T08:00'],
    ['UTC', '20:00', '08:00', '2026-01-06T08:00Z', '2026-01-06T08:00'],
    ['UTC', '12:00', '13:00', '2026-01-06T12:30Z', '2026-01-06T13:00'],
    ['America/New_York', '20:00', '08:00', '2026-01-06T03:00Z', '2026-01-06T13:00'], // 22:00 the day before
  ] as const)('%s, %s to %s: at %s, one may speak at %s', (zone, from, to, at, loud) => {
    expect(iso(quietUntil(utc(at), { from, to }, wallClockOf(zone)))).toBe(loud)
  })
})

/** Noon on a Monday, UTC. */
const raised = [track(0, 'demo_request'), identify(0)]
const minutes = (count: number): number => count / 1440
const feedback = (days: number, verdict: string) => event(days, 'feedback', { verdict, reason: 'x' })
const remindersOf = (events: readonly VisitorEvent[], days: number, model: Model = DEFAULT_MODEL) =>
  told(events, days, model)
    .transitions.filter(({ what, to }) => what === 'flag' && to.startsWith('sla'))
    .map(({ to, at }) => `${to} ${(at - day(0)) / MINUTE}`)

describe('a lead that nobody answers', () => {
  it('who raised a hand: reminded at half of five minutes, late after five', () => {
    expect(remindersOf(raised, 1)).toEqual(['sla_warning 2.5', 'sla_breached 5'])
    expect(told(raised, minutes(4)).state.flags).toHaveProperty('sla_warning')
    expect(told(raised, minutes(4)).state.flags).not.toHaveProperty('sla_breached')
    expect(told(raised, 1).state.flags).toHaveProperty('sla_breached')
  })

  it('an MQL: within a day', () => {
    const events = [
      identify(0),
      ...[0, 0.001, 0.002, 0.003].map((at) => page(at, 'comparison')),
      page(0.1, 'case_study'),
    ]
    const { transitions } = told(events, 0.2)
    const mql = transitions.find(({ to }) => to === 'mql')!
    expect(remindersOf(events, 3)).toEqual(
      [12, 24].map((hours, i) => `${['sla_warning', 'sla_breached'][i]} ${(mql.at + hours * HOUR - day(0)) / MINUTE}`),
    )
  })

  it.each(['accepted', 'contacted', 'meeting', 'rejected', 'lost', 'won'])('but was touched: %s', (verdict) => {
    expect(remindersOf([...raised, feedback(minutes(2), verdict)], 1)).toEqual([])
    const late = [...raised, feedback(minutes(4), verdict)]
    expect(remindersOf(late, 1)).toEqual(['sla_warning 2.5'])
    expect(Object.keys(told(late, 1).state.flags).filter((flag) => flag.startsWith('sla'))).toEqual([])
  })

  it('whom sales is in touch with already has no clock', () => {
    const mql = [
      identify(0),
      page(0, 'comparison'),
      page(0.001, 'comparison'),
      page(0.002, 'case_study'),
      page(0.003, 'buyers_guide'),
    ]
    const events = [...mql, feedback(0.01, 'contacted'), track(0.02, 'demo_request')]
    expect(told(events, 0.03).qualification).toBe('sql')
    expect(remindersOf(events, 3)).toEqual([])
  })

  it('has as long as the model says', () => {
    const sla = { ...DEFAULT_MODEL.sla, handRaise: { minutes: 60, inBusinessHours: true }, warnPercent: 25 }
    expect(remindersOf(raised, 1, { ...DEFAULT_MODEL, sla })).toEqual(['sla_warning 15', 'sla_breached 60'])
  })
})

it('a deadline is never before its reminder, and neither before the lead', () => {
  for (const kind of ['handRaise', 'sql', 'mql'] as const)
    for (let hour = 0; hour < 24 * 8; hour += 1) {
      const since = day(0) + hour * HOUR
      const { nextAt, deadline } = createSlaClock(DEFAULT_MODEL)(kind, since)
      expect(nextAt).toBeGreaterThan(since)
      expect(deadline).toBeGreaterThan(nextAt)
    }
})
