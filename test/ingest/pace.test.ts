/** Nobody opens twenty pages in ten seconds. */
import { expect, it } from 'vitest'
import { createPace } from '../../collector/ingest/pace.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import { RECEIVED } from './arrival.ts'

const page = (n: number, at: number): VisitorEvent => ({
  id: `e${n}`,
  type: 'page',
  at: RECEIVED + at,
  source: 'browser',
})
const hasty = (instants: readonly number[]) => {
  const isHasty = createPace()
  return instants.filter((at, n) => isHasty('v', page(n, at))).length
}
const every = (ms: number, count: number) => Array.from({ length: count }, (_, n) => n * ms)

it('twenty at once are a person, what comes on top is none', () => {
  expect(hasty(every(100, 20))).toBe(0)
  expect(hasty(every(100, 25))).toBe(5)
})

it('a view every second is hasty never', () => {
  expect(hasty(every(1000, 500))).toBe(0)
})

it('what waited and comes at once is told by when it happened', () => {
  expect(hasty(every(60_000, 100))).toBe(0)
})

it('a view that is sent again counts once', () => {
  const isHasty = createPace()
  const again = Array.from({ length: 100 }, (_, n) => page(n % 10, (n % 10) * 100))
  expect(again.filter((event) => isHasty('v', event))).toEqual([])
})

it('what else they do in that time is no more theirs, and after it they are believed again', () => {
  const isHasty = createPace()
  for (const at of every(100, 20)) isHasty('v', page(at, at))
  const click = (at: number): VisitorEvent => ({ id: `c${at}`, type: 'click', at: RECEIVED + at, source: 'browser' })
  expect(isHasty('v', click(2000))).toBe(true)
  expect(isHasty('w', click(2000))).toBe(false)
  expect(isHasty('v', click(20_000))).toBe(false)
})
