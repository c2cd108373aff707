/** PostgreSQL as the store of a collector: one database, which any number of collectors share. */
import type { ReadingStore, WritingStore } from './store/engine.ts'
import { StoreError } from './store/failure.ts'

export interface OpeningPostgres {
  readonly url: string
  readonly secret: string
  readonly path: string
}

export const openPostgresWriting = async (
  _: OpeningPostgres & { readonly report: (problem: unknown) => void },
): Promise<WritingStore> => {
  throw new StoreError('PostgreSQL is not there yet.')
}
export const openPostgresReading = async (
  _: OpeningPostgres & { readonly now: () => number },
): Promise<ReadingStore> => {
  throw new StoreError('PostgreSQL is not there yet.')
}
export const postgresSoundness = async (_: string): Promise<string> => 'ok'
