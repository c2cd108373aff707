/** Reading on PostgreSQL: what anybody may see of visitors, and the log up to where nothing can appear any more. */
import type { Name } from '../../shared/identity.ts'
import {
  type BodyRow,
  type EventRow,
  entriesOf,
  type MergeRow,
  mergeOf,
  type ReadTransitionRow,
  storedEventsOf,
  storedTransitionOf,
  type TransitionRow,
} from './log-row.ts'
import type { Sql } from './postgres.ts'
import { createPostgresAccounts } from './postgres-accounts.ts'
import { numbers, texts } from './postgres-array.ts'
import { listVisitors } from './postgres-list.ts'
import { createPostgresMessages } from './postgres-messages.ts'
import { published } from './postgres-models.ts'
import { createPostgresHeld } from './postgres-person.ts'
import { createPostgresReports } from './postgres-reports.ts'
import { shardOfName } from './postgres-shard.ts'
import { type VisitorRow, visitorIn } from './postgres-visitor.ts'
import type { Rejected, StoredVisitor, Views } from './store.ts'

export const createPostgresViews = (sql: Sql): Views => ({
  ...createPostgresAccounts(sql),
  ...createPostgresReports(sql),
  ...createPostgresMessages(sql),
  ...createPostgresHeld(sql),
  ...personViews(sql),
  ...logViews(sql),
  visitors: (query) => listVisitors(sql, query, () => headOf(sql)),
  rejected: async (limit) => {
    const [items, counts] = await Promise.all([
      sql<Rejected[]>`SELECT at, site, id, code, message FROM rejected ORDER BY seq DESC LIMIT ${limit}`,
      sql<{ code: string; count: number }[]>`
        SELECT code, sum(count)::bigint AS count FROM rejected_count GROUP BY code ORDER BY code COLLATE "C"`,
    ])
    return { items: [...items], counts: Object.fromEntries(counts.map(({ code, count }) => [code, count])) }
  },
})

/** In a statement of its own: what is read after it sees all that is below. */
const settledIn = async (sql: Sql): Promise<number> => {
  const [row] = await sql<{ settled: number }[]>`SELECT settled()`
  return row!.settled
}

/** The last place that is taken, of those below which nothing can appear any more. */
const headOf = async (sql: Sql): Promise<number> => {
  const settled = await settledIn(sql)
  const [row] = await sql<{ head: number }[]>`
    SELECT least(${settled}::bigint, greatest((SELECT max(seq) FROM event), (SELECT max(seq) FROM transition),
      (SELECT max(changed) FROM visitor), 0)) AS head`
  return row!.head
}

const logViews = (sql: Sql): Pick<Views, 'read' | 'changed' | 'head'> => ({
  head: () => headOf(sql),
  read: async (cursor, limit) => {
    const upTo = await settledIn(sql)
    const [events, transitions] = await Promise.all([
      sql<EventRow[]>`
        SELECT e.seq, r.id AS visitor, s.name AS site, e.body FROM event e ${survivorOf(sql, 'e')}
        WHERE e.seq > ${cursor} AND e.seq <= ${upTo} ORDER BY e.seq LIMIT ${limit}`,
      sql<ReadTransitionRow[]>`
        SELECT t.seq, t.at, t.what, t.source, t.target, t.rule, t.event, t.score, t.model, t.cause, r.id AS visitor,
          s.name AS site FROM transition t ${survivorOf(sql, 't')}
        WHERE t.seq > ${cursor} AND t.seq <= ${upTo} ORDER BY t.seq LIMIT ${limit}`,
    ])
    return entriesOf(events, transitions, { cursor, limit })
  },
  changed: async (cursor, upTo, limit) => {
    const settled = await settledIn(sql)
    const rows = await sql<(VisitorRow & { seq: number })[]>`
      SELECT v.id, s.name AS site, v.state, v.version, v.changed AS seq FROM visitor v JOIN site s ON s.n = v.site
      WHERE v.version = ${published(sql)} AND v.changed > ${cursor} AND v.changed <= ${Math.min(upTo, settled)}
        AND v.root IS NULL AND v.state IS NOT NULL ORDER BY v.changed LIMIT ${limit}`
    return rows.map((row) => ({ ...visitorIn(row), seq: row.seq }))
  },
})

/** From a row of the log to whom it is of today. */
const survivorOf = (sql: Sql, table: 'e' | 't') => sql`
  JOIN visitor v ON v.shard = ${sql(table)}.shard AND v.n = ${sql(table)}.visitor AND v.version = ${published(sql)}
  JOIN visitor r ON r.shard = (coalesce(v.root, v.n) % 1024)::smallint AND r.n = coalesce(v.root, v.n)
    AND r.version = v.version
  JOIN site s ON s.n = v.site`

