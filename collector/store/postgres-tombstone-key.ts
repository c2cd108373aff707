/** The key under which the names of the erased are hashed, on PostgreSQL: in the database, sealed under the shared secret. */
import { randomBytes } from 'node:crypto'
import { StoreError } from './failure.ts'
import type { Queries } from './postgres.ts'

export interface Sealing {
  readonly close: (text: string) => string
  /** Undefined where it was sealed with another key, or changed since. */
  readonly open: (sealed: string) => string | undefined
}

/** Made at random where there is none yet. Rejects with `StoreError` where the secret in use cannot open it. */
export const markKey = async (sql: Queries, seal: Sealing): Promise<Buffer> => {
  await putMarkKey(sql, seal, randomBytes(32))
  const [row] = await sql<{ sealed: string }[]>`SELECT sealed FROM tombstone_key`
  const key = seal.open(row!.sealed)
  if (key === undefined) throw new StoreError(OTHER_SECRET)
  return Buffer.from(key, 'hex')
}

/** Keeps the key that was there before; false where there is one. */
export const putMarkKey = async (sql: Queries, seal: Sealing, key: Buffer): Promise<boolean> => {
  const { count } = await sql`
    INSERT INTO tombstone_key (sealed) VALUES (${seal.close(key.toString('hex'))}) ON CONFLICT DO NOTHING`
  return count > 0
}

const OTHER_SECRET =
  'The secret in use is not the one with which this database was begun, so people who were erased would not be ' +
  'recognised. Set LEADLIGHT_SECRET to the same secret for all collectors.'
