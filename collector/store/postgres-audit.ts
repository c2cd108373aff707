/** The audit log on PostgreSQL. */
import { type AuditRow, auditRowOf, entryOf, KEPT_ENTRIES } from './audit-row.ts'
import type { Queries, Sql } from './postgres.ts'
import { type Audit, type AuditEntry, READ_LIST } from './store.ts'

/** Within a transaction, where it is given one. */
export const note = async (sql: Queries, entry: AuditEntry): Promise<void> => {
  const { at, actor, action, site, subject, detail } = auditRowOf(entry)
  await sql`
    WITH written AS (
      INSERT INTO audit (at, actor, action, site, subject, detail)
      VALUES (${at}, ${actor}, ${action}, ${site}, ${subject}, ${detail}) RETURNING n
    )
    DELETE FROM audit WHERE n <= (SELECT n FROM written) - ${KEPT_ENTRIES}::bigint`
}

export const createPostgresAudit = (sql: Sql): Audit => ({
  entries: async ({ before = Number.MAX_SAFE_INTEGER, actor, action, site, subjects, limit }) => {
    const rows = await sql<AuditRow[]>`
      SELECT n, at, actor, action, site, subject, detail FROM audit WHERE n < ${before}
        ${actor === undefined ? sql`` : sql`AND actor = ${actor}`}
        ${action === undefined ? sql`` : sql`AND action = ${action}`}
        ${site === undefined ? sql`` : sql`AND site = ${site}`}
        ${subjects === undefined ? sql`` : aboutAny(sql, [...subjects])}
      ORDER BY n DESC LIMIT ${limit}`
    return rows.map(entryOf)
  },
})

const aboutAny = (sql: Sql, marks: string[]) => sql`
  AND (subject = ANY(${marks}::text[]) OR action = ${READ_LIST}
    AND EXISTS (SELECT FROM unnest(${marks}::text[]) AS m (mark) WHERE position(m.mark IN detail) > 0))`
