/** What people decide about a visitor, over HTTP: it is checked, it counts, it is shown. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Failure, History, Timeline, Trends, Visitor, VisitorPage } from '../../shared/answer.ts'
import { BROWSER, beacon, type Collector, startCollector } from './collector.ts'

type Fault = (typeof Failure)['_output']

let collector: Collector
let reader = ''
beforeAll(async () => {
  collector = await startCollector()
  const made = await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'read' })
  reader = made.body.secret
})
afterAll(() => collector.end())

let people = 0
/** Somebody new, with what they did. */
const somebody = async (...events: readonly object[]): Promise<string> => {
  people += 1
  const visitor = `${people}`.padStart(32, 'a')
  const page = { type: 'page', url: 'https://shop.example/pricing' }
  const body = beacon(collector.key(), [page, ...events], { visitor })
  await collector.ask('/e', { method: 'POST', headers: BROWSER, body })
  return visitor
}
const known = (email: string) => somebody({ type: 'identify', traits: { email } })
const get = async <Body = Visitor>(path: string) => (await collector.admin<Body>(`/api/visitors/${path}`)).body
const post = <Body = Visitor>(path: string, body?: unknown) =>
  collector.admin<Body>(`/api/visitors/${path}`, 'POST', body ?? {})

describe('feedback', () => {
  it('is an event of theirs, and moves them by the rules', async () => {
    const ann = await known('ann@acme.com')
    const { status, body } = await post(`${ann}/feedback`, { verdict: 'won', amount: 1200 })
    expect([status, body.stage, body.qualification]).toEqual([200, 'conversion', 'customer'])
    const { items } = await get<Timeline>(`${ann}/timeline`)
    expect(items.filter((item) => item.kind === 'event').map(({ type }) => type)).toContain('feedback')
  })

  it('that rejects takes a reason', async () => {
    const bob = await somebody(
      { type: 'identify', traits: { email: 'bob@acme.com' } },
      { type: 'form', form: 'f', step: 'submit', signal: 'demo_request' },
    )
    expect((await get(bob)).qualification).toBe('sql')
    const without = await post<Fault>(`${bob}/feedback`, { verdict: 'rejected' })
    expect([without.status, without.body.error.details]).toEqual([
      400,
      [{ path: 'reason', message: 'a rejection takes a reason' }],
    ])
    const { body } = await post(`${bob}/feedback`, { verdict: 'rejected', reason: 'no budget' })
    expect([body.qualification, body.flags]).toEqual(['recycled', ['recycled']])
    const { items } = await get<Timeline>(`${bob}/timeline`)
    expect(items[0]).toMatchObject({ kind: 'transition', rule: 'rejected: no budget' })
  })

  it('is no visit', async () => {
    const visitor = await somebody()
    const before = await get(visitor)
    collector.clock.ahead += 60_000
    const { body } = await post(`${visitor}/feedback`, { verdict: 'contacted' })
    expect(body.lastSeen).toBe(before.lastSeen)
    expect(body.sessions).toBe(before.sessions)
  })
})

describe('points by hand', () => {
  it('are a row of the explanation, with the reason', async () => {
    const visitor = await somebody()
    const { body } = await post(`${visitor}/adjust`, { points: 12, group: 'intent', reason: 'met at a fair' })
    expect(body.groups.intent).toBe(12)
    const { items } = (await get<{ items: { signal: string }[] }>(`${visitor}/explain`)) as never as {
      items: readonly object[]
    }
    expect(items).toContainEqual(
      expect.objectContaining({ signal: 'adjustment', applied: 12, rule: 'met at a fair', group: 'intent' }),
    )
  })
})

