/** The list of visitors on SQLite, page by page; and among them those of whom no column tells. */
import { looksAt, pageOf } from './list-page.ts'
import type { Db } from './sqlite.ts'
import { HEAD } from './sqlite-log-sql.ts'
import type { RecordedQuery, StoredVisitor, Views, VisitorQuery } from './store.ts'

/** What each order sorts by; a visitor without that key comes last, by id. */
const SORT_COLUMNS = { score: 'heat', lastSeen: 'last_seen', stageSince: 'stage_since' } as const

/** The version that made a row's state: read in the same statement, so that the two belong together. */
export const MODEL = `(SELECT version FROM model WHERE state = 'published') AS model`

export interface VisitorRow {
  readonly n: number
  readonly id: string
  readonly site: string
  readonly state: Buffer
  readonly model: number
  readonly key: number | null
}

export const createSqliteList = (db: Db, visitorIn: (row: VisitorRow) => StoredVisitor): Pick<Views, 'visitors'> => {
  const recordedOf = db.prepare(
    `SELECT 1 FROM transition t
     WHERE t.visitor IN (SELECT n FROM visitor WHERE n = @n UNION SELECT n FROM visitor WHERE root = @n)
     AND t.at >= @from AND t.at < @until AND t.what = @what AND t.target = @to AND t.cause = 'live'
     AND (@modelVersion IS NULL OR t.model = @modelVersion) LIMIT 1`,
  )

  const isRecorded = ({ n }: VisitorRow, recorded: RecordedQuery): boolean => {
    const { modelVersion = null } = recorded
    return recordedOf.get({ ...recorded, modelVersion, n }) !== undefined
  }

  const visitors = (query: VisitorQuery): Awaited<ReturnType<Views['visitors']>> => {
    const asOf = query.cursor?.asOf ?? (db.prepare(HEAD).pluck().get() as number)
    const rows = listed(db, query, { asOf, most: looksAt(query) + 1 })
    return pageOf(rows, { query, asOf, read: visitorIn, isRecorded: (row) => isRecorded(row, query.among!.recorded!) })
  }

  // One transaction, or a visitor that changes between the two halves of the list is in both, or in neither.
  return { visitors: async (query) => db.transaction(() => visitors(query))() }
}

/** Row by row, as far as anybody reads on; no more than `most` with a key, and as many without. */
function* listed(db: Db, query: VisitorQuery, { asOf, most }: { asOf: number; most: number }): Generator<VisitorRow> {
  const column = SORT_COLUMNS[query.sort]
  const { where, params } = conditions(query, asOf)
  const select = `SELECT v.n, v.id, s.name AS site, v.state, ${MODEL}, v.${column} AS key FROM visitor v
    JOIN site s ON s.n = v.site WHERE ${where.join(' AND ')}`
  // Two index ranges instead of NULLS LAST, which no index can serve.
  const keyed = `${select} AND v.${column} IS NOT NULL ${after(query, column)} ORDER BY v.${column} DESC, v.id LIMIT @most`
  yield* db.prepare(keyed).iterate({ ...params, most }) as Iterable<VisitorRow>
  if (query.minHeat !== undefined) return
  const from = query.cursor?.key === null ? query.cursor.id : ''
  const unkeyed = `${select} AND v.${column} IS NULL AND v.id > @from ORDER BY v.id LIMIT @most`
  yield* db.prepare(unkeyed).iterate({ ...params, most, from }) as Iterable<VisitorRow>
}

type Params = Record<string, string | number | null>

/** Rows that changed since paging began are left out of later pages: none can be shown twice. */
const conditions = (query: VisitorQuery, asOf: number): { where: readonly string[]; params: Params } => {
  const { stages, cursor } = query
  const equal = { qualification: query.qualification, grade: query.fit, account: query.account }
  const set = Object.entries(equal).flatMap(([column, value]) =>
    value === undefined ? [] : [[column, value] as const],
  )
  return {
    where: [
      'v.root IS NULL AND v.state IS NOT NULL',
      ...(cursor ? ['v.changed <= @asOf'] : []),
      ...(stages ? [`v.stage IN (${stages.map((_, i) => `@stage${i}`).join(', ')})`] : []),
      ...set.map(([column]) => `v.${column} = @${column}`),
      ...(query.site === undefined ? [] : ['s.name = @site']),
      ...(query.minHeat === undefined ? [] : ['v.heat >= @minHeat']),
      ...(query.q === undefined ? [] : [`(v.label LIKE @q ESCAPE '\\' OR v.id = @exact)`]),
    ],
    params: {
      ...(cursor && { asOf, cursorId: cursor.id, ...(cursor.key !== null && { cursorKey: cursor.key }) }),
      ...Object.fromEntries((stages ?? []).map((stage, i) => [`stage${i}`, stage])),
      ...Object.fromEntries(set),
      ...(query.site !== undefined && { site: query.site }),
      ...(query.minHeat !== undefined && { minHeat: query.minHeat }),
      ...(query.q !== undefined && { q: `%${query.q.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`, exact: query.q }),
    },
  }
}

const after = ({ cursor }: VisitorQuery, column: string): string => {
  if (!cursor) return ''
  if (cursor.key === null) return 'AND 0'
  return `AND v.${column} <= @cursorKey AND (v.${column} < @cursorKey OR v.id > @cursorId)`
}
