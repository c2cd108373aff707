/** A version of the model as it stands in a row, whatever the store. */
import { parseModel } from '../../shared/read-model.ts'
import type { ModelState, ModelVersion, StoredModel } from './store.ts'

export interface ModelRow {
  readonly version: number
  readonly state: ModelState
  readonly name: string
  readonly author: string
  readonly approver: string | null
  readonly reason: string
  readonly created_at: number
  readonly published_at: number | null
}

export interface DocumentRow extends ModelRow {
  readonly document: string
}

export const versionOf = ({ version, state, name, author, approver, reason, ...row }: ModelRow): ModelVersion => ({
  version,
  state,
  name,
  author,
  approver: approver ?? undefined,
  reason,
  createdAt: row.created_at,
  publishedAt: row.published_at ?? undefined,
})

export const storedOf = (row: DocumentRow): StoredModel => ({
  ...versionOf(row),
  model: parseModel(JSON.parse(row.document)),
})
