/** Copies a database that may be in use, as it is at one instant, into a file that is whole or is not there. */
import { chmodSync, closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { StoreError } from './failure.ts'
import { openReader } from './sqlite.ts'
import { refuseShortLog } from './sqlite-wal.ts'

export interface BackupOptions {
  readonly from: string
  /** Must not be there yet. */
  readonly to: string
  /** How much is done, 0 to 1. */
  readonly onProgress?: (share: number) => void
}

/** Pages copied between two looks at the progress. */
const STRIDE = 2000

/** Answers the size of the copy in bytes. Rejects with `StoreError`, and leaves nothing, when it cannot be made. */
export const backUp = async (options: BackupOptions): Promise<number> => {
  const { from, to } = options
  if (!existsSync(from)) throw new StoreError(`There is no database at ${from}. Set DATABASE_URL as for the collector.`)
  if (existsSync(to)) throw new StoreError(occupied(to))
  const partial = `${to}.partial`
  try {
    mkdirSync(dirname(to), { recursive: true })
    rmSync(partial, { force: true })
    await copy(options, partial)
    seal(partial)
    publish(partial, to)
    return statSync(to).size
  } catch (error) {
    if (error instanceof StoreError) throw error
    if ((error as { code?: string }).code === 'EEXIST') throw new StoreError(occupied(to))
    throw new StoreError(`The backup could not be made (${error instanceof Error ? error.message : error}).`)
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(partial + end, { force: true })
  }
}

const occupied = (to: string): string => `${to} is there already, and a backup overwrites nothing. Name another file.`

const copy = async ({ from, onProgress }: BackupOptions, partial: string): Promise<void> => {
  refuseShortLog(from)
  const db = openReader(from)
  try {
    // Held to the end, so that what is written meanwhile neither enters the copy nor makes it begin anew.
    db.exec('BEGIN')
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    const progress = ({ totalPages, remainingPages }: Database.BackupMetadata): number => {
      onProgress?.(totalPages === 0 ? 0 : 1 - remainingPages / totalPages)
      return STRIDE
    }
    await db.backup(partial, { progress })
  } finally {
    db.close()
  }
}

/** One file, sound, on disk, and for its owner alone: it holds what the database holds. */
const seal = (path: string): void => {
  chmodSync(path, 0o600)
  const db = new Database(path)
  const sound = db.pragma('integrity_check(1)', { simple: true })
  db.pragma('journal_mode = DELETE')
  db.close()
  if (sound !== 'ok') throw new StoreError('The copy is not sound, so it was thrown away. Is the database damaged?')
  sync(path)
}

const sync = (path: string): void => {
  const file = openSync(path, 'r')
  fsyncSync(file)
  closeSync(file)
}

/** Fails where the name was taken meanwhile. */
const publish = (partial: string, to: string): void => {
  linkSync(partial, to)
  sync(dirname(to))
}
