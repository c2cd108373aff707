/** What is touched stays, what is not goes, and there are never more than twice as many as asked for. */
import { expect, it } from 'vitest'
import { createRecent } from '../../collector/ingest/recent.ts'

it('keeps at least so many of the last touched', () => {
  const recent = createRecent<number>(10)
  for (let n = 0; n < 100; n += 1) recent.set(`${n}`, n)
  for (let n = 90; n < 100; n += 1) expect(recent.get(`${n}`)).toBe(n)
  expect(recent.get('70')).toBeUndefined()
})

it('keeps what is asked for again and again', () => {
  const recent = createRecent<number>(10)
  recent.set('dear', 1)
  for (let n = 0; n < 100; n += 1) {
    recent.set(`${n}`, n)
    if (n % 5 === 0) expect(recent.get('dear')).toBe(1)
  }
})
