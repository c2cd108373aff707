/** Loaded before the collector: lets each commit of the writer take 4 ms longer, as on a disk that syncs slowly. */
import { isMainThread, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

const MS = 4
const cell = new Int32Array(new SharedArrayBuffer(4))

if (!isMainThread && workerData && 'adminHash' in workerData) {
  const { prototype } = Database
  const { transaction } = prototype
  prototype.transaction = function slow(this: Database.Database, work: (...args: unknown[]) => unknown) {
    return transaction.call(this, (...args: unknown[]) => {
      const result = work(...args)
      Atomics.wait(cell, 0, 0, MS)
      return result
    })
  } as typeof transaction
}
