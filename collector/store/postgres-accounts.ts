/** Reading companies on PostgreSQL: one scan of an index for all of them, their people one by one. */
import type { Sql } from './postgres.ts'
import { published } from './postgres-models.ts'
import type { AccountCandidate, Views } from './store.ts'
import { stateIn } from './stored.ts'

export const createPostgresAccounts = (sql: Sql): Pick<Views, 'accounts' | 'colleagues'> => {
  const belongs = (site: string | undefined) => sql`
    v.version = ${published(sql)} AND v.root IS NULL AND v.account IS NOT NULL
    ${site === undefined ? sql`` : sql`AND v.site = (SELECT s.n FROM site s WHERE s.name = ${site})`}`
  const among = ({ account, q }: { readonly account?: string | undefined; readonly q?: string | undefined }) => {
    if (account !== undefined) return sql`AND v.account = ${account}`
    return q === undefined ? sql`` : sql`AND v.account ILIKE ${likeOf(q)}`
  }
  return {
    // Of a power that is too great or too small for a number, this server makes an error.
    accounts: async ({ account, site, q, key }) => [
      ...(await sql<AccountCandidate[]>`
        SELECT v.account AS id, count(*) AS people, coalesce(sum(power(2::float8,
          greatest(-1000, least(900, v.warmth - ${key}::float8)))) FILTER (WHERE v.warmth IS NOT NULL), 0) AS most
        FROM visitor v WHERE ${belongs(site)} ${among({ account, q })} GROUP BY v.account`),
    ],
    colleagues: async ({ account, site, limit }) => {
      const rows = await sql<ColleagueRow[]>`
        SELECT v.id, s.name AS site, v.state, v.changed, v.version AS "modelVersion" FROM visitor v
        JOIN site s ON s.n = v.site
        WHERE ${belongs(site)} AND v.account = ${account} ORDER BY v.warmth DESC NULLS LAST LIMIT ${limit}`
      return rows.map(({ state, ...row }) => ({ ...row, state: stateIn(state) }))
    },
  }
}

/** Whatever holds these words. */
const likeOf = (words: string): string => `%${words.replace(/[\\%_]/g, '\\$&')}%`

interface ColleagueRow {
  readonly id: string
  readonly site: string
  readonly state: Buffer
  readonly changed: number
  readonly modelVersion: number
}
