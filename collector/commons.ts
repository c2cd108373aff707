/** What collectors that share a database must agree on, for one that shares it with nobody: in memory. */
import { randomBytes } from 'node:crypto'
import type { Commons } from './store/engine.ts'

export const createOwnCommons = (now: () => number): Commons => {
  const secrets = new Map<number, Buffer>()
  const spent = new Map<string, number>()
  return {
    secretOfDay: async (day) => {
      for (const [before, secret] of secrets)
        if (before < day - 1) {
          secret.fill(0)
          secrets.delete(before)
        }
      const secret = secrets.get(day) ?? randomBytes(32)
      secrets.set(day, secret)
      return secret
    },
    spend: async (hash, until) => {
      for (const [other, over] of spent) if (over < now()) spent.delete(other)
      if (spent.has(hash)) return false
      spent.set(hash, until)
      return true
    },
    // Whoever keeps jobs remembers their own.
    keepJob: async () => undefined,
    jobOf: async () => undefined,
    // Another one with each start: then nothing that was signed before counts.
    onceKey: randomBytes(32).toString('hex'),
  }
}
