/** Writes whole rows of visitors on PostgreSQL: who is rebuilt under another model, and who is left as nobody. */
import type { Queries } from './postgres.ts'
import { bytes } from './postgres-array.ts'
import type { Written } from './visitor-row.ts'

/** What is derived from a state, and whose it is. */
export type VisitorRow = Written & {
  readonly shard: number
  readonly version: number
  readonly id: string
  /** Its number. */
  readonly siteNumber: number
  readonly root: number | null
}

/** Within the caller's transaction. A row that is there already is replaced. */
export const writeVisitors = async (tx: Queries, rows: readonly VisitorRow[]): Promise<void> => {
  if (rows.length === 0) return
  const all = <Key extends keyof VisitorRow>(key: Key) => rows.map((row) => row[key])
  await tx`
    INSERT INTO visitor (shard, n, version, id, site, root, user_id, email, state, heat, warmth, stage, qualification,
      grade, account, label, last_seen, stage_since, due, changed)
    SELECT * FROM unnest(${all('shard')}::smallint[], ${all('n')}::bigint[], ${all('version')}::integer[],
      ${all('id')}::text[], ${all('siteNumber')}::integer[], ${all('root')}::bigint[], ${all('user')}::text[],
      ${all('email')}::text[], ${bytes(all('state'))}::bytea[],
      ${all('heat')}::double precision[], ${all('warmth')}::double precision[], ${all('stage')}::text[],
      ${all('qualification')}::text[], ${all('grade')}::text[], ${all('account')}::text[], ${all('label')}::text[],
      ${all('lastSeen')}::bigint[], ${all('stageSince')}::bigint[], ${all('due')}::bigint[],
      ${all('changed')}::bigint[])
    ON CONFLICT (shard, n, version) DO UPDATE SET root = excluded.root, user_id = excluded.user_id,
      email = excluded.email, state = excluded.state, heat = excluded.heat, warmth = excluded.warmth,
      stage = excluded.stage, qualification = excluded.qualification, grade = excluded.grade,
      account = excluded.account, label = excluded.label, last_seen = excluded.last_seen,
      stage_since = excluded.stage_since, due = excluded.due, changed = excluded.changed`
}
