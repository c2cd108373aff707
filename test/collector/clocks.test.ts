/** Clocks that are wrong: the browser's by a year either way, the server's set back and forth while it works. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BROWSER, beacon, type Collector, newId, startCollector } from './collector.ts'

const DAY = 86_400_000
const YEAR = 365 * DAY

let collector: Collector
beforeAll(async () => {
  collector = await startCollector()
})
afterAll(() => collector.end())

const send = (events: readonly object[], head: object) =>
  collector.ask('/e', { method: 'POST', body: beacon(collector.key(), events, head), headers: BROWSER })
const page = (more: object = {}) => ({
  type: 'page',
  url: 'https://www.acme.example/pricing',
  signal: 'pricing',
  ...more,
})

interface Seen {
  readonly score: number
  readonly lastSeen: string
  readonly firstSeen: string
}
const visitor = async (id: string, at?: number): Promise<Seen> => {
  const query = at === undefined ? '' : `?at=${new Date(at).toISOString()}`
  return (await collector.admin<Seen>(`/api/visitors/${id}${query}`)).body
}

it.each([
  ['a year behind', -YEAR],
  ['a year ahead', YEAR],
  ['a day ahead', DAY],
  ['at the beginning of time', -Date.now()],
])('a browser whose clock is %s is taken at the time of arrival', async (name, off) => {
  const id = `clock ${name}`.replaceAll(' ', '-').padEnd(32, '0')
  const before = Date.now()
  const sent = Date.now() + off
  const answer = await send([page({ id: newId(), at: sent - 5000 })], { visitor: id, sent })
  expect(answer.body.accepted).toBe(1)
  const { lastSeen, score } = await visitor(id)
  expect(Date.parse(lastSeen)).toBeGreaterThanOrEqual(before - 6000)
  expect(Date.parse(lastSeen)).toBeLessThanOrEqual(Date.now())
  expect(score).toBeGreaterThan(0)
  expect(score).toBeLessThanOrEqual(100)
})

it('a server whose clock is set back and forth keeps nothing of the future, and every score between 0 and 100', async () => {
  const id = 'stepped-clock'.padEnd(32, '0')
  const steps = [0, -DAY, -3600_000, 0, -YEAR, -1, 0]
  for (const step of steps) {
    collector.clock.ahead = step
    const at = collector.clock.now()
    const events = [
      page({ at, view: `v${step}` }),
      { type: 'engagement', at, view: `v${step}`, seconds: 40, scroll: 90 },
    ]
    expect((await send(events, { visitor: id, sent: at })).body.accepted).toBe(2)
    const { score } = await visitor(id)
    expect(score).toBeGreaterThanOrEqual(0)
    expect(score).toBeLessThanOrEqual(100)
  }
  collector.clock.ahead = 0
  type Page = { items: readonly { at: string }[] }
  const { items } = (await collector.admin<Page>(`/api/visitors/${id}/timeline?limit=200`)).body
  expect(items.length).toBeGreaterThanOrEqual(2 * steps.length)
  for (const { at } of items) expect(Date.parse(at)).toBeLessThanOrEqual(Date.now())
})

it('with nothing but time going by, no score grows', async () => {
  const { items } = (await collector.admin<{ items: readonly { id: string }[] }>('/api/visitors?limit=200')).body
  expect(items.length).toBeGreaterThan(3)
  for (const { id } of items) {
    const scores: number[] = []
    for (let day = 0; day <= 60; day += 3) {
      collector.clock.ahead = day * DAY
      scores.push((await visitor(id)).score)
    }
    collector.clock.ahead = 0
    expect(scores.every((score, n) => n === 0 || score <= scores[n - 1]!)).toBe(true)
    expect(scores.at(-1)).toBeLessThan(scores[0]!)
  }
})
