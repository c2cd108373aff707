/** Takes hold of a whole person on PostgreSQL: until the transaction ends, nobody else changes any part of them. */
import type { Queries } from './postgres.ts'
import { published } from './postgres-models.ts'
import { createPostgresPersons, type Person } from './postgres-person.ts'
import { shardOf } from './postgres-shard.ts'

/** By our id. Undefined for one who is not there, or not any more. */
export const lockPerson = async (tx: Queries, id: string): Promise<Person | undefined> => {
  const persons = createPostgresPersons(tx)
  for (let held = ''; ; ) {
    const person = await persons.find(id)
    // Who waited for a lock may find others than before: what was found is true once all of it is held.
    const found = person?.numbers.toSorted().join() ?? ''
    if (!person || found === held) return person
    held = found
    await lockRows(tx, person.numbers)
  }
}

/** In the order in which everyone locks them. */
const lockRows = async (tx: Queries, numbers: readonly number[]): Promise<void> => {
  await tx`
    SELECT v.n FROM unnest(${numbers.map(shardOf)}::smallint[], ${[...numbers]}::bigint[]) AS k (shard, n)
    JOIN visitor v ON v.shard = k.shard AND v.n = k.n AND v.version = ${published(tx)}
    ORDER BY v.shard, v.n FOR UPDATE OF v`
}
