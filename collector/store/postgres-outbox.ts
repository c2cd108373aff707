/**
 * Webhooks and what is on its way to them, on PostgreSQL: collectors share the work, each claims what no other has.
 * Whoever changes several deliveries locks them in the order of their keys.
 */
import { type DeliveryRow, deliveryOf, FORGOTTEN, KEPT_FOR, rowOf, type WebhookRow, webhookOf } from './outbox-row.ts'
import { again, type Queries, type Sql } from './postgres.ts'
import { ALL_GROUPS } from './postgres-schema.ts'
import type { Claim, Claiming, DeliveryQuery, DeliveryState, Outbox, OutboxViews, Settlement } from './store.ts'

/** `holder`: the number of the collector that claims. */
export const createPostgresOutbox = (sql: Sql, holder: number | null = null): Outbox => ({
  putWebhook: async (webhook) => {
    const { id, kind, label, site, types, state, reason, sealed, createdAt } = rowOf(webhook)
    await sql`
      INSERT INTO webhook (id, kind, label, site, types, state, reason, sealed, created_at)
      VALUES (${id}, ${kind}, ${label}, ${site}, ${types}, ${state}, ${reason}, ${sealed}, ${createdAt})
      ON CONFLICT (id) DO UPDATE SET label = excluded.label, site = excluded.site, types = excluded.types,
        state = excluded.state, reason = excluded.reason, sealed = excluded.sealed`
  },
  deleteWebhook: (id) => again(() => deleteWebhook(sql, id)),
  claim: (claiming) => again(() => sql.begin((tx) => claim(tx, { ...claiming, holder }))),
  settle: (settlements) =>
    again(() =>
      sql.begin(async (tx) => {
        await settle(tx, settlements)
        await forget(tx, Math.max(...settlements.map(({ triedAt }) => triedAt)) - KEPT_FOR)
      }),
    ),
  redeliver: (webhook, now, id) => again(() => redeliver(sql, { webhook, now, id })),
})

/** Most of what is on its way goes first, so that those who write to the log hardly wait. */
const deleteWebhook = async (sql: Sql, id: string): Promise<boolean> => {
  await sql`DELETE FROM delivery WHERE webhook = ${id}`
  return sql.begin(async (tx) => {
    // Who writes may have seen it, and be about to send something its way.
    await tx`SELECT pg_advisory_xact_lock(${ALL_GROUPS})`
    await tx`DELETE FROM delivery WHERE webhook = ${id}`
    return (await tx`DELETE FROM webhook WHERE id = ${id}`).count > 0
  })
}

type Holding = Claiming & { readonly holder: number | null }

const claim = async (tx: Queries, { now, until, free, holder }: Holding): Promise<readonly Claim[]> => {
  const claimed = await Promise.all(
    free.map(
      ({ webhook, slots }) => tx<Claim[]>`
        WITH due AS MATERIALIZED (
          SELECT shard, message, webhook FROM delivery
          WHERE webhook = ${webhook} AND state = 'pending' AND due_at <= ${now} AND leased_until <= ${now}
          ORDER BY due_at, message LIMIT ${slots} FOR UPDATE SKIP LOCKED
        ), leased AS (
          UPDATE delivery d SET leased_until = ${until}, holder = ${holder} FROM due
          WHERE d.shard = due.shard AND d.message = due.message AND d.webhook = due.webhook
          RETURNING d.shard, d.message, d.webhook, d.tries, d.due_at
        )
        SELECT l.webhook, m.seq, m.id, m.type, m.body, l.tries FROM leased l
        JOIN message m ON m.shard = l.shard AND m.seq = l.message ORDER BY l.due_at, l.message`,
    ),
  )
  return claimed.flatMap((claims) => [...claims])
}

