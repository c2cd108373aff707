/** Writes what there is to tell of a visitor into the outbox, within the transaction that changed them. */
import { randomBytes } from 'node:crypto'
import type { Profile } from '../../shared/append.ts'
import type { Transition } from '../../shared/award.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import { type MessageType, messageOf, type Notice, noticesOf } from '../../shared/message.ts'
import { ownerOf } from '../../shared/owner.ts'
import { packetOf } from '../../shared/packet.ts'
import { type Lens, showVisitor } from '../../shared/present.ts'
import type { VisitorState } from '../../shared/state.ts'
import type { Db } from './sqlite.ts'
import type { Row } from './sqlite-row.ts'
import type { Scoring } from './store.ts'

export interface AnnounceOptions {
  readonly scoring: () => Scoring
  readonly now: () => number
  readonly history: (profile: Profile) => readonly VisitorEvent[]
  /** The address of a visitor in the dashboard, where that is known. */
  readonly linkTo: (id: string) => string | undefined
}

export type Announce = (profile: Row, transitions: readonly Transition[]) => void

interface Wanting {
  readonly id: string
  readonly site: string | null
  readonly types: string
}

export const createAnnounce = (db: Db, { scoring, now, history, linkTo }: AnnounceOptions): Announce => {
  const sql = statements(db)

  /** The webhooks that want a message of this type. Read anew: they are few, and so are transitions. */
  const wantedBy = (site: string): ((type: MessageType) => readonly string[]) => {
    const all = (sql.webhooks.all() as Wanting[]).filter((each) => each.site === null || each.site === site)
    return (type) => all.filter(({ types }) => (JSON.parse(types) as string[]).includes(type)).map(({ id }) => id)
  }

  const bodyOf = (profile: Profile & { state: VisitorState }, notice: Notice): string => {
    const { id, site, state } = profile
    const { model, version, foldOf } = scoring()
    const fold = foldOf(site)
    const lens: Lens = { model, modelVersion: version, ...fold }
    // As of the newest that is known of them: no clock could tell more.
    const at = Math.max(state.lastSeen, state.advancedAt)
    const events = (): readonly VisitorEvent[] => history(profile)
    const packet =
      notice.type === 'lead.handoff'
        ? packetOf({ id, site, events: events(), at, link: linkTo(id) }, fold, lens)
        : undefined
    return JSON.stringify(messageOf(notice, showVisitor({ id, site, state, at }, lens), packet))
  }

  return (profile, transitions) => {
    const { n, id, site, state } = profile
    const wanted = wantedBy(site)
    if (!state) return
    const { model, foldOf } = scoring()
    const owner = ownerOf({ id, account: foldOf(site).accountOf(state), traits: state.traits }, model.routing)
    const lastHandoffAt = (handoff: string): number | undefined =>
      (sql.lastHandoff.get({ n, handoff }) as number | null) ?? undefined
    const around = { model, now: now(), timeZone: owner?.timeZone, lastHandoffAt }
    for (const notice of noticesOf(transitions, around)) {
      const webhooks = wanted(notice.type)
      if (webhooks.length === 0) continue
      const body = bodyOf({ ...profile, state }, notice)
      const { type, handoff = null, transition, dueAt } = notice
      const { lastInsertRowid } = sql.message.run(newId(), n, type, handoff, transition.at, body)
      for (const webhook of webhooks) sql.delivery.run(lastInsertRowid, webhook, dueAt)
    }
  }
}

const newId = (): string => `msg_${randomBytes(16).toString('hex')}`

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
