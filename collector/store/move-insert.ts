/** Puts many rows into a table of PostgreSQL at once, each column as one list, of the type that the column has. */
import type { Filling } from './move-parts.ts'
import type { Row } from './move-source.ts'
import type { Queries, Transaction } from './postgres.ts'
import { bytes, numbers, texts } from './postgres-array.ts'

export interface Statement {
  readonly table: string
  readonly text: string
  readonly lists: readonly string[]
}

/** Types of columns: `table column` to the server's own word. */
export type Types = ReadonlyMap<string, string>

export const readTypes = async (sql: Queries): Promise<Types> => {
  const rows = await sql<{ name: string; type: string }[]>`
    SELECT c.relname || ' ' || a.attname AS name, format_type(a.atttypid, NULL) AS type
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
      AND NOT a.attisdropped`
  return new Map(rows.map(({ name, type }) => [name, type]))
}

/** The statements are made beforehand: while the server is at work on some, others can be. */
export const statementsOf = (fillings: readonly Filling[], types: Types): readonly Statement[] =>
  fillings.filter(({ rows }) => rows.length > 0).map((filling) => statementOf(filling, types))

const statementOf = ({ table, rows, isOfAnySite }: Filling, types: Types): Statement => {
  const columns = Object.keys(rows[0]!)
  const typed = columns.map((column) => ({ column, type: types.get(`${table} ${column}`)! }))
  const list = `unnest(${typed.map(({ type }, i) => `$${i + 1}::${type}[]`).join(', ')}) AS k (${columns.join(', ')})`
  const text = isOfAnySite
    ? anySite(list)
    : `INSERT INTO ${table} (${columns.join(', ')}) OVERRIDING SYSTEM VALUE SELECT * FROM ${list}`
  return {
    table,
    // An id may be of an event that took the place of others, and so be there already.
    text: table === 'event_id' ? `${text} ON CONFLICT DO NOTHING` : text,
    lists: typed.map(({ column, type }) => listOf(rows, column, type)),
  }
}

/** The site is part of what the hash was made from, so it does no harm under another. */
const anySite = (list: string): string =>
  `INSERT INTO event_id (shard, site, hash) SELECT k.shard, s.n, k.hash FROM ${list} CROSS JOIN site s
   WHERE NOT EXISTS (
     SELECT FROM site o JOIN event_id e ON e.shard = k.shard AND e.site = o.n AND e.hash = k.hash
   )`

const listOf = (rows: readonly Row[], column: string, type: string): string => {
  const values = rows.map((row) => row[column] ?? null)
  if (type === 'text') return texts(values as (string | null)[])
  if (type === 'bytea') return bytes(values as (Buffer | null)[])
  return numbers(values as (number | string | null)[])
}

/** Answers how many rows that were, by table. */
export const run = async (tx: Transaction, statements: readonly Statement[]): Promise<Counts> => {
  const done = await Promise.all(statements.map(({ text, lists }) => tx.unsafe(text, [...lists])))
  return Object.fromEntries(statements.map(({ table }, i) => [table, done[i]!.count]))
}

/** Rows by table. */
export type Counts = Readonly<Record<string, number>>

export const sumOf = (counts: readonly Counts[]): Counts => {
  const sum: Record<string, number> = {}
  for (const [table, count] of counts.flatMap((each) => Object.entries(each))) sum[table] = (sum[table] ?? 0) + count
  return sum
}
