/**
 * Names visitors of whom the browser keeps nothing: for a day, by where they come from. The secret is
 * gone with the UTC day, so that nobody can later tell from a name whose it was.
 */
import { hash, randomBytes } from 'node:crypto'

const DAY = 86_400_000

export interface Strangers {
  /** The name of whoever has this address and browser today. Sites are told apart where it is used. */
  readonly nameOf: (address: string, userAgent: string, now: number) => string
  /** Forgets the secret of a day that is over; gets those of today and tomorrow. To be awaited once before names are asked. */
  readonly turn: (now: number) => Promise<void>
}

export const createStrangers = (secretOfDay: (day: number) => Promise<Buffer>): Strangers => {
  const secrets = new Map<number, Buffer>()
  const forgetBefore = (today: number): void => {
    for (const [day, secret] of secrets)
      if (day < today) {
        secret.fill(0)
        secrets.delete(day)
      }
  }
  return {
    turn: async (now) => {
      const today = Math.floor(now / DAY)
      for (const day of [today, today + 1]) if (!secrets.has(day)) secrets.set(day, Buffer.from(await secretOfDay(day)))
      forgetBefore(today)
    },
    nameOf: (address, userAgent, now) => {
      const today = Math.floor(now / DAY)
      forgetBefore(today)
      // A clock that jumped by days: other collectors will know these by other names.
      const secret = secrets.get(today) ?? randomBytes(32)
      secrets.set(today, secret)
      return hmac(secret, `${address}\n${userAgent}`)
    },
  }
}

const BLOCK = 64

/** HMAC-SHA256 (RFC 2104) in hex, of a key no longer than a block. `createHmac` takes several times as long for each. */
export const hmac = (key: Buffer, text: string): string => {
  const [inner, outer] = [Buffer.alloc(BLOCK, 0x36), Buffer.alloc(BLOCK, 0x5c)]
  for (const [n, byte] of key.entries()) {
    inner[n]! ^= byte
    outer[n]! ^= byte
  }
  const digest = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'buffer')
  return hash('sha256', Buffer.concat([outer, digest]), 'hex')
}
