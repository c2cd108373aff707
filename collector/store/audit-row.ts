/** An entry of the audit log as it stands in a row, whatever the store. */
import { type AuditEntry, type NumberedEntry, READ_LIST } from './store.ts'

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

/** Of many at once the marks are the row's detail: a hundred of them fit into no index. */
export const auditRowOf = ({
  at,
  actor,
  action,
  site,
  subject,
  subjects,
  detail,
}: AuditEntry): Omit<AuditRow, 'n'> => ({
  ...{ at, actor, action, site: site ?? null, subject: subject ?? null },
  detail: subjects ? subjects.join(' ') : (detail ?? null),
})

export const entryOf = ({ site, subject, detail, ...row }: AuditRow): NumberedEntry => ({
  ...row,
  site: site ?? undefined,
  subject: subject ?? undefined,
  ...(row.action === READ_LIST ? { subjects: detail?.split(' ') } : { detail: detail ?? undefined }),
})
