/**
 * Syncs of the write-ahead log beside the thread that commits: one for all that was committed before it began, while more
 * is committed. That is what `synchronous = FULL` does within each commit, where the next one waits for it.
 */
import { closeSync, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import { StoreError } from './failure.ts'
import type { Db } from './sqlite.ts'
import { isSoundUpTo } from './sqlite-wal.ts'

/** How often it is tried to write again after a sync has failed, in ms. */
const AGAIN = 1000

export interface Syncs {
  /** Does what commits, and leaves it to `kept` that it is synced. Throws where the disk refused and refuses still. */
  readonly later: <Result>(work: () => Result) => Result
  /** Resolves when all that was committed so far is on disk. Rejects where the disk refuses. */
  readonly kept: () => Promise<void>
  readonly close: () => Promise<void>
}

/** The file must be open for writing. `sync` brings what was written to an open file onto the disk. */
export const openSyncs = (db: Db, path: string, sync = promisify(fdatasync)): Syncs => {
  const log = openSync(`${path}-wal`, 'r+')
  let under: Promise<void> | undefined
  let next: Promise<void> | undefined
  let again: NodeJS.Timeout | undefined

  /**
   * What a sync that failed left out, a later one does not bring: the machine takes it for written. So it is read again, as
   * a whole, and moved into the file; until that is done nothing is written.
   */
  const mend = (): void => {
    const checkpoint = (mode: 'NOOP' | 'TRUNCATE') =>
      (db.pragma(`wal_checkpoint(${mode})`) as [{ readonly log: number; readonly busy: number }])[0]
    if (!isSoundUpTo(log, checkpoint('NOOP').log)) throw new StoreError(`${path}-wal is not what was written to it.`)
    if (checkpoint('TRUNCATE').busy) throw new StoreError(`${path}-wal is being read and cannot be moved yet.`)
    db.pragma('query_only = OFF')
    clearInterval(again)
    again = undefined
  }

  const tryToMend = (): void => {
    try {
      mend()
    } catch {
      // Told to whoever writes; tried again.
    }
  }

  const syncOnce = async (): Promise<void> => {
    if (again) mend()
    try {
      await sync(log)
    } catch (error) {
      db.pragma('query_only = ON')
      again ??= setInterval(tryToMend, AGAIN)
      throw error
    }
  }

  /** One that is under way may have begun before the last commit. */
  const kept = (): Promise<void> => {
    next ??= (async () => {
      await under?.catch(() => undefined)
      under = next
      next = undefined
      await syncOnce()
    })()
    return next
  }

  return {
    later: (work) => {
      if (again) mend()
      db.pragma('synchronous = NORMAL')
      try {
        return work()
      } finally {
        db.pragma('synchronous = FULL')
      }
    },
    kept,
    close: async () => {
      clearInterval(again)
      await Promise.allSettled([under, next])
      closeSync(log)
    },
  }
}
