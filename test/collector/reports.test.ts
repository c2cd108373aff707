/** The reports over HTTP: what many people did, told as cohorts, and kept as it happens. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ContentReport,
  FunnelReport,
  SignalsReport,
  SourcesReport,
  VelocityReport,
} from '../../shared/answer-reports.ts'
import { ADMIN, basic, type Collector, startCollector } from './collector.ts'

const DAY = 86_400_000
/** 60 days ago, at noon: the window of those who came then has closed. */
const START = Math.floor(Date.now() / DAY) * DAY - 60 * DAY + DAY / 2
const iso = (at: number): string => new Date(at).toISOString()
const day = (at: number): string => iso(at).slice(0, 10)

let collector: Collector
let secret: string
let ids = 0

interface Told {
  readonly type: 'page' | 'track' | 'identify'
  readonly at: number
  readonly [field: string]: unknown
}

const tell = async (who: string, events: readonly Told[]): Promise<void> => {
  const batch = events.map(({ at, ...event }) => {
    ids += 1
    return { messageId: `m${ids}`, anonymousId: who, timestamp: iso(at), ...event }
  })
  const { status, body } = await collector.ask('/v1/import', {
    method: 'POST',
    headers: { authorization: basic(secret) },
    body: JSON.stringify({ batch }),
  })
  expect([status, body.accepted]).toEqual([200, batch.length])
}
const page = (path: string, at: number, properties: object = {}): Told => ({
  type: 'page',
  at,
  properties: { url: `https://www.acme.example${path}`, ...properties },
})

/** Of 60 people, 30 read what is new, of these 20 look at prices two days later; others look around and go. */
beforeAll(async () => {
  collector = await startCollector()
  secret = (await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'write' })).body.secret
  for (let n = 0; n < 60; n += 1) {
    const at = START + n * 1000
    const first = n < 30 ? page('/what-is-new?utm_medium=cpc&utm_source=ads', at) : page('/team', at)
    const later = n < 20 ? [page('/pricing', at + 2 * DAY), page('/compare', at + 2 * DAY + 5000)] : []
    await tell(`p${n}`, [first, ...later])
  }
  await tell('late', [page('/pricing', Date.now() - DAY), page('/compare', Date.now() - DAY + 1000)])
})
afterAll(() => collector.end())

const report = async <Answer>(name: string, schema: { parse: (body: unknown) => Answer }, query = '') => {
  const { status, body } = await collector.admin(`/api/reports/${name}${query}`)
  expect(status).toBe(200)
  // Nothing is answered that is not documented.
  expect(schema.parse(body)).toEqual(body)
  return body as Answer
}

describe('the funnel', () => {
  it('counts who entered, and the rate of those whose window has closed', async () => {
    const { period, stages, funnels } = await report('funnel', FunnelReport)
    expect(period).toMatchObject({ site: null, windowDays: 30, modelVersion: 1 })
    expect(stages[0]).toMatchObject({ stage: 'awareness', entered: 61, closed: 60, moved: 20, rate: 1 / 3 })
    const interest = stages.find(({ stage }) => stage === 'interest')!
    expect([interest.entered, interest.closed]).toEqual([21, 20])
    expect(funnels[0]).toMatchObject({ funnel: 'tofu', entered: 61, closed: 60 })
    expect(stages.reduce((sum, { now }) => sum + now, 0)).toBe(61)
  })

  it('knows from where people came, and how far', async () => {
    const { sources } = await report('funnel', FunnelReport)
    expect(sources.map(({ medium, source, visitors, closed }) => [medium, source, visitors, closed])).toEqual([
      ['direct', null, 31, 30],
      ['cpc', 'ads', 30, 30],
    ])
    expect(sources[1]!.reached.interest).toBe(20)
  })

  it('has what was recorded, by the version of that time', async () => {
    const { models } = await report('funnel', FunnelReport)
    expect(models.map(({ modelVersion }) => modelVersion)).toEqual([1])
    const moves = models[0]!.stages.reduce((sum, { count }) => sum + count, 0)
    expect(moves).toBeGreaterThanOrEqual(21)
  })

  it.each([
    [`?from=${day(START)}&to=${day(START)}`, 60],
    [`?from=${day(START + DAY)}`, 1],
    [`?to=${day(START)}`, 60],
    [`?to=${day(START - DAY)}`, 0],
    [`?from=${encodeURIComponent(iso(START))}`, 61],
    ['?site=default', 61],
    ['?site=demo', 0],
    ['?site=nothing', 0],
  ])('asked for %s has %i who entered', async (query, entered) => {
    const { stages } = await report('funnel', FunnelReport, query)
    expect(stages[0]!.entered).toBe(entered)
  })
})

it('velocity: two days until they moved on', async () => {
  const { stages } = await report('velocity', VelocityReport)
  const { closed, moved, medianSeconds } = stages[0]!
  expect([closed, moved]).toEqual([60, 20])
  expect(Math.abs(medianSeconds! - 2 * 86_400) / (2 * 86_400)).toBeLessThan(0.05)
})

it('content: what people saw before they moved on, and what says nothing yet', async () => {
  const { items, untagged, hidden } = await report('content', ContentReport)
  const [first, second] = items
  expect(first).toMatchObject({ path: '/what-is-new', stage: 'awareness', people: 30, moved: 20, tagged: 'none' })
  expect(first!.lift).toBeGreaterThan(1.9)
  expect(second).toMatchObject({ path: '/team', people: 30, moved: 0 })
  expect(hidden).toBeGreaterThan(0)
  expect(untagged.map(({ path, people }) => [path, people])).toEqual([
    ['/team', 30],
    ['/what-is-new', 30],
  ])
  expect(untagged[0]!.line).toMatch(/^<meta name="leadlight" content="\w+/)
})

it('sources and signals: who became a lead', async () => {
  for (let n = 0; n < 15; n += 1) {
    const at = START + 3 * DAY + n
    await tell(`p${n}`, [
      { type: 'identify', at, traits: { email: `p${n}@acme${n}.example` } },
      { type: 'track', at: at + 1, event: 'demo_request' },
    ])
  }
  const { base, items } = await report('sources', SourcesReport)
  expect(base).toEqual({ closed: 60, sql: 15, rate: 0.25 })
  expect(items.find(({ medium }) => medium === 'cpc')).toMatchObject({ rate: 0.5 })
  const signals = await report('signals', SignalsReport)
  expect(signals.items.find(({ signal }) => signal === 'page_view')).toMatchObject({ people: 61, closed: 60, sql: 15 })
  const { qualifications } = await report('velocity', VelocityReport)
  expect(qualifications.find(({ qualification }) => qualification === 'sql')).toMatchObject({ closed: 60, moved: 15 })
})

it('two who turn out to be one are counted once', async () => {
  const merged = await collector.admin('/api/visitors/merge', 'POST', { from: 'p40', into: 'p41' })
  expect(merged.status).toBe(200)
  expect((await report('funnel', FunnelReport)).stages[0]!.entered).toBe(60)
  expect((await collector.admin('/api/visitors/p41/unmerge', 'POST')).status).toBe(200)
  expect((await report('funnel', FunnelReport)).stages[0]!.entered).toBe(61)
})

it.each(['?from=2026-02-01&to=2026-01-01', '?from=yesterday', '?to=2026-13-01', '?from=0', `?site=${'x'.repeat(101)}`])(
  'asked for %.40s says what it takes',
  async (query) => {
    const { status, body } = await collector.ask<{ error: { code: string } }>(`/api/reports/funnel${query}`, {
      token: ADMIN,
    })
    expect([status, body.error.code]).toEqual([400, 'bad_request'])
  },
)
