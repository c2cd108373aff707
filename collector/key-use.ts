/** When keys were last used: written down at most once in a while for each, never once per request. */
import type { KeyUse } from './store/store.ts'

/** Milliseconds in which a key is written down once. */
const EVERY = 60_000

/** `write` may fail: then it is tried at the next use. */
export const createKeyUse = (write: (use: KeyUse) => Promise<unknown>): ((use: KeyUse) => void) => {
  const written = new Map<string, number>()
  return ({ hash, at }) => {
    const last = written.get(hash)
    if (last !== undefined && at - last < EVERY) return
    written.set(hash, at)
    write({ hash, at }).catch(() => written.delete(hash))
  }
}
