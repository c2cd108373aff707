/** How often somebody may ask: so much a minute, all at once or spread. Kept in memory only. */
import { createRecent } from './ingest/recent.ts'

/** Those remembered at least; whoever was silent for longer than so many others starts anew. */
const REMEMBERED = 20_000
const MINUTE = 60_000

/** Changed in place, for this happens at every request. */
interface Allowance {
  left: number
  /** Epoch ms. */
  at: number
  isOff: boolean
}

/** `fresh`: the first to be put off since the last one who was let in. */
export type Ruling = 'in' | 'off' | 'fresh'

/** Rules on the next request of a key. `perMinute` 0 lets everybody in. */
export const createThrottle = (perMinute: number): ((key: string, now: number) => Ruling) => {
  const allowances = createRecent<Allowance>(REMEMBERED)

  const newcomer = (key: string, now: number): Allowance => {
    const allowance = { left: perMinute, at: now, isOff: false }
    allowances.set(key, allowance)
    return allowance
  }

  return (key, now) => {
    if (perMinute === 0) return 'in'
    const allowance = allowances.get(key) ?? newcomer(key, now)
    // A clock set back gives nothing.
    const grown = Math.min(perMinute, allowance.left + (Math.max(0, now - allowance.at) * perMinute) / MINUTE)
    const wasOff = allowance.isOff
    allowance.at = now
    allowance.isOff = grown < 1
    allowance.left = allowance.isOff ? grown : grown - 1
    if (!allowance.isOff) return 'in'
    return wasOff ? 'off' : 'fresh'
  }
}
