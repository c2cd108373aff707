/** Leads and what came of them, on SQLite: from the transitions and from what sales said. */
import { answeredOf, type LeadRow } from './lead-row.ts'
import type { Db } from './sqlite.ts'
import type { Leads } from './store.ts'

/** Everyone who is one with the person of a row. */
const PERSON = 'SELECT n FROM visitor WHERE n = p.n UNION SELECT n FROM visitor WHERE root = p.n'

/** A merge records anew, of the survivor, where both now stand: that is the same lead at the same instant. */
export const createSqliteLeads = (db: Db): Leads => {
  const leads = db.prepare(
    `SELECT t.seq, t.at, t.target, t.rule, t.model,
       (SELECT min(f.at) FROM feedback f WHERE f.visitor IN (${PERSON}) AND f.at >= t.at) AS touched,
       (SELECT x.target FROM transition x WHERE x.visitor IN (${PERSON}) AND x.what = 'flag'
          AND 'sales_active' IN (x.source, x.target) AND x.at <= t.at ORDER BY x.at DESC, x.seq DESC LIMIT 1) AS flag,
       (SELECT f.verdict FROM feedback f WHERE f.visitor IN (${PERSON}) AND f.at >= t.at
          AND f.verdict IN ('accepted', 'won', 'rejected', 'lost') ORDER BY f.at DESC, f.seq DESC LIMIT 1) AS verdict,
       EXISTS (SELECT 1 FROM transition x WHERE x.visitor IN (${PERSON}) AND x.what = 'qualification'
          AND x.target = 'customer' AND x.at >= t.at) AS bought
     FROM transition t JOIN visitor v ON v.n = t.visitor JOIN visitor p ON p.n = coalesce(v.root, v.n)
       JOIN site s ON s.n = v.site
     WHERE t.what = 'qualification' AND t.target IN ('mql', 'sql') AND t.cause = 'live' AND t.seq > @after
       AND t.at >= @from AND t.at < @to AND (@site IS NULL OR s.name = @site)
       AND NOT EXISTS (SELECT 1 FROM transition x WHERE x.visitor IN (${PERSON}) AND x.what = 'qualification'
         AND x.target = t.target AND x.at = t.at AND x.seq < t.seq)
     ORDER BY t.seq LIMIT @limit`,
  )
  return {
    leads: async ({ site = null, ...query }) => {
      const rows = leads.all({ site, ...query }) as LeadRow[]
      const next = rows.length === query.limit ? rows.at(-1)!.seq : undefined
      return { items: rows.map(answeredOf), next }
    },
  }
}
