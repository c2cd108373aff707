/** What there is to tell others of a visitor who has just changed: the messages, and whom each is for. */
import { randomBytes } from 'node:crypto'
import type { Profile } from '../../shared/append.ts'
import type { Transition } from '../../shared/award.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import { type MessageType, messageOf, type Notice, noticesOf } from '../../shared/message.ts'
import { ownerOf } from '../../shared/owner.ts'
import { packetOf } from '../../shared/packet.ts'
import { type Lens, showVisitor } from '../../shared/present.ts'
import type { VisitorState } from '../../shared/state.ts'
import type { Scoring } from './store.ts'

/** A webhook that is on, as it stands in a row. */
export interface Wanting {
  readonly id: string
  readonly site: string | null
  readonly types: string
}

export interface Surroundings {
  readonly scoring: Scoring
  readonly now: number
  readonly webhooks: readonly Wanting[]
  readonly lastHandoffAt: (handoff: string) => number | undefined
  readonly history: () => readonly VisitorEvent[]
  /** The address of a visitor in the dashboard, where that is known. */
  readonly linkTo: (id: string) => string | undefined
}

export interface Announcement {
  readonly id: string
  readonly type: MessageType
  readonly handoff: string | undefined
  readonly at: number
  readonly dueAt: number
  readonly body: string
  /** Ids. */
  readonly webhooks: readonly string[]
}

export const announcementsOf = (
  profile: Profile,
  transitions: readonly Transition[],
  around: Surroundings,
): readonly Announcement[] => {
  const { id, site, state } = profile
  const own = around.webhooks.filter((each) => each.site === null || each.site === site)
  if (!state || own.length === 0) return []
  const { model, foldOf } = around.scoring
  const owner = ownerOf({ id, account: foldOf(site).accountOf(state), traits: state.traits }, model.routing)
  return noticesOf(transitions, { ...around, model, timeZone: owner?.timeZone }).flatMap((notice) => {
    const { type, handoff, transition, dueAt } = notice
    const webhooks = own.filter(({ types }) => (JSON.parse(types) as string[]).includes(type)).map((each) => each.id)
    if (webhooks.length === 0) return []
    const body = bodyOf({ ...profile, state }, notice, around)
    return [{ id: newId(), type, handoff, at: transition.at, dueAt, body, webhooks }]
  })
}

const bodyOf = (
  { id, site, state }: Profile & { state: VisitorState },
  notice: Notice,
  { scoring, history, linkTo }: Surroundings,
): string => {
  const { model, version, foldOf } = scoring
  const fold = foldOf(site)
  const lens: Lens = { model, modelVersion: version, ...fold }
  // As of the newest that is known of them: no clock could tell more.
  const at = Math.max(state.lastSeen, state.advancedAt)
  const packet =
    notice.type === 'lead.handoff'
      ? packetOf({ id, site, events: history(), at, link: linkTo(id) }, fold, lens)
      : undefined
  return JSON.stringify(messageOf(notice, showVisitor({ id, site, state, at }, lens), packet))
}

const newId = (): string => `msg_${randomBytes(16).toString('hex')}`
