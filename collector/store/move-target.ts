/** The database into which a move goes: empty before, and made ready for collectors at the end. */
import { StoreError } from './failure.ts'
import type { Source } from './move-source.ts'
import type { Sql, Transaction } from './postgres.ts'
import { BLOCK, HANDFUL } from './postgres-schema.ts'
import { monthOf } from './postgres-shard.ts'

/** Throws `StoreError` where any table holds a row. */
export const refuseFilled = async (sql: Sql): Promise<void> => {
  const tables = await sql<{ name: string }[]>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'schema_step'
    ORDER BY tablename`
  const filled: string[] = []
  for (const { name } of tables) if ((await sql`SELECT 1 FROM ${sql(name)} LIMIT 1`).length > 0) filled.push(name)
  if (filled.length > 0)
    throw new StoreError(
      `The database of DATABASE_URL is not empty: there are rows in ${filled.join(', ')}. A move mixes nothing: make a ` +
        'new database, and name that.',
    )
}

/** Nothing is known yet of how full the tables are: no plan may read through one of them for every slice. */
export const planByKeys = (tx: Transaction) => tx`
  SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true)`

/** Months that have a table of their own, before the present one; what is older lies together. */
const MONTHS = 24

/** Tables of events, one for each month from `MONTHS` ago to the next. */
export const createMonthTables = async (tx: Transaction, now: number): Promise<void> => {
  const present = monthOf(now)
  for (let month = present - MONTHS; month <= present + 1; month += 1)
    await tx.unsafe(`CREATE TABLE event_${month} PARTITION OF event FOR VALUES FROM (${month}) TO (${month + 1})`)
}

/** Those of the past that hold nothing. A move of long ago may have left others: the collectors drop them. */
export const dropEmptyMonths = async (tx: Transaction, now: number): Promise<void> => {
  const present = monthOf(now)
  for (let month = present - MONTHS; month < present; month += 1) {
    const name = `event_${month}`
    const [table] = await tx`SELECT 1 WHERE to_regclass(${name}) IS NOT NULL`
    const isEmpty = table !== undefined && (await tx`SELECT 1 FROM ${tx(name)} LIMIT 1`).length === 0
    if (isEmpty) await tx`DROP TABLE ${tx(name)}`
  }
}

/** All that is new from now on comes after all that was copied. */
export const setSequences = async (tx: Transaction, { last }: Source): Promise<void> => {
  // A block may not be 0; the one after the last is the first to be given.
  await tx`SELECT setval('block', ${Math.max(1, Math.floor(last.place / BLOCK))})`
  await tx`SELECT setval('visitor_place', ${last.visitor + HANDFUL})`
  for (const [table, column, value] of [
    ['site', 'n', last.site],
    ['audit', 'n', last.audit],
    ['rejected', 'seq', last.rejected],
  ] as const)
    if (value > 0) await tx`SELECT setval(pg_get_serial_sequence(${table}, ${column}), ${value})`
}
