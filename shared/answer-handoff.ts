/** What the API answers about handing over: the packet, how soon sales answers, webhooks and what is on its way. */
import { z } from 'zod'
import { Touch, Visitor } from './answer.ts'
import { MESSAGE_TYPES } from './message.ts'

const Instant = z.iso.datetime()
const Share = z.number().min(0).max(1).nullable()
const { qualification, stage, flags, score, groups, momentum, fit, priority, account, owner, next, topics } =
  Visitor.shape
const { coolsAt, firstSeen, lastSeen, sessions, views, engagedSeconds } = Visitor.shape

/** What sales is to know of a lead: at most 20 KB. */
export const Packet = z.object({
  id: z.string(),
  site: z.string(),
  link: z.string().nullable(),
  at: Instant,
  who: z.record(z.string(), z.string()),
  ...{ account, owner, fit, priority, qualification, stage, flags, score, groups, momentum },
  whyNow: z.array(z.string()),
  contributions: z.array(
    z.object({ signal: z.string(), group: z.string(), times: z.number().int(), value: z.number(), lastAt: Instant }),
  ),
  content: z.array(
    z.object({ title: z.string(), url: z.string(), times: z.number().int(), seconds: z.number(), lastAt: Instant }),
  ),
  path: z.array(
    z.object({ at: Instant, from: z.string(), to: z.string(), rule: z.string(), by: z.string().nullable() }),
  ),
  topics,
  searches: z.array(z.object({ query: z.string(), times: z.number().int(), lastAt: Instant })),
  sources: z.object({ first: Touch.nullable(), last: Touch.nullable() }),
  consent: z.enum(['granted', 'denied']).nullable(),
  lastFeedback: z.object({ verdict: z.string(), reason: z.string().nullable(), at: Instant }).nullable(),
  ...{ next, firstSeen, lastSeen, sessions, views, engagedSeconds, coolsAt },
})

/** By kind of lead and version of the model. */
export const SlaReport = z.object({
  from: Instant,
  to: Instant,
  items: z.array(
    z.object({
      kind: z.enum(['handRaise', 'sql', 'mql']),
      modelVersion: z.number().int(),
      leads: z.number().int(),
      inTouch: z.number().int(),
      touched: z.number().int(),
      never: z.number().int(),
      medianSeconds: z.number().nullable(),
      shares: z.object({ within5Minutes: Share, within1Hour: Share, within24Hours: Share, never: Share }),
      judged: z.number().int(),
      good: z.number().int(),
      precision: Share,
    }),
  ),
})

/** Where messages go. */
export const Webhook = z.object({
  id: z.string(),
  kind: z.string(),
  label: z.string(),
  site: z.string().nullable(),
  types: z.array(z.enum(MESSAGE_TYPES)),
  /** `gone`: the receiver answered that it wants no more. */
  state: z.enum(['on', 'off', 'gone']),
  reason: z.string().nullable(),
  createdAt: Instant,
  /** Null where it cannot be read: it was sealed with another secret. */
  url: z.string().nullable(),
  deliveries: z.object({ pending: z.number().int(), delivered: z.number().int(), dead: z.number().int() }),
})
export const WebhookList = z.object({ items: z.array(Webhook) })
/** `secret`: what messages are signed with, shown when it is new. */
export const NewWebhook = Webhook.extend({ secret: z.string().optional() })
export const WebhookTest = z.object({ delivered: z.boolean(), outcome: z.string() })
export const Redelivered = z.object({ redelivered: z.number().int() })

export const DeliveryPage = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      at: Instant,
      state: z.enum(['pending', 'delivered', 'dead']),
      nextTryAt: Instant.nullable(),
      tries: z.number().int(),
      lastTryAt: Instant.nullable(),
      outcome: z.string().nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
})
