/** The versions of the model on SQLite. */
import { type DocumentRow, type ModelRow, storedOf, versionOf } from './model-row.ts'
import type { Db } from './sqlite.ts'
import type { Approval, Models } from './store.ts'

export const createSqliteModels = (db: Db): Models => {
  const columns = `version, state, json_extract(document, '$.name') AS name, author, approver, reason, created_at,
    published_at`
  const versions = db.prepare(`SELECT ${columns} FROM model ORDER BY version DESC`)
  const model = db.prepare(`SELECT ${columns}, document FROM model WHERE version = ?`)
  const published = db.prepare(`SELECT ${columns}, document FROM model WHERE state = 'published'`)
  const insert = db
    .prepare(
      `INSERT INTO model (version, state, document, author, reason, created_at)
       VALUES ((SELECT coalesce(max(version), 0) + 1 FROM model), 'draft', ?, ?, ?, ?) RETURNING version`,
    )
    .pluck()

  return {
    versions: async () => (versions.all() as ModelRow[]).map(versionOf),
    model: async (version) => {
      const row = model.get(version) as DocumentRow | undefined
      return row && storedOf(row)
    },
    published: async () => storedOf(published.get() as DocumentRow),
    insertDraft: async (draft) =>
      insert.get(JSON.stringify(draft.model), draft.author, draft.reason, draft.createdAt) as number,
  }
}

/** Makes a version the one that scores, within the caller's transaction. */
export const markPublished = (
  db: Db,
  version: number,
  { approver, reason, at }: Approval & { readonly at: number },
): void => {
  db.prepare(`UPDATE model SET state = 'retired' WHERE state = 'published'`).run()
  db.prepare(`UPDATE model SET state = 'published', approver = ?, reason = ?, published_at = ? WHERE version = ?`).run(
    approver,
    reason,
    at,
    version,
  )
}
