/** Every row of every table of a PostgreSQL database, in plain words: of the log, event by event. */
import type { Sql } from '../../collector/store/postgres.ts'
import { eventsIn, stateIn } from '../../collector/store/stored.ts'
import type { StoredRow } from '../collector/traces.ts'

const textsOf = (table: string, row: Record<string, unknown>): readonly string[] => {
  if (table === 'event') return eventsIn(row.body as Buffer).map((event) => JSON.stringify(event))
  const plain = (value: unknown): string => {
    if (!Buffer.isBuffer(value)) return String(value)
    return table === 'visitor' ? JSON.stringify(stateIn(value)) : value.toString('latin1')
  }
  return [Object.values(row).map(plain).join(' ')]
}

/** Of partitions, by the name of the whole. */
export const postgresRows = async (sql: Sql): Promise<readonly StoredRow[]> => {
  const tables = await sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname`
  const found: StoredRow[] = []
  for (const { name } of tables)
    for (const row of await sql`SELECT * FROM ${sql(name)}`)
      found.push(...textsOf(name, row).map((text) => ({ table: name, text })))
  return found
}