const personViews = (sql: Sql): Pick<Views, 'visitor' | 'several' | 'events' | 'transitions' | 'merges'> => ({
  visitor: async (ref, site) => {
    const [own] = await byIds(sql, [ref])
    const found = own ?? (await byName(sql, ref, site))
    return found && (site === undefined || found.site === site) ? found : undefined
  },
  several: (ids) => byIds(sql, ids),
  events: async (id) =>
    (
      await sql<BodyRow[]>`
        ${family(sql, id)} SELECT e.seq, e.body FROM part p JOIN event e ON e.shard = p.shard AND e.visitor = p.n`
    ).flatMap((row) => storedEventsOf(row)),
  transitions: async (id) =>
    (
      await sql<TransitionRow[]>`
        ${family(sql, id)}
        SELECT t.seq, t.at, t.what, t.source, t.target, t.rule, t.event, t.score, t.model, t.cause
        FROM part p JOIN transition t ON t.shard = p.shard AND t.visitor = p.n`
    ).map(storedTransitionOf),
  merges: async (id) =>
    (
      await sql<MergeRow[]>`
        SELECT m.at, m.undone_at, f.id AS "from", t.id AS "into"
        FROM visitor v JOIN merge m ON v.n IN (m.source, m.target)
        JOIN visitor f ON f.shard = (m.source % 1024)::smallint AND f.n = m.source AND f.version = v.version
        JOIN visitor t ON t.shard = (m.target % 1024)::smallint AND t.n = m.target AND t.version = v.version
        WHERE v.id = ${id} AND v.version = ${published(sql)} ORDER BY m.seq`
    ).map(mergeOf),
})

/** One, by our id, and those merged into them. */
const family = (sql: Sql, id: string) => sql`
  WITH given AS MATERIALIZED (SELECT shard, n FROM visitor WHERE id = ${id} AND version = ${published(sql)}),
  part AS MATERIALIZED (
    SELECT shard, n FROM given UNION
    SELECT v.shard, v.n FROM given g JOIN visitor v ON v.root = g.n WHERE v.version = ${published(sql)}
  )`

const byIds = async (sql: Sql, ids: readonly string[]): Promise<readonly StoredVisitor[]> => {
  const rows = await sql<VisitorRow[]>`
    SELECT v.id, s.name AS site, v.state, v.version FROM visitor given
    JOIN visitor v ON v.shard = (coalesce(given.root, given.n) % 1024)::smallint AND v.n = coalesce(given.root, given.n)
      AND v.version = given.version
    JOIN site s ON s.n = v.site
    WHERE given.id = ANY(${texts(ids)}::text[]) AND given.version = ${published(sql)} AND v.state IS NOT NULL`
  return [...new Map(rows.map((row) => [row.id, row])).values()].map(visitorIn)
}

/** Every name lies in a shard of its own: each is looked for there. */
const byName = async (sql: Sql, ref: string, site: string | undefined): Promise<StoredVisitor | undefined> => {
  const sites = await sql<{ n: number }[]>`SELECT n FROM site ${site === undefined ? sql`` : sql`WHERE name = ${site}`}`
  const names: readonly Name[] = [
    { kind: 'anonymous', value: ref },
    { kind: 'user', value: ref },
    ...[...new Set([ref, ref.toLowerCase()])].map((value): Name => ({ kind: 'email', value })),
  ]
  const sought = sites.flatMap(({ n }) => names.map((name) => ({ ...name, site: n, shard: shardOfName(n, name) })))
  const [row] = await sql<VisitorRow[]>`
    SELECT v.id, s.name AS site, v.state, v.version
    FROM unnest(${numbers(sought.map(({ shard }) => shard))}::smallint[],
      ${numbers(sought.map((each) => each.site))}::integer[], ${texts(sought.map(({ kind }) => kind))}::text[],
      ${texts(sought.map(({ value }) => value))}::text[]) AS k (shard, site, kind, value)
    JOIN name x ON x.shard = k.shard AND x.site = k.site AND x.kind = k.kind AND x.value = k.value
    JOIN visitor given ON given.shard = (x.visitor % 1024)::smallint AND given.n = x.visitor
      AND given.version = ${published(sql)}
    JOIN visitor v ON v.shard = (coalesce(given.root, given.n) % 1024)::smallint AND v.n = coalesce(given.root, given.n)
      AND v.version = given.version
    JOIN site s ON s.n = v.site
    WHERE v.state IS NOT NULL ORDER BY v.last_seen DESC NULLS LAST LIMIT 1`
  return row && visitorIn(row)
}
