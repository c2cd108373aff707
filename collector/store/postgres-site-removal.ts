/** Removes a site with all that is kept of it on PostgreSQL, in slices: at once it takes no more, at last it is no more. */
import { randomBytes } from 'node:crypto'
import type { Queries, Sql } from './postgres.ts'
import type { InGroup } from './postgres-group.ts'
import { START, type VisitorPlace } from './postgres-history.ts'
import { ofPerson } from './postgres-person.ts'
import { removeRows } from './postgres-removal.ts'
import { ALL_GROUPS, SHARDS } from './postgres-schema.ts'
import type { RemovedSite } from './store.ts'
import { eventsIn } from './stored.ts'

/** Visitors looked at in one transaction. */
const SLICE = 1000
/** Shards whose ids of events go in one statement. */
const SHARDS_AT_ONCE = 64

export interface SiteRemoving {
  readonly name: string
  readonly inGroup: InGroup
  readonly breathe: () => Promise<unknown>
}

/** If it is not brought to its end, it can be begun again. */
export const removeSite = async (sql: Sql, { name, inGroup, breathe }: SiteRemoving): Promise<RemovedSite> => {
  const removed = { visitors: 0, events: 0 }
  const [found] = await sql<{ n: number; mark: number }[]>`SELECT n, settled() AS mark FROM site WHERE name = ${name}`
  if (!found) return removed
  await close(sql, name)
  await breathe()
  for (let after: VisitorPlace | undefined = START; after; ) {
    const from: VisitorPlace = after
    const slice = await inGroup(async ({ tx, begun }) => {
      await begun
      return removeSlice(tx, found.n, from)
    })
    removed.visitors += slice.visitors
    removed.events += slice.events
    after = slice.last
    await breathe()
  }
  await removeIds(sql, found.n, breathe)
  const rest = await removeLast(sql, { name, ...found })
  return { visitors: removed.visitors + rest.visitors, events: removed.events + rest.events }
}

/** From now on nobody can send to it. */
const close = (sql: Sql, name: string): Promise<unknown> =>
  sql.begin(async (tx) => {
    await tx`DELETE FROM secret_key WHERE site = ${name}`
    await tx`UPDATE site SET key = ${`removed_${randomBytes(16).toString('hex')}`} WHERE name = ${name}`
  })

interface Slice extends RemovedSite {
  /** Undefined where that was all. */
  readonly last: VisitorPlace | undefined
}

const removeSlice = async (tx: Queries, site: number, { shard, n }: VisitorPlace): Promise<Slice> => {
  const rows = await tx<(VisitorPlace & { site: number; version: number })[]>`
    SELECT shard, n, site, version FROM visitor WHERE (shard, n) > (${shard}, ${n})
    ORDER BY shard, n LIMIT ${SLICE}`
  const numbers = [...new Set(rows.filter((row) => row.site === site).map((row) => row.n))]
  const gone = await removeVisitors(tx, numbers)
  return { ...gone, last: rows.length < SLICE ? undefined : rows.at(-1) }
}

const removeVisitors = async (tx: Queries, numbers: readonly number[]): Promise<RemovedSite> => {
  if (numbers.length === 0) return { visitors: 0, events: 0 }
  await tx`
    SELECT n FROM visitor WHERE n = ANY(${[...numbers]}::bigint[])
      AND shard = ANY(${numbers.map((n) => n % SHARDS)}::smallint[]) ORDER BY shard, n FOR UPDATE`
  const bodies = await tx<{ body: Buffer }[]>`SELECT body FROM event WHERE ${ofPerson(tx, 'event', { numbers })}`
  await removeRows(tx, numbers)
  return {
    visitors: numbers.length,
    events: bodies.reduce((sum, { body }) => sum + eventsIn(body).length, 0),
  }
}

const removeIds = async (sql: Sql, site: number, breathe: () => Promise<unknown>): Promise<void> => {
  for (let shard = 0; shard < SHARDS; shard += SHARDS_AT_ONCE) {
    await sql`
      DELETE FROM event_id WHERE shard = ANY(${Array.from({ length: SHARDS_AT_ONCE }, (_, i) => shard + i)}::smallint[])
        AND site = ${site}`
    await breathe()
  }
}

interface Last {
  readonly name: string
  readonly n: number
  /** The place up to which all was settled when the removal began. */
  readonly mark: number
}

/** What another collector still took, before it heard; and the site itself. All wait for this, so it goes by indexes. */
const removeLast = (sql: Sql, { name, n, mark }: Last): Promise<RemovedSite> =>
  sql.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(${ALL_GROUPS})`
    const late = await tx<{ n: number }[]>`SELECT DISTINCT n FROM visitor WHERE changed > ${mark} AND site = ${n}`
    const numbers = late.map((row) => row.n)
    const gone = await removeVisitors(tx, numbers)
    await tx`DELETE FROM rejected WHERE site = ${name}`
    for (const { table, isSharded } of await tablesOfSites(tx))
      await tx`DELETE FROM ${tx(table)} WHERE site = ${n} ${isSharded ? tx`AND shard = ANY(${EVERY_SHARD}::smallint[])` : tx``}`
    await tx`DELETE FROM site WHERE n = ${n}`
    return gone
  }) as Promise<RemovedSite>

const EVERY_SHARD = Array.from({ length: SHARDS }, (_, shard) => shard)

interface SiteTable {
  readonly table: string
  readonly isSharded: boolean
}

/** The tables whose rows are of a site, by its number; but visitors, who are gone by then. */
const tablesOfSites = (tx: Queries) =>
  tx<SiteTable[]>`
    SELECT c.relname AS "table", EXISTS (
      SELECT 1 FROM pg_attribute s WHERE s.attrelid = c.oid AND s.attname = 'shard'
    ) AS "isSharded"
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND a.attname = 'site' AND a.atttypid = 'integer'::regtype AND NOT a.attisdropped AND c.relname <> 'visitor'
    ORDER BY c.relname`
