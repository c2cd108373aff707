/** How numbers and moments read. */
import { expect, it } from 'vitest'
import { gain, oneDecimal, points } from '../../collector/dashboard/figures.ts'
import { dayOf, daySpan, fromNow, lasting, withMoments } from '../../collector/dashboard/time.ts'

it.each([
  [42.66, 42.7],
  [0.05, 0.1],
  [-0.04, 0],
  [-5.05, -5.1],
  [100, 100],
])('rounds %d to %d', (value, rounded) => {
  expect(oneDecimal(value)).toBe(rounded)
  expect(Object.is(oneDecimal(value), -0)).toBe(false)
})

it('writes points with one decimal, and gains with their sign', () => {
  expect([points(5), points(-0.04), points(19.96)]).toEqual(['5.0', '0.0', '20.0'])
  expect([gain(6), gain(0), gain(-10)]).toEqual(['+6.0', '0.0', '-10.0'])
})

const NOW = Date.parse('2026-03-10T12:00:00Z')

it.each([
  [5_000, 'just now'],
  [-5_000, 'just now'],
  [42_000, '42s ago'],
  [3 * 3600_000, '3h ago'],
  [-5 * 86_400_000, 'in 5d'],
])('says of %d ms ago: %s', (ago, words) => {
  expect(fromNow(new Date(NOW - ago).toISOString(), NOW)).toBe(words)
})

it('names today and yesterday', () => {
  expect(dayOf(new Date(NOW).toISOString(), NOW)).toBe('Today')
  expect(dayOf(new Date(NOW - 86_400_000).toISOString(), NOW)).toBe('Yesterday')
  expect(dayOf(new Date(NOW - 3 * 86_400_000).toISOString(), NOW)).toContain('March')
})

it('says how long in seconds, then in minutes', () => {
  expect([lasting(41.5), lasting(812)]).toEqual(['42 s', '14 min'])
})

it('says instants in a sentence as people write them', () => {
  expect(withMoments('SQL since 2026-03-20T09:46:00.205Z: asked')).toMatch(/^SQL since [^TZ]*2026[^TZ]*: asked$/)
  expect(withMoments('in 5 days')).toBe('in 5 days')
})

it('says two days as one stretch, and nothing of what are none', () => {
  expect(daySpan('2026-03-03', '2026-03-09')).toMatch(/3\D+9.*2026/)
  expect([daySpan('', ''), daySpan('2026-03-09', '2026-03-03'), daySpan('x', '2026-03-03')]).toEqual(['', '', ''])
})
