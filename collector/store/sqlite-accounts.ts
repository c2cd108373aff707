/** Reading companies on SQLite: one scan of an index for all of them, their people one by one. */
import type { Db } from './sqlite.ts'
import { createTerms } from './sqlite-terms.ts'
import type { AccountCandidate, Views } from './store.ts'
import { stateIn } from './stored.ts'

/** The version that made a row's state. */
const MODEL = `(SELECT version FROM model WHERE state = 'published')`

export const createSqliteAccounts = (db: Db): Pick<Views, 'accounts' | 'colleagues'> => {
  const terms = createTerms(db)
  const belongs = `root IS NULL AND account IS NOT NULL
    AND (@site IS NULL OR site = (SELECT n FROM site WHERE name = @site))`
  const most = `total(pow(2, warmth - @key)) AS most`
  const all = db.prepare(
    `SELECT account AS id, count(*) AS people, ${most} FROM visitor
     WHERE ${belongs} AND (@q IS NULL OR account LIKE @q ESCAPE '\\') GROUP BY account`,
  )
  const one = db.prepare(
    `SELECT account AS id, count(*) AS people, ${most} FROM visitor WHERE ${belongs} AND account = @account GROUP BY account`,
  )
  const colleagues = db.prepare(
    `SELECT id, (SELECT name FROM site WHERE n = site) AS site, state, changed, ${MODEL} AS modelVersion FROM visitor
     WHERE ${belongs} AND account = @account ORDER BY warmth DESC LIMIT @limit`,
  )

  return {
    accounts: async ({ account, site = null, q, key }) => {
      if (account !== undefined) return one.all({ account, site, key }) as AccountCandidate[]
      const like = q === undefined ? null : `%${q.replace(/[\\%_]/g, '\\$&')}%`
      return all.all({ site, key, q: like }) as AccountCandidate[]
    },
    colleagues: async ({ account, site = null, limit }) =>
      (colleagues.all({ account, site, limit }) as ColleagueRow[]).map(({ state, ...row }) => ({
        ...row,
        state: stateIn(state, terms),
      })),
  }
}

interface ColleagueRow {
  readonly id: string
  readonly site: string
  readonly state: Buffer
  readonly changed: number
  readonly modelVersion: number
}
