/** Reading the counts that reports are made of on SQLite: site by site along the primary key, so that nothing is sorted. */
import type { CountRow } from '../../shared/report.ts'
import type { Db } from './sqlite.ts'
import type { Views } from './store.ts'

export const createSqliteReports = (db: Db): Pick<Views, 'aggregates'> => {
  const sites = db.prepare('SELECT n FROM site WHERE @site IS NULL OR name = @site').pluck()
  const sums = db.prepare(
    `SELECT what AS "of", outcome AS "end", sum(n) AS n, sum(iif(day < @closed, n, 0)) AS closed FROM aggregate
     WHERE site = @n AND kind = @kind AND day >= @from AND day < @to GROUP BY what, outcome`,
  )
  return {
    aggregates: async ({ site = null, ...query }) =>
      (sites.all({ site }) as number[]).flatMap((n) => sums.all({ ...query, n }) as CountRow[]),
  }
}
