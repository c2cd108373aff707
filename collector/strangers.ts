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
  const secrets = new Map<number, Hmac>()
  const forgetBefore = (today: number): void => {
    for (const [day, secret] of secrets)
      if (day < today) {
        secret.forget()
        secrets.delete(day)
      }
  }
  return {
    turn: async (now) => {
      const today = Math.floor(now / DAY)
      for (const day of [today, today + 1]) if (!secrets.has(day)) secrets.set(day, createHmac(await secretOfDay(day)))
      forgetBefore(today)
    },
    nameOf: (address, userAgent, now) => {
      const today = Math.floor(now / DAY)
      forgetBefore(today)
      // A clock that jumped by days: other collectors will know these by other names.
      const secret = secrets.get(today) ?? createHmac(randomBytes(32))
      secrets.set(today, secret)
      return secret.of(`${address}\n${userAgent}`)
    },
  }
}

const BLOCK = 64
const DIGEST = 32
/** Bytes of a text for which there is room already. */
const USUAL = 1024

export interface Hmac {
  readonly of: (text: string) => string
  /** Overwrites what is known of the key. */
  readonly forget: () => void
}

/**
 * HMAC-SHA256 (RFC 2104) in hex, under a key no longer than a block. That of `node:crypto` takes several times as long for
 * each text.
 */
export const createHmac = (key: Buffer): Hmac => {
  const [inner, outer] = [Buffer.alloc(BLOCK + USUAL, 0x36), Buffer.alloc(BLOCK + DIGEST, 0x5c)]
  for (const [n, byte] of key.entries()) {
    inner[n]! ^= byte
    outer[n]! ^= byte
  }
  const begun = (text: string): Buffer =>
    text.length * 3 <= USUAL
      ? inner.subarray(0, BLOCK + inner.write(text, BLOCK))
      : Buffer.concat([inner.subarray(0, BLOCK), Buffer.from(text)])
  return {
    of: (text) => {
      hash('sha256', begun(text), 'buffer').copy(outer, BLOCK)
      return hash('sha256', outer, 'hex')
    },
    forget: () => {
      inner.fill(0)
      outer.fill(0)
    },
  }
}
