/** Moves what was committed from the write-ahead log into the file, on a connection of its own, beside the writer. */
import Database from 'better-sqlite3'
import { isOutage } from './sqlite.ts'

/** Pages in the write-ahead log from which the writer is made to begin it anew: 16 MB. */
const MANY = 4096
/** From so many on, 256 MB, the file is cut too: a long reader has let it grow. */
const TOO_MANY = 65_536
/** How long the writer and readers may be waited for, in ms. While that lasts, none of them is held up for longer. */
const PATIENCE = 100

export interface Checkpoints {
  /** Answers how many pages the log held. */
  readonly run: () => number
  readonly close: () => void
}

export const openCheckpoints = (path: string): Checkpoints => {
  const db = new Database(path, { timeout: PATIENCE })
  const checkpoint = (mode: 'PASSIVE' | 'RESTART' | 'TRUNCATE'): number =>
    (db.pragma(`wal_checkpoint(${mode})`) as [{ log: number }])[0].log

  /** Most is moved while the writer goes on; only for the rest, which is little then, must it stand still. */
  const run = (): number => {
    try {
      const pages = checkpoint('PASSIVE')
      if (pages >= MANY) checkpoint(pages >= TOO_MANY ? 'TRUNCATE' : 'RESTART')
      return pages
    } catch (error) {
      // A full disk, a reader: the log stays as it is, nothing is lost, and it is tried again.
      if (isOutage(error)) return 0
      throw error
    }
  }

  return { run, close: () => db.close() }
}
