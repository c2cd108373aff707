/**
 * Puts on disk what the writer has committed, beside it, so that it never waits for a disk. With `synchronous=NORMAL` a
 * commit is whole in the write-ahead log when it ends, and is kept from when the log is synced:
 * https://www.sqlite.org/pragma.html#pragma_synchronous
 */
import { closeSync, fdatasync, openSync, realpathSync } from 'node:fs'
import type { SyncedLog } from './engine.ts'

/** The log of a database that is open for writing: until that closes it, it is one file. */
export const openLog = (path: string): SyncedLog => {
  const file = openSync(`${realpathSync(path)}-wal`, 'r+')
  return { sync: (then) => fdatasync(file, then), close: () => closeSync(file) }
}
