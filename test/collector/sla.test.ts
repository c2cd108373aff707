/** `GET /api/reports/sla`, from what happened to what is told of it. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SlaRow } from '../../shared/sla-report.ts'
import { basic, type Collector, startCollector } from './collector.ts'

let collector: Collector
let key: string
const MINUTE = 60_000
const START = Date.now() - 10 * 24 * 60 * MINUTE

beforeAll(async () => {
  collector = await startCollector()
  key = (await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'write' })).body.secret
})
afterAll(() => collector.end())

const tell = (userId: string, calls: readonly (readonly [minutes: number, call: object])[]) =>
  collector.ask('/v1/import', {
    method: 'POST',
    headers: { authorization: basic(key) },
    body: JSON.stringify({
      batch: calls.map(([minutes, call]) => ({
        ...{ type: 'track', userId, messageId: randomUUID() },
        ...{ timestamp: new Date(START + minutes * MINUTE).toISOString(), ...call },
      })),
    }),
  })
const email = (user: string) => ({ type: 'identify', traits: { email: `${user}@acme.example` } })
const raise = { event: 'demo_request' }
const rows = async (query = '') => (await collector.admin<{ items: SlaRow[] }>(`/api/reports/sla${query}`)).body.items

it('tells of hands that were raised: answered, bought, never', async () => {
  for (const user of ['ann', 'bob', 'cid', 'dan'])
    await tell(user, [
      [0, email(user)],
      [1, raise],
    ])
  await tell('dan', [[30, { event: 'Order Completed' }]])
  await collector.admin('/api/visitors/ann/feedback', 'POST', { verdict: 'contacted' })
  await collector.admin('/api/visitors/ann/feedback', 'POST', { verdict: 'accepted' })
  await collector.admin('/api/visitors/bob/feedback', 'POST', { verdict: 'rejected', reason: 'no budget' })
  const [row, ...others] = await rows()
  expect(row).toMatchObject({ kind: 'handRaise', modelVersion: 1, leads: 4, inTouch: 0, touched: 2, never: 2 })
  expect(row).toMatchObject({ judged: 3, good: 2, precision: 2 / 3 })
  expect(row!.medianSeconds! / 86_400).toBeCloseTo(10, 1)
  expect(others.map(({ kind, leads }) => [kind, leads])).toEqual([['mql', 4]])
})

it('of a span, and of a site', async () => {
  const iso = (minutes: number) => new Date(START + minutes * MINUTE).toISOString()
  expect(await rows(`?from=${iso(2)}`)).toEqual([])
  expect(await rows(`?to=${iso(1)}`)).toEqual([])
  expect((await rows(`?from=${iso(1)}&to=${iso(2)}`))[0]).toMatchObject({ leads: 4 })
  expect(await rows('?site=demo')).toEqual([])
  expect((await rows('?site=default'))[0]).toMatchObject({ leads: 4 })
})

it('of people who turned out to be one, together', async () => {
  await tell('eve', [
    [0, email('eve')],
    [1, raise],
  ])
  await tell('eve2', [[0, { type: 'identify', traits: { name: 'Eve' } }]])
  await collector.admin('/api/visitors/eve2/feedback', 'POST', { verdict: 'meeting' })
  const merged = await collector.admin('/api/visitors/merge', 'POST', { from: 'eve', into: 'eve2' })
  expect(merged.status).toBe(200)
  expect((await rows())[0]).toMatchObject({ leads: 5, touched: 3 })
})

it('takes no nonsense', async () => {
  for (const query of ['?from=soon', '?from=2026-02-01&to=2026-01-01', `?site=${'x'.repeat(101)}`])
    expect((await collector.admin(`/api/reports/sla${query}`)).status).toBe(400)
})
