/** Events on PostgreSQL that have been kept for as long as their site keeps any: whose they are, and their end. */
import type { OpeningEvent } from '../../shared/event.ts'
import type { Queries, Sql } from './postgres.ts'
import type { Ending } from './postgres-ends.ts'
import type { VisitorPlace } from './postgres-history.ts'
import { published } from './postgres-models.ts'
import { writeEvents } from './postgres-nobody.ts'
import { createPostgresPersons, ofPerson, type Person, tablesOfVisitors } from './postgres-person.ts'
import { shardOf } from './postgres-shard.ts'
import { stateIn } from './stored.ts'

export interface Overdue {
  readonly site: string
  readonly after: VisitorPlace
  /** Visitors looked at. */
  readonly limit: number
  /** The first instant that is kept. */
  readonly since: number
}

/** Our ids of people with an event from before, and the last one that was looked at; undefined where that was all. */
export const overdue = async (
  sql: Sql,
  { site, after, limit, since }: Overdue,
): Promise<{ readonly ids: readonly string[]; readonly last: VisitorPlace | undefined }> => {
  // No index knows how old an event is: the state does.
  const rows = await sql<(VisitorPlace & { id: string; state: Buffer })[]>`
    SELECT v.shard, v.n, v.id, CASE WHEN v.root IS NULL AND v.site = s.n THEN v.state END AS state
    FROM visitor v LEFT JOIN site s ON s.name = ${site}
    WHERE v.version = ${published(sql)} AND (v.shard, v.n) > (${after.shard}, ${after.n})
    ORDER BY v.shard, v.n LIMIT ${limit}`
  const due = rows.filter(({ state }) => state !== null && stateIn(state).firstSeen < since)
  const last = rows.length < limit ? undefined : rows.at(-1)
  return { ids: due.map(({ id }) => id), last: last && { shard: last.shard, n: last.n } }
}

export interface Cut {
  readonly since: number
  readonly opening: { readonly seq: number; readonly event: OpeningEvent }
}

/** Deletes what is older, and puts an entry in the place of its newest event. The caller has locked the person. */
export const cutPerson = async ({ tx, place }: Ending, person: Person, { since, opening }: Cut): Promise<void> => {
  for (const { seq, visitor, events } of await createPostgresPersons(tx).rows(person)) {
    const left = events.filter(({ event }) => event.at >= since)
    if (left.length === events.length) continue
    await tx`DELETE FROM event WHERE shard = ${shardOf(visitor)} AND visitor = ${visitor} AND seq = ${seq}`
    await writeEvents(tx, visitor, left)
  }
  await cutOthers(tx, person, since)
  const survivor = person.numbers[0]!
  await writeEvents(tx, survivor, [opening])
  // Whoever builds another model meanwhile reads them again.
  await tx`
    UPDATE visitor SET changed = ${place()}
    WHERE shard = ${shardOf(survivor)} AND n = ${survivor} AND version = ${published(tx)}`
}

/** What else has an instant. */
const cutOthers = async (tx: Queries, person: Person, since: number): Promise<void> => {
  await tx`
    DELETE FROM delivery d USING message m
    WHERE m.visitor = ANY(${[...person.numbers]}::bigint[]) AND m.at < ${since}
      AND d.shard = m.shard AND d.message = m.seq`
  const dated = await tx<{ name: string }[]>`
    SELECT attrelid::regclass::text AS name FROM pg_attribute
    WHERE attname = 'at' AND attrelid = ANY(${[...(await tablesOfVisitors(tx))]}::text[]::regclass[])`
  for (const { name } of dated) await tx`DELETE FROM ${tx(name)} WHERE ${ofPerson(tx, name, person)} AND at < ${since}`
}
