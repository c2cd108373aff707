/** The audit log on SQLite. */
import { type AuditRow, auditRowOf, entryOf, KEPT_ENTRIES } from './audit-row.ts'
import type { Db } from './sqlite.ts'
import { type Audit, type AuditEntry, READ_LIST } from './store.ts'

/** Within the caller's transaction, if there is one. */
export const createNote = (db: Db): ((entry: AuditEntry) => void) => {
  const insert = db.prepare(
    'INSERT INTO audit (at, actor, action, site, subject, detail) VALUES (@at, @actor, @action, @site, @subject, @detail)',
  )
  const trim = db.prepare('DELETE FROM audit WHERE n <= (SELECT max(n) FROM audit) - ?')
  return (entry) => {
    insert.run(auditRowOf(entry))
    trim.run(KEPT_ENTRIES)
  }
}

export const createSqliteAudit = (db: Db): Audit => {
  const select = db.prepare(
    `SELECT * FROM audit WHERE n < @before AND (@actor IS NULL OR actor = @actor) AND (@action IS NULL OR action = @action)
       AND (@site IS NULL OR site = @site)
       AND (@subjects IS NULL OR subject IN (SELECT value FROM json_each(@subjects))
         OR action = '${READ_LIST}' AND EXISTS (SELECT 1 FROM json_each(@subjects) WHERE instr(detail, value)))
     ORDER BY n DESC LIMIT @limit`,
  )
  return {
    entries: async ({
      before = Number.MAX_SAFE_INTEGER,
      actor = null,
      action = null,
      site = null,
      subjects,
      limit,
    }) => {
      const among = subjects === undefined ? null : JSON.stringify(subjects)
      return (select.all({ before, actor, action, site, subjects: among, limit }) as AuditRow[]).map(entryOf)
    },
  }
}
