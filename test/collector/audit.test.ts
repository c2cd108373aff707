/** The audit log: who did what, and to whom; and of people no more than a hash. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Failure, Visitor } from '../../shared/answer.ts'
import { AuditPage } from '../../shared/answer-privacy.ts'
import { BROWSER, beacon, type Collector, startCollector } from './collector.ts'
import { rowsOf, secrets, telling } from './traces.ts'

type Fault = (typeof Failure)['_output']

const ANN = secrets('ann')
const PHONE = 'a1'.padEnd(32, '0')
let collector: Collector
beforeEach(async () => {
  collector = await startCollector()
  await meet(PHONE, ANN.traits)
})
afterEach(() => collector.end())

const meet = (visitor: string, traits: object) => {
  const events = [
    { type: 'page', url: 'https://shop.example/pricing' },
    { type: 'identify', traits },
  ]
  return collector.ask('/e', { method: 'POST', headers: BROWSER, body: beacon(collector.key(), events, { visitor }) })
}
const audit = async (query = '') => {
  const { body } = await collector.admin<AuditPage>(`/api/audit${query}`)
  return AuditPage.parse(body)
}
const told = async (query = '') => (await audit(query)).items.map(({ actor, action }) => `${actor}: ${action}`)
const makeKey = async (kind: string) =>
  (await collector.admin<{ id: string; secret: string }>('/api/keys', 'POST', { kind })).body

it('tells who read whom, once an hour, by the key that was used', async () => {
  const { id, secret } = await makeKey('read')
  const read = (path: string) => collector.ask(`/api/visitors/${path}`, { token: secret })
  for (const path of [PHONE, `${PHONE}/explain`, `${ANN.email}/timeline`, 'nobody']) await read(path)
  expect(await told('?action=read')).toEqual([`key ${id}: read`])
  await collector.admin(`/api/visitors/${PHONE}`)
  expect(await told('?action=read')).toEqual(['admin token: read', `key ${id}: read`])
  collector.clock.ahead += 3_600_001
  await read(PHONE)
  expect(await told('?action=read')).toHaveLength(3)
  expect(new Set((await audit('?action=read')).items.map(({ subject }) => subject)).size).toBe(1)
})

it('tells who changed what, and which', async () => {
  const { id } = await makeKey('write')
  await collector.admin(`/api/keys/${id}`, 'DELETE')
  await collector.admin('/api/sites', 'POST', { name: 'third' })
  await collector.admin('/api/sites/third', 'PATCH', { allowsPurchase: true })
  const draft = await collector.admin<{ version: number }>('/api/models', 'POST', { preset: 'saas' })
  await collector.admin(`/api/models/${draft.body.version}/publish`, 'POST', { reason: 'a trial' })
  await collector.admin(`/api/visitors/${PHONE}/feedback`, 'POST', { verdict: 'meeting' })
  await collector.admin(`/api/visitors/${PHONE}/adjust`, 'POST', { points: 1, group: 'engage', reason: ANN.word })
  await collector.admin(`/api/visitors/${PHONE}/export`)
  const { items } = await audit()
  expect(items.map(({ action, detail }) => [action, detail]).toReversed()).toEqual([
    ['create key', id],
    ['revoke key', id],
    ['create site', 'third'],
    ['change site', 'third'],
    ['draft model', '2'],
    ['publish model', '2'],
    ['feedback', null],
    ['adjust', null],
    ['export', null],
  ])
  const about = items.slice(0, 3).map(({ subject, site }) => [/^[0-9a-f]{64}$/.test(subject ?? ''), site])
  expect(about).toEqual(Array(3).fill([true, 'default']))
})

it('has nothing of what was refused, or only asked', async () => {
  await collector.admin('/api/sites', 'POST', { name: 'NOT A NAME' })
  await collector.admin('/api/keys/x', 'DELETE')
  await collector.ask('/api/keys', { method: 'POST', token: 'x', body: '{}' })
  for (const path of ['visitors', 'keys', 'audit', 'models']) await collector.admin(`/api/${path}`)
  expect(await told()).toEqual([])
})

it('finds what was done with one person, whoever they were before they were joined', async () => {
  await meet('b2'.padEnd(32, '0'), { email: 'bob@acme.example' })
  await meet('c3'.padEnd(32, '0'), { email: 'cyd@acme.example' })
  for (const ref of [ANN.email, 'bob@acme.example', 'cyd@acme.example']) await collector.admin(`/api/visitors/${ref}`)
  await collector.admin('/api/visitors/merge', 'POST', { from: 'bob@acme.example', into: ANN.email })
  expect(await told(`?visitor=${ANN.email}`)).toEqual([
    'admin token: merge',
    'admin token: merge',
    'admin token: read',
    'admin token: read',
  ])
  expect(await told('?visitor=nobody')).toEqual([])
})

it('keeps of the erased that, when and by whom, and a hash that stays the same', async () => {
  const { body: visitor } = await collector.admin<Visitor>(`/api/visitors/${ANN.email}`)
  await collector.admin(`/api/visitors/${ANN.email}`, 'DELETE')
  const { items } = await audit()
  expect(items.map(({ action, actor, site }) => [action, actor, site])).toEqual([
    ['erase', 'admin token', 'default'],
    ['read', 'admin token', 'default'],
  ])
  expect(items[0]!.subject).toBe(items[1]!.subject)
  const rows = await rowsOf(collector)
  expect(telling(rows, { all: [...ANN.all, PHONE, visitor.id] })).toEqual([])
})

it('is read page by page, the newest first', async () => {
  for (const name of ['one', 'two', 'three']) await collector.admin('/api/sites', 'POST', { name })
  const first = await audit('?limit=2')
  expect(first.items.map(({ detail }) => detail)).toEqual(['three', 'two'])
  const second = await audit(`?limit=2&cursor=${first.nextCursor}`)
  expect([second.items.map(({ detail }) => detail), second.nextCursor]).toEqual([['one'], null])
  expect((await collector.admin<Fault>('/api/audit?cursor=x')).status).toBe(400)
})
