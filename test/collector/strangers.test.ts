/** Names for a day: by an HMAC that is the standard's. */
import { createHmac, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createStrangers, hmac } from '../../collector/strangers.ts'

it.each(['', 'a', '198.51.100.7\nMozilla/5.0', 'ü'.repeat(500)])('is the HMAC of %j', (text) => {
  for (const length of [0, 1, 32, 64]) {
    const key = randomBytes(length)
    expect(hmac(key, text)).toBe(createHmac('sha256', key).update(text).digest('hex'))
  }
})

it('names the same browser the same all day, and not on the next', () => {
  const { nameOf } = createStrangers()
  const [morning, evening, tomorrow] = [1000, 86_399_999, 86_400_000].map((now) => nameOf('198.51.100.7', 'x', now))
  expect(morning).toBe(evening)
  expect(tomorrow).not.toBe(evening)
})
