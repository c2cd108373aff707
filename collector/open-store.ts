/** Which store an address names. What only one of them needs is loaded only where it is asked for. */
import { openSqliteLog, openSqliteReading, openSqliteWriting, sqliteSoundness } from './sqlite-store.ts'
import type { ReadingStore, SyncedLog, WritingStore } from './store/engine.ts'

export interface Address {
  /** Of the SQLite file; with `postgres`, what else is kept lies beside it. */
  readonly path: string
  readonly postgres?: PostgresAddress
}

export interface PostgresAddress {
  readonly url: string
  /** What all collectors of a database share, and the database does not hold. */
  readonly secret: string
}

/** Rejects with `StoreError`, which names the cure. */
export const openWriting = async (
  { path, postgres }: Address,
  report: (problem: unknown) => void,
): Promise<WritingStore> => {
  if (!postgres) return openSqliteWriting(path, report)
  const { openPostgresWriting } = await import('./postgres-store.ts')
  return openPostgresWriting({ ...postgres, path, report })
}

/** To be opened after the writer. Undefined where what is written is on disk by itself. */
export const openLog = ({ path, postgres }: Address): SyncedLog | undefined =>
  postgres ? undefined : openSqliteLog(path)

/** To be opened after the writer: it makes what is not there. */
export const openReading = async ({ path, postgres }: Address, now: () => number): Promise<ReadingStore> => {
  if (!postgres) return openSqliteReading(path, now)
  const { openPostgresReading } = await import('./postgres-store.ts')
  return openPostgresReading({ ...postgres, now })
}

/** `ok`, or a sentence that says what is wrong; undefined where there is no database yet. */
export const soundnessOf = async ({ path, postgres }: Address): Promise<string | undefined> => {
  if (!postgres) return sqliteSoundness(path)
  const { postgresSoundness } = await import('./postgres-store.ts')
  return postgresSoundness(postgres.url)
}
