/** What is told, and when it may be told. */
import { describe, expect, it } from 'vitest'
import type { Transition } from '../../shared/award.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { Alerts } from '../../shared/handoff-model.ts'
import { type Circumstances, noticesOf } from '../../shared/message.ts'
import { DAY, NOON } from './given.ts'

const HOUR = DAY / 24
const change = (what: Transition['what'], from: string, to: string, at = NOON): Transition => ({
  ...{ what, from, to, at },
  ...{ event: 'e', rule: 'r', score: 1 },
})
const toSql = change('qualification', 'mql', 'sql')
const around = (alerts: Partial<Alerts> = {}, rest: Partial<Circumstances> = {}): Circumstances => ({
  model: { ...DEFAULT_MODEL, alerts: { ...DEFAULT_MODEL.alerts, ...alerts } },
  now: NOON,
  lastHandoffAt: () => undefined,
  ...rest,
})
const typesOf = (transitions: readonly Transition[], given = around()) =>
  noticesOf(transitions, given).map(({ type, transition }) => `${type} ${transition.to}`)

describe('what is told', () => {
  it.each([
    [change('stage', 'awareness', 'interest'), ['visitor.stage_changed interest']],
    [change('stage', 'intent', 'evaluation'), ['visitor.stage_changed evaluation']],
    [change('qualification', 'anonymous', 'iql'), ['visitor.qualification_changed iql', 'visitor.identified iql']],
    [change('qualification', 'iql', 'mql'), ['visitor.qualification_changed mql', 'lead.handoff mql']],
    [toSql, ['visitor.qualification_changed sql', 'lead.handoff sql']],
    [change('qualification', 'sql', 'customer'), ['visitor.qualification_changed customer', 'lead.handoff customer']],
    [change('qualification', 'sql', 'recycled'), ['visitor.qualification_changed recycled']],
    [change('flag', '', 'expansion'), ['lead.handoff expansion']],
    [change('flag', 'expansion', ''), []],
    [change('flag', '', 'pql'), []],
    [change('flag', '', 'sla_warning'), ['lead.sla_breached sla_warning']],
    [change('flag', '', 'sla_breached'), ['lead.sla_breached sla_breached']],
    [change('flag', 'sla_breached', ''), []],
  ])('%o', (transition, types) => {
    expect(typesOf([transition])).toEqual(types)
  })

  it('once of several hand-offs at one time: the last says it all', () => {
    const steps = [change('qualification', 'anonymous', 'iql'), change('qualification', 'iql', 'mql'), toSql]
    expect(typesOf(steps).filter((type) => type.startsWith('lead.'))).toEqual(['lead.handoff sql'])
  })

  it('nothing of what happened so long ago that it is history', () => {
    const days = DEFAULT_MODEL.alerts.newsDays
    expect(typesOf([toSql], around({}, { now: NOON + days * DAY }))).toHaveLength(2)
    expect(typesOf([toSql], around({}, { now: NOON + days * DAY + 1 }))).toEqual([])
  })

  it('no hand-off that the model does not name', () => {
    expect(typesOf([toSql], around({ on: [] }))).toEqual(['visitor.qualification_changed sql'])
  })
})

describe('the same hand-off of the same person', () => {
  const before = (ago: number) =>
    around({}, { lastHandoffAt: (handoff) => (handoff === 'sql' ? NOON - ago : undefined) })

  it.each([
    [0, false],
    [7 * DAY - 1, false],
    [7 * DAY, true],
  ])('%d ms after the last is told: %s', (ago, isTold) => {
    expect(typesOf([toSql], before(ago)).includes('lead.handoff sql')).toBe(isTold)
  })

  it('is another than that of another kind', () => {
    expect(typesOf([change('qualification', 'iql', 'mql')], before(0))).toContain('lead.handoff mql')
  })
})

describe('in quiet hours', () => {
  const quiet = { from: '11:00', to: '14:00' }
  const dueAt = (transition: Transition, timeZone?: string) =>
    noticesOf([transition], around({ quiet }, { timeZone })).map(({ type, dueAt }) => [type, (dueAt - NOON) / HOUR])

  it('people are left alone until these end, machines are told at once', () => {
    expect(dueAt(toSql)).toEqual([
      ['visitor.qualification_changed', 0],
      ['lead.handoff', 2],
    ])
    expect(dueAt(change('flag', '', 'sla_breached'))).toEqual([['lead.sla_breached', 2]])
  })

  it('by the clock of whoever the lead belongs to', () => {
    expect(dueAt(toSql, 'America/New_York')).toContainEqual(['lead.handoff', 0]) // 07:00 there
    expect(dueAt(toSql, 'Europe/Berlin')).toContainEqual(['lead.handoff', 1]) // 13:00 there
  })
})
