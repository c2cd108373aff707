/** Leads and what came of them, on PostgreSQL: from the transitions and from what sales said. */
import { answeredOf, type LeadRow } from './lead-row.ts'
import type { Sql } from './postgres.ts'
import { published } from './postgres-models.ts'
import { SHARDS } from './postgres-schema.ts'
import type { Leads, LeadsQuery } from './store.ts'

/** A merge records anew, of the survivor, where both now stand: that is the same lead at the same instant. */
export const createPostgresLeads = (sql: Sql): Leads => ({
  leads: async (query) => {
    const rows = await read(sql, query)
    return { items: rows.map(answeredOf), next: rows.length === query.limit ? rows.at(-1)!.seq : undefined }
  },
})

const read = (sql: Sql, { from, to, after, limit, site }: LeadsQuery) => {
  const theirs = (row: 'f' | 'x') => sql`${sql(row)}.shard = ANY(p.shards) AND ${sql(row)}.visitor = ANY(p.parts)`
  return sql<LeadRow[]>`
    SELECT t.seq, t.at, t.target, t.rule, t.model,
      (SELECT min(f.at) FROM feedback f WHERE ${theirs('f')} AND f.at >= t.at) AS touched,
      (SELECT x.target FROM transition x WHERE ${theirs('x')} AND x.what = 'flag'
         AND 'sales_active' IN (x.source, x.target) AND x.at <= t.at ORDER BY x.at DESC, x.seq DESC LIMIT 1) AS flag,
      (SELECT f.verdict FROM feedback f WHERE ${theirs('f')} AND f.at >= t.at
         AND f.verdict IN ('accepted', 'won', 'rejected', 'lost') ORDER BY f.at DESC, f.seq DESC LIMIT 1) AS verdict,
      EXISTS (SELECT 1 FROM transition x WHERE ${theirs('x')} AND x.what = 'qualification'
        AND x.target = 'customer' AND x.at >= t.at) AS bought
    FROM transition t
      JOIN visitor v ON v.shard = t.shard AND v.n = t.visitor AND v.version = ${published(sql)}
      JOIN site s ON s.n = v.site
      -- Everyone who is one with the person of the row.
      CROSS JOIN LATERAL (
        SELECT array_agg(one.n) AS parts, array_agg((one.n % ${SHARDS}::bigint)::smallint) AS shards FROM (
          SELECT coalesce(v.root, v.n) AS n
          UNION SELECT w.n FROM visitor w WHERE w.root = coalesce(v.root, v.n) AND w.version = v.version
        ) one
      ) p
    WHERE t.what = 'qualification' AND t.target IN ('mql', 'sql') AND t.cause = 'live' AND t.seq > ${after}
      AND t.at >= ${from} AND t.at < ${to} ${site === undefined ? sql`` : sql`AND s.name = ${site}`}
      AND NOT EXISTS (SELECT 1 FROM transition x WHERE ${theirs('x')} AND x.what = 'qualification'
        AND x.target = t.target AND x.at = t.at AND x.seq < t.seq)
    ORDER BY t.seq LIMIT ${limit}`
}
