/** Names for a day: by an HMAC that is the standard's. */
import { randomBytes, createHmac as standard } from 'node:crypto'
import { expect, it } from 'vitest'
import { createOwnCommons } from '../../collector/commons.ts'
import { createHmac, createStrangers } from '../../collector/strangers.ts'

it.each(['', 'a', '198.51.100.7\nMozilla/5.0', 'ü'.repeat(500)])('is the HMAC of %j', (text) => {
  for (const length of [0, 1, 32, 64]) {
    const key = randomBytes(length)
    const hmac = createHmac(key)
    for (let n = 0; n < 2; n += 1) expect(hmac.of(text)).toBe(standard('sha256', key).update(text).digest('hex'))
  }
})

it('names the same browser the same all day, and not on the next', async () => {
  const { nameOf, turn } = createStrangers(createOwnCommons(() => 0).secretOfDay)
  await turn(1000)
  const [morning, evening, tomorrow] = [1000, 86_399_999, 86_400_000].map((now) => nameOf('198.51.100.7', 'x', now))
  expect(morning).toBe(evening)
  expect(tomorrow).not.toBe(evening)
})

it('is named the same by collectors that share their secrets, also across midnight', async () => {
  const { secretOfDay } = createOwnCommons(() => 0)
  const [one, other] = [createStrangers(secretOfDay), createStrangers(secretOfDay)]
  await one.turn(1000)
  await other.turn(2000)
  for (const now of [86_399_999, 86_400_000])
    expect(one.nameOf('198.51.100.7', 'x', now)).toBe(other.nameOf('198.51.100.7', 'x', now))
})

it('is forgotten when the day ends, and tomorrow’s secret is asked for: nobody has that of the day any more', async () => {
  const { secretOfDay } = createOwnCommons(() => 0)
  const first = Buffer.from(await secretOfDay(0))
  await secretOfDay(2)
  expect(Buffer.from(await secretOfDay(0)).equals(first)).toBe(false)
})
