/** Whose a lead is. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { Routing } from '../../shared/handoff-model.ts'
import { ownerOf } from '../../shared/owner.ts'
import { readModel } from '../../shared/read-model.ts'

const owner = (id: string) => ({ id, name: id.toUpperCase(), email: `${id}@us.example` })
const routing: Routing = {
  owners: ['ada', 'bo', 'cy', 'di'].map(owner),
  rules: [
    { when: { account: ['acme.example'] }, owners: ['di'] },
    { when: { country: ['Deutschland', 'Österreich'], companySize: [200, 10_000] }, owners: ['ada'] },
    { when: { country: ['Deutschland'] }, owners: ['bo'] },
    { when: {}, owners: ['bo', 'cy'] },
  ],
}
const whose = (traits: Record<string, unknown>, account?: string, id = 'v1') =>
  ownerOf({ id, account, traits }, routing)?.id

describe('the first rule that holds decides', () => {
  it.each([
    [{ country: 'deutschland', companySize: 500 }, 'ada'],
    [{ country: 'Osterreich', companySize: '201-500' }, 'ada'],
    [{ country: 'Deutschland', companySize: 50 }, 'bo'],
    [{ country: 'Deutschland' }, 'bo'],
  ])('%o: %s', (traits, id) => {
    expect(whose(traits)).toBe(id)
  })

  it('the account before all', () => {
    expect(whose({ country: 'Deutschland' }, 'acme.example')).toBe('di')
  })

  it('nobody where none holds, or there are none', () => {
    expect(ownerOf({ id: 'v', account: undefined, traits: {} }, { owners: [], rules: [] })).toBeUndefined()
    expect(
      ownerOf({ id: 'v', account: undefined, traits: {} }, { ...routing, rules: routing.rules.slice(0, 3) }),
    ).toBeUndefined()
  })
})

describe('of several owners', () => {
  const ids = Array.from({ length: 2000 }, (_, n) => `visitor-${n}`)

  it('each gets about as many', () => {
    const bo = ids.filter((id) => whose({}, undefined, id) === 'bo').length
    expect(bo / ids.length).toBeGreaterThan(0.45)
    expect(bo / ids.length).toBeLessThan(0.55)
  })

  it('a visitor always gets the same, and so do all of one company', () => {
    expect(ids.map((id) => whose({}, undefined, id))).toEqual(ids.map((id) => whose({}, undefined, id)))
    expect(new Set(ids.map((id) => whose({}, 'b.example', id))).size).toBe(1)
  })
})

describe('an owner that is recorded', () => {
  it.each([
    [{ owner: 'cy' }, 'cy'],
    [{ owner: 'ada@us.example', country: 'Deutschland' }, 'ada'],
    [{ owner: 'nobody', country: 'Deutschland' }, 'bo'],
    [{ owner: { toString: 'cy' }, country: 'Deutschland' }, 'bo'],
  ])('wins, if there is such a one: %o', (traits, id) => {
    expect(whose(traits)).toBe(id)
  })
})

describe('a model', () => {
  const mistakesOf = (part: object) =>
    readModel({ ...DEFAULT_MODEL, ...part }).mistakes?.map(({ path, message }) => `${path}: ${message}`)

  it('may name owners and rules', () => {
    expect(mistakesOf({ routing })).toBeUndefined()
  })

  it.each([
    [
      { routing: { owners: [], rules: [{ owners: ['eve'] }] } },
      'routing.rules.0.owners: there is no owner `eve` in routing.owners',
    ],
    [{ routing: { ...routing, rules: [{ owners: [] }] } }, 'routing.rules.0.owners: a rule names at least one owner'],
    [{ routing: { owners: [owner('a'), owner('a')], rules: [] } }, 'routing.owners.1: there are two owners `a`'],
    [
      { routing: { ...routing, rules: [{ when: { companySize: [9, 1] }, owners: ['bo'] }] } },
      'routing.rules.0.when.companySize: the range begins at 9 and ends at 1',
    ],
    [
      { routing: { ...routing, owners: [{ ...owner('ada'), timeZone: 'Mars/Base' }], rules: [] } },
      'routing.owners.0.timeZone: no such time zone; take one such as Europe/Berlin',
    ],
    [
      { sla: { ...DEFAULT_MODEL.sla, businessHours: { days: [], from: '09:00', to: '18:00' } } },
      'sla.businessHours.days: there is no day on which somebody is there',
    ],
    [
      { sla: { ...DEFAULT_MODEL.sla, businessHours: { days: [1], from: '18:00', to: '09:00' } } },
      'sla.businessHours: business hours take at least one hour, and end on the day they begin',
    ],
    [
      { alerts: { ...DEFAULT_MODEL.alerts, quiet: { from: '08:00', to: '08:00' } } },
      'alerts.quiet: quiet hours begin and end at 08:00; leave them out to have none',
    ],
    [
      { alerts: { ...DEFAULT_MODEL.alerts, quiet: { from: '8', to: '09:00' } } },
      'alerts.quiet.from: takes a time of day such as 08:30',
    ],
    [{ alerts: { ...DEFAULT_MODEL.alerts, on: ['iql'] } }, 'alerts.on.0: takes one of: mql, sql, customer, expansion'],
  ])('that contradicts itself is told so: %#', (part, sentence) => {
    expect(mistakesOf(part)).toEqual([sentence])
  })

  it('that was written before there were such parts is still one', () => {
    const { alerts: _, sla: __, routing: ___, ...old } = DEFAULT_MODEL
    expect(readModel(old).model).toEqual(DEFAULT_MODEL)
  })
})
