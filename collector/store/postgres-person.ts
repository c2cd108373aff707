/** All that is kept of one person on PostgreSQL, in whatever table, those merged into them included. */
import type { Name } from '../../shared/identity.ts'
import {
  type BodyRow,
  type EventRow,
  eventRowOf,
  heldOf,
  type Named,
  NOTHING_HELD,
  type PartRow,
  partOf,
  type RejectedRow,
  rejectedOf,
  SHOWN,
} from './person-row.ts'
import type { Queries, Sql } from './postgres.ts'
import { published } from './postgres-models.ts'
import { SHARDS } from './postgres-schema.ts'
import { shardOf } from './postgres-shard.ts'
import type { StoredEvent, Views } from './store.ts'

/** A person, and what they are known by. */
export interface Person extends Named {
  /** Of the survivor and of all that were merged into it. */
  readonly numbers: readonly number[]
}

export interface Persons {
  /** By our id, a part's as well as the survivor's. */
  readonly find: (id: string) => Promise<Person | undefined>
  readonly rows: (person: Person) => Promise<readonly EventRow[]>
  readonly events: (person: Person) => Promise<readonly StoredEvent[]>
  /** What other tables have of them, row by row, under the name of the table. */
  readonly others: (person: Person) => Promise<Readonly<Record<string, readonly object[]>>>
  /** What was rejected and says their name, or names an event of theirs. */
  readonly rejected: (person: Person, events: readonly StoredEvent[]) => Promise<readonly RejectedRow[]>
}

/** The tables whose rows are of a visitor, by its number. */
export const tablesOfVisitors = async (sql: Queries): Promise<readonly string[]> => {
  const rows = await sql<{ name: string }[]>`
    SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND a.attname = 'visitor' AND a.atttypid = 'bigint'::regtype AND NOT a.attisdropped ORDER BY c.relname`
  return rows.map(({ name }) => name)
}

/** The rows of a table that are of a person: their shard is the visitor's, but that of a name is its own. */
export const ofPerson = (sql: Queries, table: string, { numbers }: Pick<Person, 'numbers'>) =>
  table === 'name'
    ? sql`visitor = ANY(${[...numbers]}::bigint[])`
    : sql`shard = ANY(${numbers.map(shardOf)}::smallint[]) AND visitor = ANY(${[...numbers]}::bigint[])`

/** Within a transaction, where it is given one. */
export const createPostgresPersons = (sql: Queries): Persons => {
  const rows = async (person: Person): Promise<readonly EventRow[]> =>
    (await sql<BodyRow[]>`SELECT seq, visitor, body FROM event WHERE ${ofPerson(sql, 'event', person)}`).map((row) =>
      eventRowOf(row),
    )
  return {
    find: (id) => find(sql, id),
    rows,
    events: async (person) => (await rows(person)).flatMap(({ events }) => events),
    others: async (person) => {
      const tables = (await tablesOfVisitors(sql)).filter((table) => !SHOWN.includes(table))
      const found = tables.map(
        async (table) =>
          [table, [...(await sql`SELECT * FROM ${sql(table)} WHERE ${ofPerson(sql, table, person)}`)]] as const,
      )
      return Object.fromEntries(await Promise.all(found))
    },
    rejected: async (person, events) => {
      const all = await sql<RejectedRow[]>`
        SELECT seq, at, site, id, code, message FROM rejected WHERE id IS NOT NULL ORDER BY seq`
      return rejectedOf(all, person, events)
    },
  }
}

const find = async (sql: Queries, id: string): Promise<Person | undefined> => {
  const parts = await sql<PartRow[]>`
    WITH survivor AS MATERIALIZED (
      SELECT coalesce(root, n) AS n FROM visitor WHERE id = ${id} AND version = ${published(sql)}
    )
    SELECT v.n, v.id, v.user_id AS "user", v.email, s.name AS site FROM visitor v JOIN site s ON s.n = v.site
    WHERE v.version = ${published(sql)} AND (v.shard, v.n) IN (
      SELECT (n % ${SHARDS}::bigint)::smallint, n FROM survivor
      UNION SELECT part.shard, part.n FROM visitor part JOIN survivor ON part.root = survivor.n
        WHERE part.version = ${published(sql)}
    )
    ORDER BY v.root IS NOT NULL, v.n`
  if (parts.length === 0) return undefined
  const numbers = parts.map(({ n }) => n)
  const names = await sql<(Name & { visitor: number })[]>`
    SELECT visitor, kind, value FROM name WHERE visitor = ANY(${numbers}::bigint[])
    ORDER BY kind COLLATE "C", value COLLATE "C"`
  const namesOf = (n: number) =>
    names.filter(({ visitor }) => visitor === n).map(({ kind, value }): Name => ({ kind, value }))
  return { numbers, site: parts[0]!.site, parts: parts.map((part) => partOf(part, namesOf(part.n))) }
}

/** As of one instant: who is merged meanwhile is in it whole, as they were. */
export const createPostgresHeld = (sql: Sql): Pick<Views, 'held'> => ({
  held: (id) =>
    sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
      const persons = createPostgresPersons(tx)
      const person = await persons.find(id)
      if (!person) return NOTHING_HELD
      const rejected = await persons.rejected(person, await persons.events(person))
      return heldOf(person, rejected, await persons.others(person))
    }),
})
