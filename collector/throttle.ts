/** How often somebody may ask: so much a minute, all at once or spread. Kept in memory only. */

/** Those remembered; beyond it the one longest silent is forgotten, and starts anew. */
const REMEMBERED = 20_000
const MINUTE = 60_000

interface Allowance {
  readonly left: number
  /** Epoch ms. */
  readonly at: number
}

/** `fresh`: the first to be put off since the last one who was let in. */
export type Ruling = 'in' | 'off' | 'fresh'

/** Rules on the next request of a key. `perMinute` 0 lets everybody in. */
export const createThrottle = (perMinute: number): ((key: string, now: number) => Ruling) => {
  const allowances = new Map<string, Allowance>()
  const off = new Set<string>()

  const ruleOn = (key: string, left: number): Ruling => {
    if (left >= 1) {
      off.delete(key)
      return 'in'
    }
    if (off.has(key)) return 'off'
    off.add(key)
    return 'fresh'
  }

  const forgetOne = (): void => {
    const [oldest] = allowances.keys()
    allowances.delete(oldest!)
    off.delete(oldest!)
  }

  return (key, now) => {
    if (perMinute === 0) return 'in'
    const { left, at } = allowances.get(key) ?? { left: perMinute, at: now }
    // A clock set back gives nothing.
    const grown = Math.min(perMinute, left + (Math.max(0, now - at) * perMinute) / MINUTE)
    const ruling = ruleOn(key, grown)
    allowances.delete(key)
    allowances.set(key, { left: ruling === 'in' ? grown - 1 : grown, at: now })
    if (allowances.size > REMEMBERED) forgetOne()
    return ruling
  }
}
