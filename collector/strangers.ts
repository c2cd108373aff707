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
      // An HMAC takes ten times as long, and all it adds is against who sees a name and lengthens it: nobody sees one.
      return hash('sha256', Buffer.concat([secret, Buffer.from(`${address}\n${userAgent}`)]), 'hex')
    },
  }
}
