/** The versions of the model on SQLite. */
import { parseModel } from '../../shared/read-model.ts'
import type { Db } from './sqlite.ts'
import type { Approval, ModelState, Models, ModelVersion, StoredModel } from './store.ts'

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

interface ModelRow {
  readonly version: number
  readonly state: ModelState
  readonly name: string
  readonly author: string
  readonly approver: string | null
  readonly reason: string
  readonly created_at: number
  readonly published_at: number | null
}

interface DocumentRow extends ModelRow {
  readonly document: string
}

const versionOf = ({ version, state, name, author, approver, reason, ...row }: ModelRow): ModelVersion => ({
  version,
  state,
  name,
  author,
  approver: approver ?? undefined,
  reason,
  createdAt: row.created_at,
  publishedAt: row.published_at ?? undefined,
})

const storedOf = (row: DocumentRow): StoredModel => ({
  ...versionOf(row),
  model: parseModel(JSON.parse(row.document)),
})
