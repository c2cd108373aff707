/** How numbers and moments read. */
import { expect, it } from 'vitest'
import { gain, oneDecimal, points } from '../../collector/dashboard/figures.ts'
import { dayOf, fromNow, lasting } from '../../collector/dashboard/time.ts'

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
