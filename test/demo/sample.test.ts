/** Made-up visitors: always the same, plausible, and taken in by the real collector. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeHistory } from '../../demo/sample/history.ts'
import { type Collector, startCollector } from '../collector/collector.ts'

const NOW = Date.UTC(2026, 2, 31)
const DAY = 86_400_000
const options = { seed: 1, people: 120, days: 90, now: NOW }

describe('the history', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(makeHistory(options)).toEqual(makeHistory(options))
    expect(makeHistory({ ...options, seed: 2 })).not.toEqual(makeHistory(options))
  })

  it('lies in the days asked for, and names every call once', () => {
    const calls = makeHistory(options)
    const times = calls.map(({ timestamp }) => Date.parse(timestamp))
    expect(Math.min(...times)).toBeGreaterThan(NOW - 91 * DAY)
    expect(Math.max(...times)).toBeLessThan(NOW)
    expect(new Set(calls.map(({ messageId }) => messageId)).size).toBe(calls.length)
    expect(new Set(calls.map(({ anonymousId }) => anonymousId)).size).toBeGreaterThan(110)
  })

  it('names nobody who could be real', () => {
    for (const { userId } of makeHistory(options)) if (userId) expect(userId).toMatch(/\.example$/)
  })
})

interface Page {
  readonly items: readonly { readonly stage: string; readonly qualification: string; readonly site: string }[]
}

describe('in the collector', () => {
  let collector: Collector
  beforeAll(async () => {
    collector = await startCollector()
  })
  afterAll(() => collector.end())

  const visitors = async (site: string) =>
    (await collector.admin<Page>(`/api/visitors?site=${site}&limit=200`)).body.items
  interface Report {
    readonly stages: readonly { readonly now: number }[]
  }
  /** By the report: what it counts from is gone with the visitors. */
  const counted = async () => {
    const { body } = await collector.admin<Report>('/api/reports/funnel')
    return body.stages.reduce((sum, { now }) => sum + now, 0)
  }
  const sites = () => collector.running.sites().map(({ name }) => name)

  it('fills a site of its own with people at every stage, and refuses none of it', async () => {
    const { status, body } = await collector.admin<{ rejected: number }>('/api/sample', 'POST', {
      people: 190,
      days: 120,
    })
    expect([status, body.rejected]).toEqual([201, 0])
    const found = await visitors('sample')
    expect(found.length).toBeGreaterThan(150)
    expect(await counted()).toBe(found.length)
    for (const stage of ['awareness', 'interest', 'evaluation', 'intent'])
      expect(found.filter((each) => each.stage === stage).length, stage).toBeGreaterThan(0)
    for (const name of ['iql', 'mql', 'sql', 'customer'])
      expect(found.filter(({ qualification }) => qualification === name).length, name).toBeGreaterThan(0)
    expect(collector.problems).toEqual([])
  })

  it('leaves no key behind, and no trace on the other sites', async () => {
    const { body } = await collector.admin<{ items: unknown[] }>('/api/keys')
    expect(body.items).toEqual([])
    expect(await visitors('default')).toEqual([])
  })

  it('adds nothing when asked twice', async () => {
    const { body } = await collector.admin<{ accepted: number }>('/api/sample', 'POST', { people: 190, days: 120 })
    expect(body.accepted).toBe(0)
  })

  it('is removed whole with one request, and can come again', async () => {
    expect((await collector.admin('/api/sample', 'DELETE')).status).toBe(204)
    expect([sites().includes('sample'), await visitors('sample')]).toEqual([false, []])
    const { body } = await collector.admin<{ total: unknown; items: readonly unknown[] }>('/api/accounts')
    expect(body.items).toEqual([])
    expect(await counted()).toBe(0)
    expect((await collector.admin('/api/sample', 'DELETE')).status).toBe(404)
    const again = await collector.admin<{ accepted: number }>('/api/sample', 'POST', { people: 20 })
    expect(again.body.accepted).toBeGreaterThan(20)
    expect((await visitors('sample')).length).toBeGreaterThan(15)
    expect(await counted()).toBe((await visitors('sample')).length)
  })

  it('goes only where nobody takes it for real, and takes only possible numbers', async () => {
    for (const body of [{ site: 'default' }, { people: 0 }, { people: 1e9 }, { days: 'x' }, { seed: -1 }, { other: 1 }])
      expect((await collector.admin('/api/sample', 'POST', body)).status, JSON.stringify(body)).toBe(400)
    expect((await collector.ask('/api/sample', { method: 'POST' })).status).toBe(401)
    expect(
      (await collector.admin<{ site: string }>('/api/sample', 'POST', { site: 'demo', people: 5 })).body.site,
    ).toBe('demo')
  })
})
