/** Writes what there is to tell of visitors into the outbox on PostgreSQL, within the transaction that changed them. */
import type { VisitorEvent } from '../../shared/event.ts'
import { type Announcement, announcementsOf, type Wanting } from './announcement.ts'
import type { Transaction } from './postgres.ts'
import { numbers, texts } from './postgres-array.ts'
import type { Places } from './postgres-places.ts'
import { shardOf } from './postgres-shard.ts'
import type { World } from './postgres-world.ts'
import type { Scoring } from './store.ts'

export interface Announcing {
  readonly tx: Transaction
  readonly scoring: Scoring
  readonly now: number
  /** The address of a visitor in the dashboard, where that is known. */
  readonly linkTo: (id: string) => string | undefined
}

/** A message about somebody, by their number. */
export interface Message extends Announcement {
  readonly n: number
}

/** What there is to tell. Throws `Unread` for a history that a message needs. */
export const composeMessages = async (
  world: World,
  { tx, ...around }: Announcing,
  parts: ReadonlyMap<number, readonly number[]>,
): Promise<readonly Message[]> => {
  if (world.announced.length === 0) return []
  // Read anew: they are few, and so are transitions.
  const webhooks = await tx<Wanting[]>`SELECT id, site, types FROM webhook WHERE state = 'on' ORDER BY id`
  if (webhooks.length === 0) return []
  const last = await lastHandoffs(tx, world, parts)
  return world.announced.flatMap(({ row, transitions }) => {
    const lastHandoffAt = (handoff: string): number | undefined => last.get(`${row.n} ${handoff}`)
    const history = (): readonly VisitorEvent[] => world.known.history(row)
    const told = announcementsOf(row, transitions, { ...around, webhooks, lastHandoffAt, history })
    return told.map((message) => ({ ...message, n: row.n }))
  })
}

/** When each was last handed over, those merged into them included, also by what is not written yet. */
const lastHandoffs = async (
  tx: Transaction,
  { announced, merged }: World,
  parts: ReadonlyMap<number, readonly number[]>,
): Promise<ReadonlyMap<string, number>> => {
  const merging = Map.groupBy(merged, ({ into }) => into.n)
  const familyOf = (n: number): readonly number[] => [
    n,
    ...(parts.get(n) ?? []).flatMap(familyOf),
    ...(merging.get(n) ?? []).flatMap(({ from }) => familyOf(from.n)),
  ]
  const pairs = announced.flatMap(({ row }) => familyOf(row.n).map((n) => ({ top: row.n, n })))
  const rows = await tx<{ top: number; handoff: string; at: number }[]>`
    WITH RECURSIVE part (top, n) AS (
      SELECT * FROM unnest(${numbers(pairs.map(({ top }) => top))}::bigint[],
        ${numbers(pairs.map(({ n }) => n))}::bigint[]) UNION
      SELECT p.top, m.source FROM part p JOIN merge m ON m.shard = (p.n % 1024)::smallint AND m.target = p.n
      WHERE m.undone IS NULL
    )
    SELECT p.top, m.handoff, max(m.at) AS at FROM part p JOIN message m
      ON m.shard = (p.n % 1024)::smallint AND m.visitor = p.n
    WHERE m.handoff IS NOT NULL GROUP BY p.top, m.handoff`
  return new Map(rows.map(({ top, handoff, at }) => [`${top} ${handoff}`, at]))
}

/** Sends the statements; they are to be awaited together. */
export const insertMessages = (
  tx: Transaction,
  messages: readonly Message[],
  places: Places,
): readonly Promise<unknown>[] => {
  if (messages.length === 0) return []
  const placed = messages.map((message) => ({ ...message, seq: places.take(1) }))
  const deliveries = placed.flatMap(({ n, seq, dueAt, webhooks }) =>
    webhooks.map((webhook) => ({ n, seq, dueAt, webhook })),
  )
  const inserted = tx`
    INSERT INTO message (shard, seq, id, visitor, type, handoff, at, body)
    SELECT (n % 1024)::smallint, seq, id, n, type, handoff, at, body
    FROM unnest(${numbers(placed.map(({ n }) => n))}::bigint[], ${numbers(placed.map(({ seq }) => seq))}::bigint[],
      ${texts(placed.map(({ id }) => id))}::text[], ${texts(placed.map(({ type }) => type))}::text[],
      ${texts(placed.map(({ handoff }) => handoff ?? null))}::text[], ${numbers(placed.map(({ at }) => at))}::bigint[],
      ${texts(placed.map(({ body }) => body))}::text[]) AS k (n, seq, id, type, handoff, at, body)`.execute()
  const sent = tx`
    INSERT INTO delivery (shard, message, webhook, state, due_at)
    SELECT shard, message, webhook, 'pending', due_at
    FROM unnest(${numbers(deliveries.map(({ n }) => shardOf(n)))}::smallint[],
      ${numbers(deliveries.map(({ seq }) => seq))}::bigint[], ${texts(deliveries.map(({ webhook }) => webhook))}::text[],
      ${numbers(deliveries.map(({ dueAt }) => dueAt))}::bigint[]) AS k (shard, message, webhook, due_at)`.execute()
  return [inserted, sent]
}
