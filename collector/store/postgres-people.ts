/** Reads people on PostgreSQL, and holds their rows until the transaction ends: nobody else changes them meanwhile. */
import type { VisitorEvent } from '../../shared/event.ts'
import type { VisitorState } from '../../shared/state.ts'
import type { Transaction } from './postgres.ts'
import { numbers } from './postgres-array.ts'
import { Collision } from './postgres-group.ts'
import { shardOf } from './postgres-shard.ts'
import { eventsIn, stateIn } from './stored.ts'
import type { Tally } from './visitor-row.ts'

/** A visitor as it stood in the store when it was locked. */
export interface Person {
  readonly n: number
  readonly id: string
  /** Its number. */
  readonly site: number
  readonly root: number | null
  readonly user: string | null
  readonly email: string | null
  readonly body: Buffer | null
  /** What is in the body, where that was read before. Whoever takes it may change it, and leaves nothing here. */
  state?: VisitorState | undefined
  readonly tally?: Tally | undefined
}

/** What was remembered of a visitor: true as long as the row was not changed since. */
export interface Memory {
  /** Of the model that made the state. */
  readonly version: number
  readonly changed: number
  readonly body: Buffer
  readonly state: VisitorState
  readonly tally: Tally | undefined
}

export type Memories = Pick<Map<number, Memory>, 'get' | 'delete'>

export interface PersonRow extends Omit<Person, 'state' | 'tally'> {
  readonly changed: number
}

/** In the order in which everyone locks them. */
export const inLockOrder = (list: Iterable<number>): readonly number[] =>
  [...list].sort((a, b) => shardOf(a) - shardOf(b) || a - b)

export interface Locking {
  readonly tx: Transaction
  readonly version: number
  readonly memories: Memories
}

/**
 * Locks these, and those they are part of, beside whom it holds already. One that is not there any more was erased:
 * somebody was first.
 */
export const lockPeople = async (
  locking: Locking,
  list: Iterable<number>,
  people = new Map<number, Person>(),
): Promise<Map<number, Person>> => {
  let wanted = inLockOrder(new Set(list))
  while (wanted.length > 0) {
    for (const person of await lockRows(locking, wanted)) people.set(person.n, person)
    if (wanted.some((n) => !people.has(n))) throw new Collision('A visitor was erased meanwhile.')
    const roots = [...people.values()].flatMap(({ root }) => (root === null || people.has(root) ? [] : [root]))
    wanted = inLockOrder(new Set(roots))
  }
  return people
}

const ofVersion = (memory: Memory | undefined, version: number): Memory | undefined =>
  memory?.version === version ? memory : undefined

const lockRows = async (locking: Locking, list: readonly number[]): Promise<readonly Person[]> => {
  const { tx, version } = locking
  const recall = recalling(locking, list)
  // One after the other, as they are listed: planned while the tables are small, all would be read in their order.
  const rows = await tx<PersonRow[]>`
    SELECT v.n, v.id, v.site, v.root, v.user_id AS "user", v.email, v.changed,
      CASE WHEN v.changed IS DISTINCT FROM k.changed THEN v.state END AS body
    FROM unnest(${numbers(list)}::bigint[], ${numbers(recall.changes)}::bigint[]) AS k (n, changed)
    CROSS JOIN LATERAL (
      SELECT v.n, v.id, v.site, v.root, v.user_id, v.email, v.changed, v.state FROM visitor v
      WHERE v.shard = (k.n % 1024)::smallint AND v.n = k.n AND v.version = ${version} FOR UPDATE
    ) v`
  return rows.map(recall.personOf)
}

/**
 * What is remembered of these, as of now: others work with the same memories while the server answers. A row that was
 * built anew under another model tells of the same change.
 */
export const recalling = ({ version, memories }: Pick<Locking, 'version' | 'memories'>, list: readonly number[]) => {
  const remembered = new Map(list.map((n) => [n, ofVersion(memories.get(n), version)]))
  return {
    /** When each was changed last, as far as is remembered: so their states need not be sent. */
    changes: list.map((n) => remembered.get(n)?.changed ?? null),
    personOf: ({ changed, ...row }: PersonRow): Person => {
      const memory = remembered.get(row.n)
      if (memory?.changed !== changed) return row
      const { body, state, tally } = memory
      if (memories.get(row.n) !== memory) return { ...row, body }
      // Whoever works with the state changes it: where the work fails, only the body tells what was.
      memories.delete(row.n)
      return { ...row, body, state, tally }
    },
  }
}

export const stateOf = (person: Person): VisitorState | undefined => {
  person.state ??= person.body === null ? undefined : stateIn(person.body)
  return person.state
}

/** Events of each visitor by itself, and who was merged into whom. */
export interface Histories {
  readonly events: Map<number, readonly VisitorEvent[]>
  readonly parts: Map<number, readonly number[]>
}

/** Adds all events of these, and of those merged into them. */
export const readHistories = async (tx: Transaction, list: readonly number[], into: Histories): Promise<void> => {
  if (list.length === 0) return
  const parts = tx`
    WITH RECURSIVE part (n) AS (
      SELECT n FROM unnest(${numbers(list)}::bigint[]) AS n UNION
      SELECT m.source FROM part p JOIN merge m ON m.shard = (p.n % 1024)::smallint AND m.target = p.n
      WHERE m.undone IS NULL
    )`
  const [merges, bodies] = await Promise.all([
    tx<{ source: number; target: number }[]>`
      ${parts} SELECT m.source, m.target FROM part p
      JOIN merge m ON m.shard = (p.n % 1024)::smallint AND m.target = p.n WHERE m.undone IS NULL`,
    tx<{ visitor: number; body: Buffer }[]>`
      ${parts} SELECT e.visitor, e.body FROM part p
      JOIN event e ON e.shard = (p.n % 1024)::smallint AND e.visitor = p.n`,
  ])
  for (const n of [...list, ...merges.map(({ source }) => source)]) {
    into.events.set(n, [])
    into.parts.set(n, [])
  }
  for (const { source, target } of merges) into.parts.set(target, [...(into.parts.get(target) ?? []), source])
  const found = Map.groupBy(bodies, ({ visitor }) => visitor)
  for (const [n, rows] of found)
    into.events.set(
      n,
      rows.flatMap(({ body }) => eventsIn(body)),
    )
}
