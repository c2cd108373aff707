/** Which store an address names. What only one of them needs is loaded only where it is asked for. */
import { openSqliteReading, openSqliteWriting } from './sqlite-store.ts'
import type { ReadingStore, WritingStore } from './store/engine.ts'

export interface Address {
  /** Of the SQLite file; with `postgres`, what else is kept lies beside it. */
  readonly path: string
}

/** Rejects with `StoreError`, which names the cure. */
export const openWriting = async ({ path }: Address, report: (problem: unknown) => void): Promise<WritingStore> =>
  openSqliteWriting(path, report)

/** To be opened after the writer: it makes what is not there. */
export const openReading = async ({ path }: Address): Promise<ReadingStore> => openSqliteReading(path)
