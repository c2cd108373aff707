/**
 * Names visitors of whom the browser keeps nothing: for a day, by where they come from. The secret is in memory alone and
 * gone with the UTC day (or the process), so that nobody can later tell from a name whose it was.
 */
import { hash, randomBytes } from 'node:crypto'

const DAY = 86_400_000

export interface Strangers {
  /** The name of whoever has this address and browser today. Sites are told apart where it is used. */
  readonly nameOf: (address: string, userAgent: string, now: number) => string
  /** Forgets the secret of a day that is over. */
  readonly turn: (now: number) => void
}

export const createStrangers = (newSecret: () => Buffer = () => randomBytes(32)): Strangers => {
  let day = Number.NaN
  let secret = newSecret()
  const turn = (now: number): void => {
    const today = Math.floor(now / DAY)
    if (today === day) return
    day = today
    secret.fill(0)
    secret = newSecret()
  }
  return {
    turn,
    nameOf: (address, userAgent, now) => {
      turn(now)
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
