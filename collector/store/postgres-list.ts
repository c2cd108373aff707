/** The list of visitors on PostgreSQL, page by page. */
import { looksAt, pageOf } from './list-page.ts'
import type { Queries, Sql } from './postgres.ts'
import { texts } from './postgres-array.ts'
import { published } from './postgres-models.ts'
import { type VisitorRow, visitorIn } from './postgres-visitor.ts'
import type { RecordedQuery, Views, VisitorQuery } from './store.ts'

/** What each order sorts by; a visitor without that key comes last, by id. */
const SORT_COLUMNS = { score: 'heat', lastSeen: 'last_seen', stageSince: 'stage_since' } as const

interface ListedRow extends VisitorRow {
  readonly key: number | null
  /** Whether the transition that is asked for was recorded of them. */
  readonly recorded: boolean
}

/** `settled`: up to where nothing can appear any more, as of before the snapshot. */
export const listVisitors = async (
  sql: Sql,
  query: VisitorQuery,
  settled: () => Promise<number>,
): Promise<Awaited<ReturnType<Views['visitors']>>> => {
  const asOf = query.cursor?.asOf ?? (await settled())
  // One snapshot, or a visitor that changes between the two halves of the list is in both, or in neither.
  const rows = await sql.begin('isolation level repeatable read read only', async (tx) => {
    const keyed = await keyedRows(tx, query, asOf)
    const isFull = keyed.length > looksAt(query)
    return isFull || query.minHeat !== undefined ? keyed : [...keyed, ...(await unkeyedRows(tx, query, keyed.length))]
  })
  return pageOf(rows, { query, asOf, read: visitorIn, isRecorded: ({ recorded }) => recorded })
}

/** Two index ranges instead of NULLS LAST, which no index serves together with an id. */
const keyedRows = async (sql: Queries, query: VisitorQuery, asOf: number): Promise<readonly ListedRow[]> => {
  const column = sql(`v.${SORT_COLUMNS[query.sort]}`)
  const { cursor } = query
  if (cursor?.key === null) return []
  const after = cursor
    ? sql`AND ${column} <= ${cursor.key} AND (${column} < ${cursor.key} OR v.id COLLATE "C" > ${cursor.id})`
    : sql``
  return await sql<ListedRow[]>`
    ${selectFrom(sql, query, asOf)} AND ${column} IS NOT NULL ${after}
    ORDER BY ${column} DESC NULLS LAST, v.id COLLATE "C" LIMIT ${looksAt(query) + 1}`
}

const unkeyedRows = async (sql: Queries, query: VisitorQuery, have: number): Promise<readonly ListedRow[]> => {
  const column = sql(`v.${SORT_COLUMNS[query.sort]}`)
  const from = query.cursor?.key === null ? query.cursor.id : ''
  return await sql<ListedRow[]>`
    ${selectFrom(sql, query, query.cursor?.asOf)} AND ${column} IS NULL AND v.id COLLATE "C" > ${from}
    ORDER BY v.id COLLATE "C" LIMIT ${looksAt(query) + 1 - have}`
}

/** Rows that changed since paging began are left out of later pages: none can be shown twice. */
const selectFrom = (sql: Queries, query: VisitorQuery, asOf: number | undefined) => {
  const { cursor, stages, qualification, fit, account, site, minHeat, q } = query
  const equal = (column: string, value: string | undefined) =>
    value === undefined ? sql`` : sql`AND ${sql(column)} = ${value}`
  const like = q === undefined ? '' : `%${q.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  return sql`
    SELECT v.id, s.name AS site, v.state, v.version, ${sql(`v.${SORT_COLUMNS[query.sort]}`)} AS key,
      ${recordedOf(sql, query.among?.recorded)} AS recorded
    FROM visitor v JOIN site s ON s.n = v.site
    WHERE v.version = ${published(sql)} AND v.root IS NULL AND v.state IS NOT NULL
    ${cursor ? sql`AND v.changed <= ${asOf!}` : sql``}
    ${stages ? sql`AND v.stage = ANY (${texts(stages)}::text[])` : sql``}
    ${equal('v.qualification', qualification)} ${equal('v.grade', fit)} ${equal('v.account', account)}
    ${equal('s.name', site)}
    ${minHeat === undefined ? sql`` : sql`AND v.heat >= ${minHeat}`}
    ${q === undefined ? sql`` : sql`AND (v.label LIKE ${like} OR v.id = ${q})`}`
}

/** Of the visitor, or of somebody merged into them. */
const recordedOf = (sql: Queries, recorded: RecordedQuery | undefined) => {
  if (!recorded) return sql`true`
  const { what, to, from, until, modelVersion } = recorded
  return sql`EXISTS (
    SELECT 1 FROM (
      SELECT v.shard, v.n UNION ALL
      SELECT p.shard, p.n FROM visitor p WHERE p.root = v.n AND p.version = v.version
    ) part JOIN transition t ON t.shard = part.shard AND t.visitor = part.n
    WHERE t.at >= ${from}::bigint AND t.at < ${until}::bigint AND t.what = ${what} AND t.target = ${to}
      AND t.cause = 'live' ${modelVersion === undefined ? sql`` : sql`AND t.model = ${modelVersion}`})`
}