describe('merging', () => {
  it('makes one of two, whatever they are called, and takes them apart again', async () => {
    const [a, b] = [await known('carl@acme.com'), await known('dora@acme.com')]
    const [carl, dora] = [await get(a), await get(b)]
    const merged = await post('merge', { from: 'carl@acme.com', into: dora.id })
    expect([merged.status, merged.body.id, merged.body.views]).toEqual([200, dora.id, 2])
    expect((await get(carl.id)).id).toBe(dora.id)
    const again = await post<Fault>('merge', { from: carl.id, into: dora.id })
    expect([again.status, again.body.error.code]).toEqual([409, 'not_mergeable'])
    const split = await post<{ from: Visitor; into: Visitor }>(`${carl.id}/unmerge`)
    expect([split.status, split.body.from.id, split.body.into.id]).toEqual([200, carl.id, dora.id])
    expect((await get(a)).traits.email).toBe('carl@acme.com')
    expect((await get(b)).views).toBe(1)
    for (const id of [carl.id, dora.id]) {
      const { items } = await get<Timeline>(`${id}/timeline`)
      const merges = items.flatMap((item) => (item.kind === 'merge' ? [item.undone ?? false] : []))
      expect(merges).toEqual([true, false])
    }
  })

  it('is undone by any name of the survivor as well, as long as there is something to undo', async () => {
    const [a, b] = [await somebody(), await known('emil@acme.com')]
    await post('merge', { from: a, into: b })
    expect((await post('emil@acme.com/unmerge')).status).toBe(200)
    const nothing = await post<Fault>('emil@acme.com/unmerge')
    expect([nothing.status, nothing.body.error.code]).toEqual([409, 'not_merged'])
  })

  it('is seen by those who follow what happens', async () => {
    const [a, b] = [await somebody(), await somebody()]
    await post('merge', { from: a, into: b })
    await post(`${b}/unmerge`)
    const { items } = (await collector.admin<{ items: Visitor[] }>('/api/visitors?limit=200')).body
    const ids = items.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining([(await get(a)).id, (await get(b)).id]))
  })
})

describe('the history', () => {
  it('is a bounded number of points, with the turns', async () => {
    const visitor = await somebody({ type: 'form', form: 'f', step: 'submit', signal: 'demo_request' })
    const until = new Date(collector.clock.now() + 90 * 86_400_000).toISOString()
    const { items, transitions } = await get<History>(`${visitor}/history?to=${until}`)
    expect(items.length).toBeLessThan(1000)
    expect(items.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['intent', 'interest', 'awareness']))
    expect(items.at(-1)!.score).toBeLessThan(1)
    expect(transitions.map(({ to }) => to)).toEqual(['intent'])
    const { score } = await get(visitor)
    const now = await get<History>(`${visitor}/history`)
    expect(now.items.at(-1)!.score).toBeCloseTo(score, 0)
  })

  it.each(['from=2026-02-01&to=2026-01-01', 'from=yesterday', 'to=%00'])('refuses %s', async (query) => {
    const visitor = await somebody()
    expect((await collector.admin(`/api/visitors/${visitor}/history?${query}`)).status).toBe(400)
  })
})

describe('visitors by their ids', () => {
  const list = (query: string) => collector.admin<VisitorPage>(`/api/visitors?${query}`)

  it('are those that are there, each once: for one who was merged the survivor, of the erased nothing', async () => {
    const [from, into, gone] = [await known('hal@acme.com'), await known('ida@acme.com'), await known('jan@acme.com')]
    const ids = await Promise.all([from, into, gone].map(async (name) => (await get(name)).id))
    const emails = async (query: string) =>
      (await list(query)).body.items.map(({ traits }) => String(traits.email)).toSorted()
    const query = `ids=${[...ids, 'nobody'].join(',')}`
    expect(await emails(query)).toEqual(['hal@acme.com', 'ida@acme.com', 'jan@acme.com'])
    await post('merge', { from, into })
    await collector.admin(`/api/visitors/${gone}`, 'DELETE')
    expect(await emails(query)).toEqual(['ida@acme.com'])
    expect((await list(`ids=${ids[0]}`)).body).toMatchObject({ items: [{ id: ids[1] }], nextCursor: null })
    expect((await list(query)).text).not.toContain('jan')
  })

  it('are themselves and nobody’s namesakes: other names lead to no one', async () => {
    const visitor = await known('kim@acme.com')
    expect((await list(`ids=${visitor},kim@acme.com`)).body.items).toEqual([])
  })

  it.each(['ids=', `ids=${Array(101).fill('a')}`, 'ids=a&q=b', 'ids=a&site=default', 'ids=a,,b'])(
    'refuses %s',
    async (query) => expect((await list(query)).status).toBe(400),
  )
})

