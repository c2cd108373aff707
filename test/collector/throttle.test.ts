/** So much a minute, for each by themselves; and the memory of it has an end. */
import { expect, it } from 'vitest'
import { createThrottle } from '../../collector/throttle.ts'

it('lets in as much as is allowed, says once that somebody is put off, and lets in again with time', () => {
  const rule = createThrottle(60)
  const rulings = Array.from({ length: 63 }, () => rule('a', 0))
  expect(rulings.slice(0, 60).every((ruling) => ruling === 'in')).toBe(true)
  expect(rulings.slice(60)).toEqual(['fresh', 'off', 'off'])
  expect(rule('b', 0)).toBe('in')
  expect([rule('a', 999), rule('a', 1000), rule('a', 1000)]).toEqual(['off', 'in', 'fresh'])
})

it('gives nothing for a clock that is set back, and never more than a minute holds', () => {
  const rule = createThrottle(2)
  expect([rule('a', 100_000), rule('a', 100_000), rule('a', 0), rule('a', 0)]).toEqual(['in', 'in', 'fresh', 'off'])
  const rested = createThrottle(2)
  rested('a', 0)
  expect([1, 2, 3].map(() => rested('a', 86_400_000))).toEqual(['in', 'in', 'fresh'])
})

it('lets everybody in where 0 is allowed', () => {
  const rule = createThrottle(0)
  expect(new Set(Array.from({ length: 1000 }, () => rule('a', 0)))).toEqual(new Set(['in']))
})

it('forgets whoever was silent while very many others asked', () => {
  const rule = createThrottle(1)
  expect([rule('a', 0), rule('a', 0)]).toEqual(['in', 'fresh'])
  for (let n = 0; n < 40_000; n += 1) rule(`b${n}`, 0)
  expect(rule('a', 0)).toBe('in')
})
