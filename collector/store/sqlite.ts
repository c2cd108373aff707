/** Opens the SQLite file: one writer in one process, any number of readers. */
import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { StoreError } from './failure.ts'
import { MIGRATIONS } from './migrations.ts'
import { refuseShortLog } from './sqlite-wal.ts'

export type Db = Database.Database

/** Pages that the writer keeps in memory, in KB: visitors come back, each to a place of their own in the file. */
const CACHE = 65_536

/** Opens the file for writing, alone; brings its schema up to date. Throws `StoreError` with the cure. */
export const openWriter = (path: string): { readonly db: Db; readonly close: () => void } => {
  const opened: Db[] = []
  const close = (): void => {
    for (const db of opened.toReversed()) db.close()
  }
  try {
    mkdirSync(dirname(path), { recursive: true })
    opened.push(takeLock(path))
    refuseShortLog(path)
    const db = new Database(path)
    opened.push(db)
    db.pragma('journal_mode = WAL')
    // better-sqlite3 would take NORMAL here, under which a commit is answered before it is on disk.
    db.pragma('synchronous = FULL')
    // What is deleted is overwritten: the erased are not to be found in the file's free space.
    db.pragma('secure_delete = ON')
    db.pragma(`cache_size = -${CACHE}`)
    refuseDamage(db, path)
    migrate(db, path)
    return { db, close }
  } catch (error) {
    close()
    throw error instanceof StoreError ? error : new StoreError(cureFor(error, path))
  }
}

const damaged = (path: string): string =>
  `${path} is damaged: restore a backup, or save what can be saved with sqlite3 ${path} .recover, into a new file.`

const cureFor = (error: unknown, path: string): string => {
  const { code = '', message } = error as { code?: string; message: string }
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return damaged(path)
  return `${path} cannot be opened (${message}). Make room and let it be written, or set DATABASE_URL to another file.`
}

/** Reads through the file: a page that is not as it was must never become a wrong score. */
const refuseDamage = (db: Db, path: string): void => {
  if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new StoreError(damaged(path))
}

/** Whether the machine failed, not the work: sent again later, the same may well go through. */
export const isOutage = (error: unknown): boolean =>
  error instanceof Database.SqliteError &&
  /^SQLITE_(FULL|IOERR|BUSY|LOCKED|CORRUPT|NOTADB|READONLY|CANTOPEN|NOMEM|PERM|PROTOCOL)/.test(error.code)

/** A commit is no longer synced by itself: see `sqlite-sync.ts`. SQLite still syncs where the order of writes depends on it. */
export const syncElsewhere = (db: Db): void => {
  db.pragma('synchronous = NORMAL')
}

/** What SQLite would have thrown, had it synced the log by itself. */
export const syncError = (message: string): Error => new Database.SqliteError(message, 'SQLITE_IOERR_FSYNC')

/** Moves all that was committed into the file, which is synced then, and begins the log anew. Throws where that cannot be. */
export const emptyLog = (db: Db): void => {
  const [{ busy }] = db.pragma('wal_checkpoint(TRUNCATE)') as [{ readonly busy: number }]
  if (busy) throw new Database.SqliteError('The write-ahead log is in use.', 'SQLITE_BUSY')
}

/** A commit no longer moves pages into the file itself: see `openCheckpoints`. */
export const checkpointElsewhere = (db: Db): void => {
  db.pragma('wal_autocheckpoint = 0')
}

/** As SQLite does by itself: each thousand pages, within a commit. */
export const checkpointBySelf = (db: Db): void => {
  db.pragma('wal_autocheckpoint = 1000')
}

/** Opens the file for reading. The writer must have made it. */
export const openReader = (path: string): Db => {
  const db = new Database(path, { readonly: true, fileMustExist: true })
  db.pragma('query_only = ON')
  return db
}

/** `ok`, or a sentence that says what is wrong with a file, which may be in use. */
export const soundness = (path: string): string => {
  try {
    refuseShortLog(path)
    const db = openReader(path)
    const found = db.pragma('quick_check(1)', { simple: true })
    db.close()
    return found === 'ok' ? 'ok' : damaged(path)
  } catch (error) {
    return error instanceof StoreError ? error.message : cureFor(error, path)
  }
}

/**
 * Opens the file of a collector that was stopped, and sees to it that none starts meanwhile. Nothing in it is changed, not
 * even its schema. Throws `StoreError` with the cure.
 */
export const openStopped = (path: string): { readonly db: Db; readonly close: () => void } => {
  if (!existsSync(path)) throw new StoreError(`There is no database at ${path}.`)
  const lock = takeLock(path, 'Stop that one first, and leave it stopped.')
  let db: Db | undefined
  const close = (): void => {
    db?.close()
    lock.close()
  }
  try {
    db = openReader(path)
    refuseDamage(db, path)
    refuseOtherSchema(db, path)
    return { db, close }
  } catch (error) {
    close()
    throw error instanceof StoreError ? error : new StoreError(cureFor(error, path))
  }
}

const refuseOtherSchema = (db: Db, path: string): void => {
  const version = db.pragma('user_version', { simple: true }) as number
  if (version > MIGRATIONS.length) throw new StoreError(tooNew(path, version))
  if (version < MIGRATIONS.length)
    throw new StoreError(
      `${path} was written by an older Leadlight (schema ${version}). Start this version on it once, which brings it up ` +
        'to date, and stop it again.',
    )
}

const tooNew = (path: string, version: number): string =>
  `${path} was written by a newer Leadlight (schema ${version}). Start that version, or restore a backup.`

/** A lock that ends with the process, however it ends: an exclusive transaction on a file of its own. */
const takeLock = (path: string, cure = 'Stop that one, or set DATABASE_URL to another file.'): Db => {
  const lock = new Database(`${path}.lock`, { timeout: 0 })
  try {
    lock.pragma('journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw error
    throw new StoreError(`${path} is in use by another Leadlight. ${cure}`)
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')

const migrate = (db: Db, path: string): void => {
  const version = db.pragma('user_version', { simple: true }) as number
  if (version > MIGRATIONS.length) throw new StoreError(tooNew(path, version))
  if (version > 0 && version < MIGRATIONS.length) keepAsItWas(db, path, version)
  for (const [step, sql] of MIGRATIONS.entries()) {
    if (step < version) continue
    db.transaction(() => {
      db.exec(sql)
      db.pragma(`user_version = ${step + 1}`)
    })()
  }
}

/** A copy from before the schema changes, for those who want to go back. Whole or not there; made once. */
const keepAsItWas = (db: Db, path: string, version: number): void => {
  const copy = `${path}.schema-${version}`
  if (existsSync(copy)) return
  rmSync(`${copy}.partial`, { force: true })
  db.prepare('VACUUM INTO ?').run(`${copy}.partial`)
  chmodSync(`${copy}.partial`, statSync(path).mode)
  const file = openSync(`${copy}.partial`, 'r')
  fsyncSync(file)
  closeSync(file)
  renameSync(`${copy}.partial`, copy)
}