describe('the trends', () => {
  const trends = async (query: string) => (await collector.admin<Trends>(`/api/trends?${query}`)).body.items
  const raised = () => somebody({ type: 'form', form: 'f', step: 'submit', signal: 'demo_request' })

  it('are the scores of several, as the history of each tells them', async () => {
    const [one, other] = [await get(await raised()), await get(await somebody())]
    const items = await trends(`ids=${one.id},${other.id}`)
    expect(items.map(({ id }) => id).toSorted()).toEqual([one.id, other.id].toSorted())
    for (const { id, score } of [one, other]) {
      const { trend } = items.find((each) => each.id === id)!
      const [first] = (await get<History>(`${id}/history`)).items
      expect(trend[0]).toEqual({ at: first!.at, score: first!.score })
      expect(trend.at(-1)!.score).toBeCloseTo(score, 0)
      // What lies between two of the same score draws nothing.
      const isLevel = trend.map((point, i) => [trend[i - 1], trend[i + 1]].every((by) => by?.score === point.score))
      expect(isLevel).not.toContain(true)
    }
    const [late] = await trends(`ids=${one.id}&from=${new Date(collector.clock.now()).toISOString()}`)
    expect(late!.trend[0]!.score).toBeCloseTo(one.score, 0)
  })

  it('of one who was merged are the survivor’s, once, and of the erased there are none', async () => {
    const [from, into, gone] = [await known('eve@acme.com'), await known('fay@acme.com'), await known('gil@acme.com')]
    const ids = await Promise.all([from, into, gone].map(async (name) => (await get(name)).id))
    await post('merge', { from, into })
    expect((await collector.admin(`/api/visitors/${gone}`, 'DELETE')).status).toBe(200)
    expect((await trends(`ids=${ids.join(',')}`)).map(({ id }) => id)).toEqual([ids[1]])
  })

  it.each(['', 'ids=', 'ids=a,,b', `ids=${Array(101).fill('a')}`, `ids=${'a'.repeat(65)}`, 'ids=a&from=soon'])(
    'refuses %s',
    async (query) => expect((await collector.admin(`/api/trends?${query}`)).status).toBe(400),
  )
})

describe('every one of these', () => {
  const WRITES: readonly (readonly [string, object])[] = [
    ['x/feedback', { verdict: 'won' }],
    ['x/adjust', { points: 1, group: 'intent', reason: 'r' }],
    ['merge', { from: 'x', into: 'y' }],
    ['x/unmerge', {}],
  ]

  it.each(WRITES)('%s takes the admin role', async (path, body) => {
    const options = { method: 'POST', body: JSON.stringify(body) }
    expect((await collector.ask(`/api/visitors/${path}`, options)).status).toBe(401)
    expect((await collector.ask(`/api/visitors/${path}`, { ...options, token: reader })).status).toBe(403)
  })

  it.each(WRITES)('%s of nobody is not found', async (path, body) => {
    expect((await post(path, body)).status).toBe(404)
  })

  it.each([
    ['feedback', {}],
    ['feedback', { verdict: 'liked' }],
    ['feedback', { verdict: 'won', amount: -1 }],
    ['feedback', { verdict: 'won', reason: { length: { toString: null } } }],
    ['feedback', { verdict: 'won', more: 1 }],
    ['feedback', { verdict: 'lost', reason: 'two\nlines' }],
    ['adjust', { points: 101, group: 'intent', reason: 'r' }],
    ['adjust', { points: '1', group: 'intent', reason: 'r' }],
    ['adjust', { points: 1, group: 'other', reason: 'r' }],
    ['adjust', { points: 1, group: 'intent' }],
    ['adjust', { points: 1, group: 'intent', reason: '' }],
    ['adjust', [1]],
    ['adjust', 'text'],
  ])('%s refuses %j', async (path, body) => {
    const visitor = await somebody()
    expect((await post(`${visitor}/${path}`, body)).status).toBe(400)
  })

  it('is read by a reader', async () => {
    const visitor = await somebody()
    expect((await collector.ask(`/api/visitors/${visitor}/history`, { token: reader })).status).toBe(200)
  })

  it('left the collector without a complaint', () => expect(collector.problems).toEqual([]))
})
