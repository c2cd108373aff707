/** The audit log: who did what, and to whom; and of people no more than a hash. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Failure, Trends, Visitor, VisitorPage } from '../../shared/answer.ts'
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

const meet = (visitor: string, traits: object, site?: string) => {
  const events = [
    { type: 'page', url: 'https://shop.example/pricing' },
    { type: 'identify', traits },
  ]
  return collector.ask('/e', {
    method: 'POST',
    headers: BROWSER,
    body: beacon(collector.key(site), events, { visitor }),
  })
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

it('tells of a look at a list once, whom it showed, and still who opened whose profile', async () => {
  await meet('b2'.padEnd(32, '0'), { email: 'bob@acme.example' })
  await meet('c3'.padEnd(32, '0'), { email: 'cyd@acme.example' })
  const { items } = (await collector.admin<VisitorPage>('/api/visitors')).body
  const [ann, bob, cyd] = [ANN.email, 'bob@acme.example', 'cyd@acme.example'].map(
    (email) => items.find(({ traits }) => traits.email === email)!.id,
  )
  const look = async (...ids: readonly unknown[]) =>
    (await collector.admin<Trends>(`/api/trends?ids=${ids.join(',')}`)).body.items.map(({ id }) => id).toSorted()

  expect(await look(ann, bob, 'nobody')).toEqual([ann, bob].toSorted())
  expect(await look(bob, ann)).toEqual([ann, bob].toSorted())
  expect(await look('nobody')).toEqual([])
  expect(await told()).toEqual(['admin token: read list'])
  const [entry] = (await audit()).items
  expect(entry).toMatchObject({ site: 'default', subject: null, detail: null })
  expect(entry!.subjects).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)])

  // Who is new on it is noted, alone; and that somebody was opened, whether they were listed or not.
  await look(ann, bob, cyd)
  await collector.admin(`/api/visitors/${ann}`)
  expect(await told()).toEqual(['admin token: read', 'admin token: read list', 'admin token: read list'])
  const [opened, second, first] = (await audit()).items
  expect(opened!.subjects).toEqual([opened!.subject])
  expect(first!.subjects).toContain(opened!.subject)
  expect(second!.subjects).toHaveLength(1)
  expect(await told(`?visitor=${ann}`)).toEqual(['admin token: read', 'admin token: read list'])
  expect(await told(`?visitor=${cyd}`)).toEqual(['admin token: read list'])

  collector.clock.ahead += 3_600_001
  await look(ann, bob)
  expect(await told('?action=read%20list')).toHaveLength(3)
})

it('tells of a list that has people of two sites once for each', async () => {
  await meet('d4'.padEnd(32, '0'), { email: 'dan@acme.example' }, 'demo')
  const { items } = (await collector.admin<VisitorPage>('/api/visitors')).body
  await collector.admin(`/api/trends?ids=${items.map(({ id }) => id).join(',')}`)
  const entries = (await audit('?action=read%20list')).items
  expect(entries.map(({ site }) => site).toSorted()).toEqual(['default', 'demo'])
  expect(entries.map(({ subjects }) => subjects.length)).toEqual([1, 1])
  expect((await audit('?site=demo')).items).toHaveLength(1)
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

it('finds what was done with the people of one site', async () => {
  await collector.admin(`/api/visitors/${ANN.email}`)
  await collector.admin('/api/sites', 'POST', { name: 'third' })
  expect(await told('?site=default')).toEqual(['admin token: read'])
  expect(await told('?site=third')).toEqual([])
  expect(await told(`?site=default&visitor=${ANN.email}`)).toEqual(['admin token: read'])
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
