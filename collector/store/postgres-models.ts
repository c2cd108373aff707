/** The versions of the model on PostgreSQL. */
import { type DocumentRow, storedOf, versionOf } from './model-row.ts'
import type { Queries, Sql, Transaction } from './postgres.ts'
import type { Approval, Models } from './store.ts'

export const createPostgresModels = (sql: Sql): Models => {
  const columns = sql`version, state, document, author, approver, reason, created_at, published_at`
  return {
    versions: async () =>
      (await sql<Row[]>`SELECT ${columns} FROM model ORDER BY version DESC`).map((row) => versionOf(named(row))),
    model: async (version) => {
      const [row] = await sql<Row[]>`SELECT ${columns} FROM model WHERE version = ${version}`
      return row && storedOf(named(row))
    },
    published: async () => {
      const [row] = await sql<Row[]>`SELECT ${columns} FROM model WHERE state = 'published'`
      return storedOf(named(row!))
    },
    insertDraft: (draft) => insertDraft(sql, draft),
  }
}

/** Answers its version. */
export const insertDraft = async (
  sql: Queries,
  { model, author, reason, createdAt }: Parameters<Models['insertDraft']>[0],
): Promise<number> => {
  for (;;) {
    const [row] = await sql<{ version: number }[]>`
      INSERT INTO model (version, state, document, author, reason, created_at)
      SELECT coalesce(max(version), 0) + 1, 'draft', ${JSON.stringify(model)}, ${author}, ${reason}, ${createdAt}
      FROM model ON CONFLICT DO NOTHING RETURNING version`
    // None: another collector has just taken that number.
    if (row) return row.version
  }
}

type Row = Omit<DocumentRow, 'name'>

/** The server's own reading of JSON refuses some of what a text may hold. */
const named = (row: Row): DocumentRow => ({ ...row, name: (JSON.parse(row.document) as { name: string }).name })

/** The version that scores, as a part of a statement: what is read with it belongs together. */
export const published = (sql: Queries) => sql`(SELECT version FROM model WHERE state = 'published')`

/** Makes a version the one that scores, within the caller's transaction. */
export const markPublished = async (
  tx: Transaction,
  version: number,
  { approver, reason, at }: Approval & { readonly at: number },
): Promise<void> => {
  await tx`UPDATE model SET state = 'retired' WHERE state = 'published'`
  await tx`
    UPDATE model SET state = 'published', approver = ${approver}, reason = ${reason}, published_at = ${at}
    WHERE version = ${version}`
}
