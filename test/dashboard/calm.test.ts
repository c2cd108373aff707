/** What changes faster than anybody reads. */
import { signal } from '@preact/signals'
import { beforeEach, expect, it, vi } from 'vitest'
import { calmed } from '../../collector/dashboard/calm.ts'

beforeEach(() => vi.useFakeTimers())

it('shows the first change at once, and what comes soon after it together', () => {
  const source = signal(0)
  const shown = calmed(source, 500)
  const seen: number[] = []
  shown.subscribe((value) => seen.push(value))
  for (const value of [1, 2, 3]) source.value = value
  expect(seen).toEqual([0, 1])
  vi.advanceTimersByTime(499)
  expect(seen).toEqual([0, 1])
  vi.advanceTimersByTime(1)
  expect(seen).toEqual([0, 1, 3])
})

it('goes on so for as long as it changes, and is at once again after a rest', () => {
  const source = signal(0)
  const shown = calmed(source, 500)
  source.value = 1
  source.value = 2
  vi.advanceTimersByTime(500)
  source.value = 3
  expect(shown.value).toBe(2)
  vi.advanceTimersByTime(500)
  expect(shown.value).toBe(3)
  vi.advanceTimersByTime(500)
  source.value = 4
  expect(shown.value).toBe(4)
})
