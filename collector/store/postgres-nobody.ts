/** Writes somebody down again as nobody on PostgreSQL: under a new id and no name, with what is left of them. */
import type { Cause, Remains } from '../../shared/remains.ts'
import type { Queries } from './postgres.ts'
import { ofPerson, type Person } from './postgres-person.ts'
import { monthOf, shardOf, visitorNumber } from './postgres-shard.ts'
import { writeVisitors } from './postgres-visitor-rows.ts'
import type { Scoring, StoredEvent } from './store.ts'
import { storedEvents } from './stored.ts'
import { rowOf } from './visitor-row.ts'

/** Takes their transitions over, before their rows are deleted; answers the number of nobody. */
export const inherit = async (tx: Queries, person: Person, ruleOf: Remains['ruleOf']): Promise<number> => {
  const [place] = await tx<{ place: number }[]>`SELECT nextval('visitor_place') AS place`
  const n = visitorNumber(place!.place, shardOf(person.numbers[0]!))
  const causes = await tx<(Cause & { seq: number })[]>`
    SELECT seq, what, rule, event FROM transition WHERE ${ofPerson(tx, 'transition', person)}`
  const [seqs, rules] = [causes.map(({ seq }) => seq), causes.map(ruleOf)]
  await tx`
    UPDATE transition t SET visitor = ${n}, shard = ${shardOf(n)}, event = NULL, rule = k.rule
    FROM unnest(${seqs}::bigint[], ${rules}::text[]) AS k (seq, rule)
    WHERE t.seq = k.seq AND ${ofPerson(tx, 'transition', person)}`
  await tx`UPDATE feedback SET visitor = ${n}, shard = ${shardOf(n)} WHERE ${ofPerson(tx, 'feedback', person)}`
  return n
}

export interface Nobody {
  readonly n: number
  readonly id: string
  readonly site: string
  readonly remains: Remains
  readonly scoring: Scoring
  /** A place in the log. */
  readonly changed: number
}

/** After that: each event keeps its place in the log. */
export const writeNobody = async (tx: Queries, nobody: Nobody): Promise<void> => {
  const { n, id, site, remains, scoring, changed } = nobody
  const [found] = await tx<{ n: number }[]>`SELECT n FROM site WHERE name = ${site}`
  const { model, version } = scoring
  const row = rowOf({ n, id, site, state: remains.state }, { model, fold: scoring.foldOf(site), changed })
  await writeVisitors(tx, [{ ...row, shard: shardOf(n), version, id, siteNumber: found!.n, root: null }])
  await writeEvents(tx, n, remains.events)
}

/** Each in a row of its own. */
export const writeEvents = async (tx: Queries, visitor: number, events: readonly StoredEvent[]): Promise<void> => {
  for (const { seq, event } of events)
    await tx`
      INSERT INTO event (shard, visitor, seq, month, body)
      VALUES (${shardOf(visitor)}, ${visitor}, ${seq}, ${monthOf(event.at)}, ${storedEvents([event])})`
}
