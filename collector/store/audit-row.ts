/** An entry of the audit log as it stands in a row, whatever the store. */
import type { NumberedEntry } from './store.ts'

/** Entries kept. */
export const KEPT_ENTRIES = 1_000_000

export interface AuditRow {
  readonly n: number
  readonly at: number
  readonly actor: string
  readonly action: string
  readonly site: string | null
  readonly subject: string | null
  readonly detail: string | null
}

export const entryOf = ({ site, subject, detail, ...row }: AuditRow): NumberedEntry => ({
  ...row,
  site: site ?? undefined,
  subject: subject ?? undefined,
  detail: detail ?? undefined,
})
