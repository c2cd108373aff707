/** Webhooks and what is on its way to them, on SQLite: claims with leases, what became of each try. */
import { type DeliveryRow, deliveryOf, FORGOTTEN, KEPT_FOR, rowOf, type WebhookRow, webhookOf } from './outbox-row.ts'
import type { Db } from './sqlite.ts'
import type { Claim, DeliveryState, Outbox, OutboxViews } from './store.ts'

export const createSqliteOutbox = (db: Db): Outbox => {
  const sql = writing(db)
  // One process owns the file, and it has just started: who held these leases is dead.
  db.prepare(`UPDATE delivery SET leased_until = 0 WHERE state = 'pending' AND leased_until > 0`).run()

  const claim: Outbox['claim'] = async ({ now, until, free }) =>
    db
      .transaction(() =>
        free.flatMap(({ webhook, slots }) => {
          const claims = sql.due.all({ webhook, now, slots }) as Claim[]
          for (const { seq } of claims) sql.lease.run({ webhook, seq, until })
          return claims
        }),
      )
      .immediate()

  const settle: Outbox['settle'] = async (settlements) =>
    db
      .transaction(() => {
        for (const { ends, ...settlement } of settlements) {
          sql.settle.run(settlement)
          if (ends !== undefined) sql.end.run({ id: settlement.webhook, reason: ends })
        }
        const before = Math.max(...settlements.map(({ triedAt }) => triedAt)) - KEPT_FOR
        const gone = sql.forget.all({ before }) as number[]
        for (const seq of gone) sql.forgetMessage.run({ seq })
      })
      .immediate()

  return {
    putWebhook: async (webhook) => {
      sql.put.run(rowOf(webhook))
    },
    deleteWebhook: async (id) =>
      db
        .transaction(() => {
          sql.deleteDeliveries.run(id)
          return sql.deleteWebhook.run(id).changes > 0
        })
        .immediate(),
    claim,
    settle,
    redeliver: async (webhook, now, id) =>
      id === undefined
        ? sql.redeliverDead.run({ webhook, now }).changes
        : sql.redeliverOne.run({ webhook, now, id }).changes,
  }
}

export const createSqliteOutboxViews = (db: Db): OutboxViews => {
  const sql = reading(db)
  return {
    webhooks: async () => (sql.webhooks.all() as WebhookRow[]).map(webhookOf),
    webhook: async (id) => {
      const row = sql.webhook.get(id) as WebhookRow | undefined
      return row && webhookOf(row)
    },
    isDue: async (webhook, now) => sql.isDue.get({ webhook, now }) !== undefined,
    deliveries: async ({ webhook, state = null, limit, before = Number.MAX_SAFE_INTEGER }) =>
      (sql.deliveries.all({ webhook, state, limit, before }) as DeliveryRow[]).map(deliveryOf),
    counts: async (webhook) =>
      Object.fromEntries(
        (sql.counts.all(webhook) as { state: DeliveryState; count: number }[]).map(({ state, count }) => [
          state,
          count,
        ]),
      ),
  }
}

const WEBHOOK = 'id, kind, label, site, types, state, reason, sealed, created_at AS createdAt'

const writing = (db: Db) => ({
  put: db.prepare(
    `INSERT INTO webhook (id, kind, label, site, types, state, reason, sealed, created_at)
     VALUES (@id, @kind, @label, @site, @types, @state, @reason, @sealed, @createdAt)
     ON CONFLICT (id) DO UPDATE SET label = @label, site = @site, types = @types, state = @state, reason = @reason,
       sealed = @sealed`,
  ),
  deleteDeliveries: db.prepare('DELETE FROM delivery WHERE webhook = ?'),
  deleteWebhook: db.prepare('DELETE FROM webhook WHERE id = ?'),
  due: db.prepare(
    `SELECT d.webhook, m.seq, m.id, m.type, m.body, d.tries FROM delivery d JOIN message m ON m.seq = d.message
     WHERE d.webhook = @webhook AND d.state = 'pending' AND d.due_at <= @now AND d.leased_until <= @now
     ORDER BY d.due_at, d.message LIMIT @slots`,
  ),
  lease: db.prepare('UPDATE delivery SET leased_until = @until WHERE webhook = @webhook AND message = @seq'),
  settle: db.prepare(
    `UPDATE delivery SET state = @state, due_at = @dueAt, leased_until = 0, tries = @tries, tried_at = @triedAt,
       outcome = @outcome WHERE webhook = @webhook AND message = @seq AND state <> 'delivered'`,
  ),
  end: db.prepare(`UPDATE webhook SET state = 'gone', reason = @reason WHERE id = @id`),
  forget: db
    .prepare(
      `DELETE FROM delivery WHERE (webhook, message) IN (
         SELECT webhook, message FROM delivery WHERE state = 'delivered' AND tried_at < @before LIMIT ${FORGOTTEN}
       ) RETURNING message`,
    )
    .pluck(),
  forgetMessage: db.prepare(
    'DELETE FROM message WHERE seq = @seq AND NOT EXISTS (SELECT 1 FROM delivery WHERE message = @seq)',
  ),
  redeliverDead: db.prepare(
    `UPDATE delivery SET state = 'pending', due_at = @now, leased_until = 0, tries = 0
     WHERE webhook = @webhook AND state = 'dead'`,
  ),
  redeliverOne: db.prepare(
    `UPDATE delivery SET state = 'pending', due_at = @now, leased_until = 0, tries = 0
     WHERE webhook = @webhook AND message = (SELECT seq FROM message WHERE id = @id)`,
  ),
})

const reading = (db: Db) => ({
  webhooks: db.prepare(`SELECT ${WEBHOOK} FROM webhook ORDER BY created_at, id`),
  webhook: db.prepare(`SELECT ${WEBHOOK} FROM webhook WHERE id = ?`),
  isDue: db.prepare(
    `SELECT 1 FROM delivery WHERE webhook = @webhook AND state = 'pending' AND due_at <= @now AND leased_until <= @now
     LIMIT 1`,
  ),
  deliveries: db.prepare(
    `SELECT m.seq, m.id, m.type, m.at, d.state, d.due_at AS dueAt, d.tries, d.tried_at AS triedAt, d.outcome
     FROM delivery d JOIN message m ON m.seq = d.message
     WHERE d.webhook = @webhook AND d.message < @before AND (@state IS NULL OR d.state = @state)
     ORDER BY d.message DESC LIMIT @limit`,
  ),
  counts: db.prepare('SELECT state, count(*) AS count FROM delivery WHERE webhook = ? GROUP BY state'),
})
