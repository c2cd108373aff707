/** Moves what was committed from the write-ahead log into the file, on a connection of its own, beside the writer. */
import Database from 'better-sqlite3'
import { isOutage } from './sqlite.ts'

/** Pages in the write-ahead log from which they are moved, and the writer is made to begin it anew: 16 MB. */
const MANY = 4096
/** From so many on, 256 MB, the file is cut too: a long reader has let it grow. */
const TOO_MANY = 65_536
/** How long the writer and readers may be waited for, in ms: while readers are, the writer stands still. */
const PATIENCE = 20
/** Looks that are let pass after somebody was waited for in vain: a long reader must not hold up the writer each time. */
const REST = 10

export interface Checkpoints {
  /** Answers how many pages the log held. */
  readonly run: () => number
  readonly close: () => void
}

export interface CheckpointsOptions {
  readonly many?: number
  readonly tooMany?: number
}

export const openCheckpoints = (
  path: string,
  { many = MANY, tooMany = TOO_MANY }: CheckpointsOptions = {},
): Checkpoints => {
  const db = new Database(path, { timeout: PATIENCE })
  let rest = 0
  const checkpoint = (mode: 'NOOP' | 'PASSIVE' | 'RESTART' | 'TRUNCATE') =>
    (db.pragma(`wal_checkpoint(${mode})`) as [{ readonly log: number; readonly busy: number }])[0]

  /**
   * Most is moved while the writer goes on; only for the rest, which is little then, must it stand still. Nothing is
   * moved before it is worth that: a log of which half is in the file already could no longer be read up to a damage.
   */
  const run = (): number => {
    try {
      const { log } = checkpoint('NOOP')
      rest -= 1
      if (log < many || rest > 0) return log
      checkpoint('PASSIVE')
      if (checkpoint(log >= tooMany ? 'TRUNCATE' : 'RESTART').busy) rest = REST
      return log
    } catch (error) {
      // A full disk, a reader: the log stays as it is, nothing is lost, and it is tried again.
      if (isOutage(error)) return 0
      throw error
    }
  }

  return { run, close: () => db.close() }
}
