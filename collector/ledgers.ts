/** What was applied to visitors, remembered until they do something: whole companies are asked for again and again. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LedgerEntry } from '../shared/award.ts'
import type { Profiles } from './profiles.ts'
import type { StoredColleague } from './store/store.ts'

/** Rows kept, of about 200 bytes. */
const MOST = 200_000

export interface Ledgers {
  readonly of: (person: StoredColleague, at: number) => Promise<readonly LedgerEntry[]>
}

export const createLedgers = (read: Profiles['ledger']): Ledgers => {
  const known = new Map<string, { readonly changed: number; readonly ledger: readonly LedgerEntry[] }>()
  let rows = 0
  return {
    of: async (person, at) => {
      const found = known.get(person.id)
      if (found?.changed === person.changed) return found.ledger
      // A list may need many: others are served in between.
      await nextTurn()
      const ledger = await read(person, at)
      rows += ledger.length - (found?.ledger.length ?? 0)
      if (rows > MOST) {
        known.clear()
        rows = ledger.length
      }
      known.set(person.id, { changed: person.changed, ledger })
      return ledger
    },
  }
}
