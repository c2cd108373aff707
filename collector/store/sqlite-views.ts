/** Reading on SQLite, on a connection of its own that can change nothing. */
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
import { heldOf, NOTHING_HELD } from './person-row.ts'
import type { Db } from './sqlite.ts'
import { createSqliteAccounts } from './sqlite-accounts.ts'
import { createSqliteList, MODEL, type VisitorRow } from './sqlite-list.ts'
import { createSqliteMessages } from './sqlite-messages.ts'
import { createPersons } from './sqlite-person.ts'
import { createSqliteReports } from './sqlite-reports.ts'
import { createTerms } from './sqlite-terms.ts'
import type { LogEntry, Rejected, StoredVisitor, Views } from './store.ts'
import { stateIn } from './stored.ts'

export const createSqliteViews = (db: Db): Views => {
  const sql = statements(db)
  const persons = createPersons(db)
  const terms = createTerms(db)

  const visitorIn = ({ id, site, state, model }: VisitorRow): StoredVisitor => ({
    id,
    site,
    state: stateIn(state, terms),
    modelVersion: model,
  })

  const numberOf = (id: string): number | undefined => sql.numberOf.get(id) as number | undefined

  const visitor = (ref: string, site?: string): StoredVisitor | undefined => {
    const row = (sql.byId.get(ref) ?? sql.byName.get({ ref, lower: ref.toLowerCase(), site: site ?? null })) as
      | VisitorRow
      | undefined
    return row && (site === undefined || row.site === site) ? visitorIn(row) : undefined
  }

  const read = (cursor: number, limit: number): readonly LogEntry[] =>
    entriesOf(
      sql.eventsAfter.all(cursor, limit) as EventRow[],
      sql.transitionsAfter.all(cursor, limit) as ReadTransitionRow[],
      { cursor, limit, terms },
    )

  return {
    ...createSqliteAccounts(db),
    ...createSqliteReports(db),
    ...createSqliteMessages(db),
    ...createSqliteList(db, visitorIn),
    visitor: async (ref, site) => visitor(ref, site),
    several: async (ids) => {
      const rows = ids.flatMap((id) => (sql.byId.get(id) as VisitorRow | undefined) ?? [])
      return [...new Map(rows.map((row) => [row.n, row])).values()].map(visitorIn)
    },
    events: async (id) => {
      const n = numberOf(id)
      const rows = n === undefined ? [] : (sql.events.all(n, n) as BodyRow[])
      return rows.flatMap((row) => storedEventsOf(row, terms))
    },
    transitions: async (id) => {
      const n = numberOf(id)
      const rows = n === undefined ? [] : (sql.transitions.all(n, n) as TransitionRow[])
      return rows.map(storedTransitionOf)
    },
    merges: async (id) => (sql.merges.all({ n: numberOf(id) ?? -1 }) as MergeRow[]).map(mergeOf),
    held: async (id) => {
      const person = persons.find(id)
      if (!person) return NOTHING_HELD
      return heldOf(person, persons.rejected(person, persons.events(person)), persons.others(person))
    },
    read: async (cursor, limit) => read(cursor, limit),
    changed: async (cursor, upTo, limit) =>
      (sql.changed.all(cursor, upTo, limit) as VisitorRow[]).map((row) => ({ ...visitorIn(row), seq: row.key! })),
    head: async () => sql.head.get() as number,
    rejected: async (limit) => ({
      items: sql.rejected.all(limit) as Rejected[],
      counts: Object.fromEntries(
        (sql.rejectedCounts.all() as { code: string; count: number }[]).map((r) => [r.code, r.count]),
      ),
    }),
  }
}

const statements = (db: Db) => ({
  head: db
    .prepare(
      `SELECT max(coalesce((SELECT max(seq) FROM event), 0), coalesce((SELECT max(seq) FROM transition), 0),
         coalesce((SELECT max(changed) FROM visitor), 0), coalesce((SELECT max(seq) FROM erasure), 0))`,
    )
    .pluck(),
  numberOf: db.prepare('SELECT n FROM visitor WHERE id = ?').pluck(),
  byId: db.prepare(
    `SELECT v.n, v.id, s.name AS site, v.state, ${MODEL}, NULL AS key FROM visitor given
     JOIN visitor v ON v.n = coalesce(given.root, given.n) JOIN site s ON s.n = v.site
     WHERE given.id = ? AND v.state IS NOT NULL`,
  ),
  byName: db.prepare(
    `SELECT v.n, v.id, s.name AS site, v.state, ${MODEL}, NULL AS key FROM site s
     JOIN name ON name.site = s.n AND name.kind IN ('anonymous', 'user', 'email') AND name.value IN (@ref, @lower)
     JOIN visitor given ON given.n = name.visitor JOIN visitor v ON v.n = coalesce(given.root, given.n)
     WHERE (name.value = @ref OR name.kind = 'email') AND (@site IS NULL OR s.name = @site) AND v.state IS NOT NULL
     ORDER BY v.last_seen DESC LIMIT 1`,
  ),
  events: db.prepare(
    'SELECT seq, body FROM event WHERE visitor IN (SELECT n FROM visitor WHERE n = ? UNION SELECT n FROM visitor WHERE root = ?)',
  ),
  transitions: db.prepare(
    `SELECT t.* FROM transition t
     WHERE t.visitor IN (SELECT n FROM visitor WHERE n = ? UNION SELECT n FROM visitor WHERE root = ?)`,
  ),
  merges: db.prepare(
    `SELECT m.at, m.undone_at, f.id AS "from", t.id AS "into"
     FROM merge m JOIN visitor f ON f.n = m.source JOIN visitor t ON t.n = m.target
     WHERE @n IN (m.source, m.target) ORDER BY m.seq`,
  ),
  eventsAfter: db.prepare(
    `SELECT e.seq, r.id AS visitor, s.name AS site, e.body FROM event e JOIN visitor v ON v.n = e.visitor
     JOIN visitor r ON r.n = coalesce(v.root, v.n) JOIN site s ON s.n = v.site WHERE e.seq > ? ORDER BY e.seq LIMIT ?`,
  ),
  transitionsAfter: db.prepare(
    `SELECT t.seq, t.at, t.what, t.source, t.target, t.rule, t.event, t.score, t.model, t.cause, r.id AS visitor, s.name AS site
     FROM transition t JOIN visitor v ON v.n = t.visitor JOIN visitor r ON r.n = coalesce(v.root, v.n)
     JOIN site s ON s.n = v.site WHERE t.seq > ? ORDER BY t.seq LIMIT ?`,
  ),
  changed: db.prepare(
    `SELECT v.n, v.id, s.name AS site, v.state, ${MODEL}, v.changed AS key FROM visitor v JOIN site s ON s.n = v.site
     WHERE v.changed > ? AND v.changed <= ? AND v.root IS NULL AND v.state IS NOT NULL ORDER BY v.changed LIMIT ?`,
  ),
  rejected: db.prepare('SELECT at, site, id, code, message FROM rejected ORDER BY seq DESC LIMIT ?'),
  rejectedCounts: db.prepare('SELECT code, count FROM rejected_count'),
})
