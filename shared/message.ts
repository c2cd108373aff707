/** What is told to the outside of what happened to a visitor, to whom it may be news, and when it may be told. */
import type { Visitor } from './answer.ts'
import type { Transition } from './award.ts'
import { DAY } from './calendar.ts'
import type { Model } from './model.ts'
import type { Packet } from './packet.ts'
import { isoOf, toTenth } from './present.ts'
import { quietUntil, wallClockOf } from './wall-clock.ts'

export const MESSAGE_TYPES = [
  'visitor.stage_changed',
  'visitor.qualification_changed',
  'visitor.identified',
  'lead.handoff',
  'lead.sla_breached',
] as const
export type MessageType = (typeof MESSAGE_TYPES)[number]

/** A message to be written. */
export interface Notice {
  readonly type: MessageType
  readonly transition: Transition
  /** Of a hand-off: what it is about. The same is not told again for a while. */
  readonly handoff?: string | undefined
  /** No earlier than this. */
  readonly dueAt: number
}

export interface Circumstances {
  readonly model: Pick<Model, 'alerts' | 'timeZone'>
  readonly now: number
  /** The time zone of the owner. */
  readonly timeZone?: string | undefined
  /** When such a hand-off of this person last happened, of those that were told. */
  readonly lastHandoffAt: (handoff: string) => number | undefined
}

/** What there is to tell of what just happened. Of several hand-offs at once, the last says it all. */
export const noticesOf = (transitions: readonly Transition[], around: Circumstances): readonly Notice[] => {
  const { model, now } = around
  const news = transitions.filter(({ at }) => now - at <= model.alerts.newsDays * DAY)
  const handoff = news.findLast((transition) => handoffIn(transition, model) !== undefined)
  return news.flatMap((transition) => [
    ...plainTypesOf(transition).map((type): Notice => ({ type, transition, dueAt: now })),
    ...(isSla(transition) ? [{ type: 'lead.sla_breached', transition, dueAt: loudAt(around) } as const] : []),
    ...(transition === handoff ? handoffOf(transition, around) : []),
  ])
}

/** What is told to machines: at once, and as often as it happens. */
const plainTypesOf = ({ what, from, to }: Transition): readonly MessageType[] => {
  if (what === 'stage') return ['visitor.stage_changed']
  if (what !== 'qualification') return []
  const isNew = from === 'anonymous' && to !== 'anonymous'
  return isNew ? ['visitor.qualification_changed', 'visitor.identified'] : ['visitor.qualification_changed']
}

const isSla = ({ what, to }: Transition): boolean => what === 'flag' && (to === 'sla_warning' || to === 'sla_breached')

/** What a transition hands over, if anything. */
const handoffIn = ({ what, to }: Transition, { alerts }: Pick<Model, 'alerts'>): string | undefined =>
  what !== 'stage' && alerts.on.some((each) => each === to) ? to : undefined

const handoffOf = (transition: Transition, around: Circumstances): readonly Notice[] => {
  const { alerts } = around.model
  const handoff = handoffIn(transition, around.model)!
  const last = around.lastHandoffAt(handoff)
  const isTooSoon = last !== undefined && transition.at - last < alerts.everyDays * DAY
  return isTooSoon ? [] : [{ type: 'lead.handoff', transition, handoff, dueAt: loudAt(around) }]
}

/** When people may be disturbed. */
const loudAt = ({ model, now, timeZone = model.timeZone }: Circumstances): number =>
  model.alerts.quiet ? quietUntil(now, model.alerts.quiet, wallClockOf(timeZone)) : now

/** What is sent: the envelope of Standard Webhooks, then who it is about and what changed. */
export interface Message {
  readonly type: MessageType | 'webhook.test'
  readonly timestamp: string
  readonly data: {
    readonly visitor: Visitor
    readonly change: {
      readonly what: Transition['what']
      readonly from: string
      readonly to: string
      readonly rule: string
      readonly event: string | null
      readonly score: number
    }
    /** With `lead.handoff`. */
    readonly packet?: Packet
  }
}

export const messageOf = ({ type, transition }: Notice, visitor: Visitor, packet?: Packet): Message => {
  const { what, from, to, at, rule, event = null, score } = transition
  const change = { what, from, to, rule, event, score: toTenth(score) }
  return { type, timestamp: isoOf(at), data: { visitor, change, ...(packet && { packet }) } }
}