const settle = async (tx: Queries, settlements: readonly Settlement[]): Promise<void> => {
  const of = <Field extends keyof Settlement>(field: Field) => settlements.map((each) => each[field])
  const [webhooks, messages] = [of('webhook'), of('seq')]
  await tx`
    WITH tried AS MATERIALIZED (
      SELECT d.shard, d.message, d.webhook, t.state, t.due_at, t.tries, t.tried_at, t.outcome FROM unnest(
        ${webhooks}::text[], ${messages}::bigint[], ${of('state')}::text[], ${of('dueAt')}::bigint[],
        ${of('tries')}::integer[], ${of('triedAt')}::bigint[], ${of('outcome')}::text[]
      ) AS t (webhook, message, state, due_at, tries, tried_at, outcome)
      JOIN delivery d ON d.webhook = t.webhook AND d.message = t.message AND d.state <> 'delivered'
      ORDER BY d.shard, d.message, d.webhook FOR UPDATE OF d
    )
    UPDATE delivery d SET state = t.state, due_at = t.due_at, leased_until = 0, holder = NULL, tries = t.tries,
      tried_at = t.tried_at, outcome = t.outcome
    FROM tried t WHERE d.shard = t.shard AND d.message = t.message AND d.webhook = t.webhook`
  for (const { webhook, ends } of settlements)
    if (ends !== undefined) await tx`UPDATE webhook SET state = 'gone', reason = ${ends} WHERE id = ${webhook}`
}

/** Of what was delivered before an instant. Messages are locked first: of two who forget at once, one leaves them to the other. */
const forget = async (tx: Queries, before: number): Promise<void> => {
  const messages = await tx<{ shard: number; seq: number }[]>`
    SELECT shard, seq FROM message WHERE (shard, seq) IN (
      SELECT shard, message FROM delivery WHERE state = 'delivered' AND tried_at < ${before} LIMIT ${FORGOTTEN}
    ) ORDER BY shard, seq FOR UPDATE SKIP LOCKED`
  if (messages.length === 0) return
  const these = tx`
    (SELECT * FROM unnest(${messages.map(({ shard }) => shard)}::smallint[], ${messages.map(({ seq }) => seq)}::bigint[]))`
  await tx`
    DELETE FROM delivery WHERE (shard, message) IN ${these} AND state = 'delivered' AND tried_at < ${before}`
  await tx`
    DELETE FROM message m WHERE (m.shard, m.seq) IN ${these}
      AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.shard = m.shard AND d.message = m.seq)`
}

const redeliver = async (
  sql: Queries,
  { webhook, now, id }: { readonly webhook: string; readonly now: number; readonly id: string | undefined },
): Promise<number> => {
  const which = id === undefined ? sql`d.state = 'dead'` : sql`d.message = (SELECT seq FROM message WHERE id = ${id})`
  const { count } = await sql`
    WITH wanted AS MATERIALIZED (
      SELECT d.shard, d.message FROM delivery d WHERE d.webhook = ${webhook} AND ${which}
      ORDER BY d.shard, d.message FOR UPDATE
    )
    UPDATE delivery d SET state = 'pending', due_at = ${now}, leased_until = 0, holder = NULL, tries = 0 FROM wanted w
    WHERE d.shard = w.shard AND d.message = w.message AND d.webhook = ${webhook}`
  return count
}

export const createPostgresOutboxViews = (sql: Sql): OutboxViews => {
  const columns = sql`id, kind, label, site, types, state, reason, sealed, created_at AS "createdAt"`
  return {
    webhooks: async () =>
      (await sql<WebhookRow[]>`SELECT ${columns} FROM webhook ORDER BY created_at, id COLLATE "C"`).map(webhookOf),
    webhook: async (id) => {
      const [row] = await sql<WebhookRow[]>`SELECT ${columns} FROM webhook WHERE id = ${id}`
      return row && webhookOf(row)
    },
    isDue: async (webhook, now) => {
      const { count } = await sql`
        SELECT FROM delivery WHERE webhook = ${webhook} AND state = 'pending' AND due_at <= ${now}
          AND leased_until <= ${now} LIMIT 1`
      return count > 0
    },
    deliveries: async (query) => (await deliveries(sql, query)).map(deliveryOf),
    counts: async (webhook) => {
      const rows = await sql<{ state: DeliveryState; count: number }[]>`
        SELECT state, count(*) AS count FROM delivery WHERE webhook = ${webhook} GROUP BY state`
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
    },
  }
}

const deliveries = (sql: Sql, { webhook, state, limit, before = Number.MAX_SAFE_INTEGER }: DeliveryQuery) =>
  sql<DeliveryRow[]>`
    SELECT m.seq, m.id, m.type, m.at, d.state, d.due_at AS "dueAt", d.tries, d.tried_at AS "triedAt", d.outcome
    FROM delivery d JOIN message m ON m.shard = d.shard AND m.seq = d.message
    WHERE d.webhook = ${webhook} AND d.message < ${before}
      ${state === undefined ? sql`` : sql`AND d.state = ${state}`}
    ORDER BY d.message DESC LIMIT ${limit}`
