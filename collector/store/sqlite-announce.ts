/** Writes what there is to tell of a visitor into the outbox, within the transaction that changed them. */
import type { Profile } from '../../shared/append.ts'
import type { Transition } from '../../shared/award.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import { announcementsOf, type Wanting } from './announcement.ts'
import type { Db } from './sqlite.ts'
import type { Scoring } from './store.ts'
import type { Row } from './visitor-row.ts'

export interface AnnounceOptions {
  readonly scoring: () => Scoring
  readonly now: () => number
  readonly history: (profile: Profile) => readonly VisitorEvent[]
  /** The address of a visitor in the dashboard, where that is known. */
  readonly linkTo: (id: string) => string | undefined
}

export type Announce = (profile: Row, transitions: readonly Transition[]) => void

export const createAnnounce = (db: Db, { scoring, now, history, linkTo }: AnnounceOptions): Announce => {
  const sql = statements(db)
  return (profile, transitions) => {
    const { n } = profile
    const announcements = announcementsOf(profile, transitions, {
      scoring: scoring(),
      now: now(),
      // Read anew: they are few, and so are transitions.
      webhooks: sql.webhooks.all() as Wanting[],
      lastHandoffAt: (handoff) => (sql.lastHandoff.get({ n, handoff }) as number | null) ?? undefined,
      history: () => history(profile),
      linkTo,
    })
    for (const { id, type, handoff = null, at, dueAt, body, webhooks } of announcements) {
      const { lastInsertRowid } = sql.message.run(id, n, type, handoff, at, body)
      for (const webhook of webhooks) sql.delivery.run(lastInsertRowid, webhook, dueAt)
    }
  }
}

const statements = (db: Db) => ({
  webhooks: db.prepare(`SELECT id, site, types FROM webhook WHERE state = 'on' ORDER BY id`),
  lastHandoff: db
    .prepare(
      `SELECT max(at) FROM message WHERE handoff = @handoff
       AND visitor IN (SELECT n FROM visitor WHERE n = @n UNION SELECT n FROM visitor WHERE root = @n)`,
    )
    .pluck(),
  message: db.prepare('INSERT INTO message (id, visitor, type, handoff, at, body) VALUES (?, ?, ?, ?, ?, ?)'),
  delivery: db.prepare(`INSERT INTO delivery (message, webhook, state, due_at) VALUES (?, ?, 'pending', ?)`),
})
