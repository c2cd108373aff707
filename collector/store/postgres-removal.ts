/** Deletes every row of a person on PostgreSQL, in whatever table, under whichever version of the model. */
import type { Queries } from './postgres.ts'
import { createPostgresPersons, ofPerson, type Person, tablesOfVisitors } from './postgres-person.ts'
import { shardOf } from './postgres-shard.ts'
import type { StoredEvent } from './store.ts'

/** Within the caller's transaction, who has locked the person. */
export const removePerson = async (tx: Queries, person: Person, events: readonly StoredEvent[]): Promise<void> => {
  const rejected = await createPostgresPersons(tx).rejected(person, events)
  await tx`DELETE FROM rejected WHERE seq = ANY(${rejected.map(({ seq }) => seq)}::bigint[])`
  await removeRows(tx, person.numbers)
}

/** All rows of visitors, by their numbers. */
export const removeRows = async (tx: Queries, numbers: readonly number[]): Promise<void> => {
  const list = [...numbers]
  await tx`
    DELETE FROM delivery d USING message m
    WHERE m.visitor = ANY(${list}::bigint[]) AND d.shard = m.shard AND d.message = m.seq`
  for (const table of await tablesOfVisitors(tx))
    await tx`DELETE FROM ${tx(table)} WHERE ${ofPerson(tx, table, { numbers })}`
  await tx`DELETE FROM merge WHERE source = ANY(${list}::bigint[]) OR target = ANY(${list}::bigint[])`
  await tx`DELETE FROM visitor WHERE shard = ANY(${list.map(shardOf)}::smallint[]) AND n = ANY(${list}::bigint[])`
}
