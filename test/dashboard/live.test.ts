// @vitest-environment happy-dom
/** The live stream into list, feed and timeline. */
import { beforeEach, expect, it, vi } from 'vitest'
import { createGatherer } from '../../collector/dashboard/live.ts'
import { counts, feed, freshHandRaise } from '../../collector/dashboard/state/feed.ts'
import { filtersOf } from '../../collector/dashboard/state/filters.ts'
import { loadList, order, phase, reloadList, settle } from '../../collector/dashboard/state/list.ts'
import { person } from '../../collector/dashboard/state/people.ts'
import { receive } from '../../collector/dashboard/state/receive.ts'
import { joined } from '../../collector/dashboard/state/visitor.ts'
import type { LiveMessage, Visitor } from '../../shared/answer.ts'
import { makePerson } from './fake-people.ts'

const base = makePerson(0, Date.now()).visitor
const visitor = (id: string, score: number, some: Partial<Visitor> = {}): Visitor => ({ ...base, id, score, ...some })
const score = (changed: Visitor): LiveMessage => ({ name: 'score', visitor: changed })

const open = async (items: Visitor[], query = '', nextCursor: string | null = null): Promise<void> => {
  vi.stubGlobal('fetch', async () => Response.json({ items, nextCursor }))
  await loadList(filtersOf(new URLSearchParams(query)))
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  feed.value = []
  counts.value = { up: 0, down: 0, raised: 0 }
})

it('hands on once per frame, and of each visitor only the latest score', () => {
  const handed: (readonly LiveMessage[])[] = []
  const frames: (() => void)[] = []
  const gather = createGatherer(
    (messages) => handed.push(messages),
    (flush) => frames.push(flush),
  )
  for (let i = 0; i < 50; i++) gather(score(visitor('a', i)))
  gather(score(visitor('b', 7)))
  expect([frames.length, handed.length]).toEqual([1, 0])
  frames[0]!()
  expect(handed).toHaveLength(1)
  expect(handed[0]!.map((message) => message.name === 'score' && message.visitor.score)).toEqual([49, 7])
})

it('changes a score at once, and places when it settles', async () => {
  await open([visitor('a', 50), visitor('b', 40)])
  receive([score(visitor('b', 60))])
  expect(person('b')?.value.score).toBe(60)
  expect(order.value).toEqual(['a', 'b'])
  vi.advanceTimersByTime(1000)
  expect(order.value).toEqual(['b', 'a'])
})

it('takes in whoever belongs into what is loaded, and nobody beyond', async () => {
  await open([visitor('a', 50), visitor('b', 40)], '', 'more')
  receive([score(visitor('new', 45)), score(visitor('cold', 10))])
  settle()
  expect(order.value).toEqual(['a', 'new', 'b'])
})

it('looks for whom a figure counts page after page, and shows those found meanwhile', async () => {
  const pages = [
    { items: [], nextCursor: '1' },
    { items: [visitor('a', 50)], nextCursor: '2' },
    { items: [visitor('b', 40)], nextCursor: null },
  ]
  const seen: string[][] = []
  const asked: URLSearchParams[] = []
  vi.stubGlobal('fetch', async (path: string) => {
    seen.push([...order.value])
    asked.push(new URLSearchParams(path.split('?')[1]))
    return Response.json(pages[asked.length - 1])
  })
  await loadList(filtersOf(new URLSearchParams('entered=intent&from=2026-01-01&to=2026-01-31')))
  expect([order.value, seen.at(-1)]).toEqual([['a', 'b'], ['a']])
  expect(asked.map((query) => [query.get('entered'), query.get('to'), query.get('cursor')])).toEqual([
    ['intent', '2026-01-31', null],
    ['intent', '2026-01-31', '1'],
    ['intent', '2026-01-31', '2'],
  ])
})

it('lets go of whoever leaves the filter', async () => {
  await open([visitor('a', 50, { stage: 'intent' }), visitor('b', 40, { stage: 'intent' })], 'stage=intent')
  receive([score(visitor('a', 20, { stage: 'evaluation' })), score(visitor('c', 30, { stage: 'evaluation' }))])
  settle()
  expect(order.value).toEqual(['b'])
})

it('says so when the list cannot be had, and keeps what it has when it was had before', async () => {
  await open([visitor('a', 50)])
  vi.stubGlobal('fetch', async () => Response.error())
  await loadList(filtersOf(new URLSearchParams()))
  expect([phase.value, order.value]).toEqual(['ready', ['a']])
  await loadList(filtersOf(new URLSearchParams('stage=intent')))
  expect(phase.value).toBe('failed')
})

it('asks again for a list that is on its way, and keeps nobody of the one before', async () => {
  const many = Array.from({ length: 60 }, (_, i) => visitor(`old-${i}`, i))
  await open(many)
  let answer = (): Response => Response.json({ items: many.slice(0, 50), nextCursor: 'more' })
  vi.stubGlobal('fetch', async () => answer())
  void loadList(filtersOf(new URLSearchParams('stage=intent')))
  await reloadList()
  expect([phase.value, order.value.length]).toEqual(['ready', 50])
  answer = () => Response.error()
  void loadList(filtersOf(new URLSearchParams('stage=interest')))
  await reloadList()
  expect(phase.value).toBe('failed')
})

it('tells of each turn once, with its direction', () => {
  const turn = { name: 'transition', visitor: 'x', site: 'default', at: '2026-03-10T12:00:00Z', what: 'stage' } as const
  const up = { ...turn, from: 'interest', to: 'intent', rule: 'r', score: 51 } as const
  receive([up, up, { ...up, at: '2026-03-11T12:00:00Z', from: 'intent', to: 'interest' }])
  expect(feed.value.map((item) => item.up)).toEqual([false, true])
  expect(counts.value).toEqual({ up: 1, down: 1, raised: 0 })
})

it('notices a hand-raise by what it adds, not by what fades', () => {
  const before = visitor('h', 40, { why: [{ signal: 'demo_request', value: 20 }] })
  expect(freshHandRaise(before, visitor('h', 60, { why: [{ signal: 'demo_request', value: 45 }] }))).toBe(
    'demo_request',
  )
  expect(freshHandRaise(before, visitor('h', 39, { why: [{ signal: 'demo_request', value: 19 }] }))).toBeUndefined()
  expect(freshHandRaise(before, visitor('h', 60, { why: [{ signal: 'case_study', value: 25 }] }))).toBeUndefined()
})

it('puts new items before the old ones, and knows a gap', () => {
  const { timeline } = makePerson(1, Date.now())
  expect(joined(timeline.slice(0, 5), timeline.slice(3, 9))).toEqual(timeline.slice(0, 9))
  expect(joined(timeline.slice(0, 3), timeline.slice(5))).toBeUndefined()
})
