/** Reading the counts that reports are made of on PostgreSQL: sums over what each collector has added. */
import type { CountRow } from '../../shared/report.ts'
import type { Sql } from './postgres.ts'
import { published } from './postgres-models.ts'
import type { Views } from './store.ts'

export const createPostgresReports = (sql: Sql): Pick<Views, 'aggregates'> => ({
  aggregates: async ({ kind, site, from, to, closed }) => [
    ...(await sql<CountRow[]>`
      SELECT what AS "of", outcome AS "end", sum(n)::bigint AS n,
        -- Few days are still open: to take theirs away costs less than to add up all others once more.
        (sum(n) - coalesce(sum(n) FILTER (WHERE day >= ${closed}::bigint), 0))::bigint AS closed
      FROM aggregate
      WHERE version = ${kind === 'move' ? sql`0` : published(sql)} AND kind = ${kind}
        AND site = ANY(ARRAY(SELECT s.n FROM site s ${site === undefined ? sql`` : sql`WHERE s.name = ${site}`}))
        AND day >= ${from}::bigint AND day < ${to}::bigint
      GROUP BY what, outcome HAVING sum(n) <> 0`),
  ],
})
