/**
 * Claims ids of events on PostgreSQL and takes hold of whom their names lead to, all in one statement: each way to the server
 * and back is time in which nobody works.
 */
import type { Name } from '../../shared/identity.ts'
import type { Transaction } from './postgres.ts'
import { numbers, texts } from './postgres-array.ts'
import { Collision } from './postgres-group.ts'
import { type Locking, type Person, type PersonRow, recalling } from './postgres-people.ts'
import { idHash } from './postgres-shard.ts'

/** A name of a site. */
export interface SiteName {
  readonly key: string
  readonly site: number
  readonly shard: number
  readonly name: Name
}

/** An id of an event of a site. */
export interface Id {
  readonly key: string
  readonly site: number
  readonly shard: number
  readonly hash: string
}

/** Claims an id; answers whether nobody had claimed it before. Waits for who is just claiming it. */
export const claimId = async (tx: Transaction, site: number, id: string): Promise<boolean> => {
  const { shard, hash } = idHash(site, id)
  const claimed = await tx`
    INSERT INTO event_id (shard, site, hash) VALUES (${shard}, ${site}, ${hash}) ON CONFLICT DO NOTHING RETURNING shard`
  return claimed.length > 0
}

/** The number of no visitor. */
const NOBODY = 0

export interface Asking extends Locking {
  readonly ids: readonly Id[]
  readonly names: readonly SiteName[]
  /** To whom names led when they were last looked up here. */
  readonly leads: ReadonlyMap<string, number>
}

/** Somebody, with the places of the names that lead there; `wanted` is null where no name leads anywhere. */
interface AnsweredRow extends PersonRow {
  readonly count: number
  readonly claimed: readonly string[] | null
  readonly wanted: number | null
  readonly ats: string | null
}

/** Which ids nobody had claimed before, to whom names lead, and who is now held. */
export interface Answered {
  readonly fresh: ReadonlySet<string>
  readonly names: ReadonlyMap<string, number>
  readonly people: Map<number, Person>
}

/** Claims the ids; then finds whom the names lead to and locks them, with those they are part of, in their order. */
export const claimAndLock = async (asking: Asking): Promise<Answered> => {
  const { ids, names, leads } = asking
  if (ids.length === 0) return { fresh: new Set(), names: new Map(), people: new Map() }
  const recall = recalling(
    asking,
    names.map(({ key }) => leads.get(key) ?? NOBODY),
  )
  const rows = await ask(asking, recall.changes)
  const found = new Map<string, number>()
  const people = new Map<number, Person>()
  for (const { count, claimed, wanted, ats, ...row } of rows) {
    if (wanted === null) continue
    if (row.n === null) throw new Collision('A visitor was erased meanwhile.')
    people.set(row.n, recall.personOf(row))
    for (const at of ats?.split(' ') ?? []) found.set(names[Number(at) - 1]!.key, row.n)
  }
  return { fresh: freshOf(ids, rows[0]!), names: found, people }
}

/** Mostly all of them. */
const freshOf = (ids: readonly Id[], { count, claimed }: AnsweredRow): ReadonlySet<string> => {
  if (count === ids.length) return new Set(ids.map(({ key }) => key))
  const some = new Set(claimed ?? [])
  return new Set(ids.filter(({ site, hash }) => some.has(`${site} ${hash}`)).map(({ key }) => key))
}

/**
 * Nobody is locked before all ids are claimed. OFFSET keeps each in its place: planned while the tables are small, it would
 * be read from its other end, through all. A row that has changed since is told by the number of its last change. Nothing is
 * claimed outside of the transaction that `begin_group` has set up.
 */
const ask = async (asking: Asking, changes: readonly (number | null)[]) => {
  const { tx, ids, version } = asking
  return await tx<AnsweredRow[]>`
    WITH claim AS (
      INSERT INTO event_id (shard, site, hash)
      SELECT * FROM unnest(${numbers(ids.map(({ shard }) => shard))}::smallint[],
        ${numbers(ids.map(({ site }) => site))}::integer[], ${numbers(ids.map(({ hash }) => hash))}::bigint[])
      WHERE current_setting('enable_seqscan') = 'off'
      ON CONFLICT DO NOTHING RETURNING site, hash
    ), fresh AS MATERIALIZED (
      SELECT count(*)::integer AS count,
        CASE WHEN count(*) < ${ids.length} THEN json_agg(site || ' ' || hash) END AS claimed FROM claim
    ), found AS MATERIALIZED (
      ${find(asking, changes)}
    ), wanted AS MATERIALIZED (
      SELECT n, string_agg(at::text, ' ') AS ats, max(changed) FILTER (WHERE lead = n) AS changed FROM (
        SELECT n, at, lead, changed FROM found UNION ALL
        SELECT root, NULL, lead, changed FROM found WHERE root IS NOT NULL
      ) w GROUP BY n ORDER BY n % 1024, n
    )
    SELECT f.count, f.claimed, p.wanted, p.ats, p.n, p.id, p.site, p.root, p.user_id AS "user", p.email, p.changed, p.body
    FROM fresh f LEFT JOIN LATERAL (
      SELECT w.n AS wanted, w.ats, v.*, CASE WHEN v.changed IS DISTINCT FROM w.changed THEN v.state END AS body
      FROM wanted w LEFT JOIN LATERAL (
        SELECT v.n, v.id, v.site, v.root, v.user_id, v.email, v.changed, v.state FROM visitor v
        WHERE v.shard = (w.n % 1024)::smallint AND v.n = w.n AND v.version = ${version} FOR UPDATE
      ) v ON true OFFSET 0
    ) p ON true`.execute()
}

/** To whom names lead, as far as all ids are claimed, and by which change of theirs they are remembered. */
const find = ({ tx, names, leads, version }: Asking, changes: readonly (number | null)[]) => tx`
  SELECT k.at, v.n, v.root, k.lead, k.changed FROM fresh
  CROSS JOIN unnest(${numbers(names.map(({ shard }) => shard))}::smallint[],
    ${numbers(names.map(({ site }) => site))}::integer[], ${texts(names.map(({ name }) => name.kind))}::text[],
    ${texts(names.map(({ name }) => name.value))}::text[],
    ${numbers(names.map(({ key }) => leads.get(key) ?? NOBODY))}::bigint[], ${numbers(changes)}::bigint[])
    WITH ORDINALITY AS k (shard, site, kind, value, lead, changed, at)
  CROSS JOIN LATERAL (
    SELECT x.visitor FROM name x
    WHERE x.shard = k.shard AND x.site = k.site AND x.kind = k.kind AND x.value = k.value OFFSET 0
  ) x
  CROSS JOIN LATERAL (
    SELECT v.n, v.root FROM visitor v
    WHERE v.shard = (x.visitor % 1024)::smallint AND v.n = x.visitor AND v.version = ${version} OFFSET 0
  ) v`
