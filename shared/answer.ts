/** What the read API answers. One zod schema per answer: the routes check with it, the dashboard takes its types. */
import { z } from 'zod'
import { FUNNELS } from './event.ts'

export const STAGES = ['awareness', 'interest', 'evaluation', 'intent', 'conversion', 'relationship'] as const
export const QUALIFICATIONS = ['anonymous', 'iql', 'mql', 'recycled', 'sql', 'customer'] as const
export const GROUPS = ['discover', 'engage', 'evaluate', 'intent', 'penalty'] as const
export const MOMENTA = ['rising', 'steady', 'cooling', 'unknown'] as const
export const GRADES = ['A', 'B', 'C', 'D', '?'] as const

const Instant = z.iso.datetime()
const Points = z.number()
const GroupPoints = z.object({ discover: Points, engage: Points, evaluate: Points, intent: Points, penalty: Points })

/** Where a visit came from. */
export const Touch = z.object({
  at: Instant,
  medium: z.string(),
  source: z.string().optional(),
  campaign: z.string().optional(),
  referrer: z.string().optional(),
  landing: z.string().optional(),
})

/** One person as far as we can tell. */
export const Visitor = z.object({
  id: z.string(),
  site: z.string(),
  stage: z.enum(STAGES),
  funnel: z.enum(FUNNELS),
  stageSince: Instant,
  furthestStage: z.enum(STAGES),
  score: Points.min(0).max(100),
  groups: GroupPoints,
  momentum: z.enum(MOMENTA),
  /** When the stage will be left if nothing more happens; null where it will not be. */
  coolsAt: Instant.nullable(),
  qualification: z.enum(QUALIFICATIONS),
  qualificationSince: Instant,
  flags: z.array(z.string()),
  fit: z.object({ grade: z.enum(GRADES), percent: z.number().nullable(), reasons: z.array(z.string()) }),
  priority: z.string(),
  traits: z.record(z.string(), z.unknown()),
  account: z.string().nullable(),
  /** Whose lead they are, by the routing of the model. */
  owner: z.object({ id: z.string(), name: z.string(), email: z.string().optional() }).nullable(),
  firstSeen: Instant,
  lastSeen: Instant,
  sessions: z.number().int(),
  views: z.number().int(),
  engagedSeconds: z.number(),
  source: z.object({ first: Touch.nullable(), last: Touch.nullable() }),
  /** In words: the signals that carry most of the score, strongest first. */
  why: z.array(z.object({ signal: z.string(), value: Points })),
  /** What they care for: points by topic, strongest first. */
  topics: z.array(z.object({ topic: z.string(), value: Points })),
  next: z.object({ content: z.string(), why: z.string() }),
  modelVersion: z.number().int(),
})
export type Visitor = z.infer<typeof Visitor>

export const VisitorPage = z.object({ items: z.array(Visitor), nextCursor: z.string().nullable() })
export type VisitorPage = z.infer<typeof VisitorPage>

const Share = z.object({ signal: z.string(), value: Points })

/** A company, by what its people do. */
export const Account = z.object({
  id: z.string(),
  /** 0 to 200: a visitor's caps, doubled. */
  score: Points.min(0),
  groups: GroupPoints,
  people: z.number().int(),
  /** Worth approaching: every check is met. */
  ready: z.boolean(),
  checks: z.array(z.object({ rule: z.string(), met: z.boolean() })),
  lastSeen: Instant,
  why: z.array(Share),
})
export type Account = z.infer<typeof Account>

export const AccountPage = z.object({ items: z.array(Account), nextCursor: z.string().nullable() })
export type AccountPage = z.infer<typeof AccountPage>

/** With all that the score is the sum of, by signal and by person: the warmest 200. */
export const AccountDetail = Account.extend({
  sum: Points,
  signals: z.array(Share),
  visitors: z.array(z.object({ visitor: Visitor, value: Points })),
})
export type AccountDetail = z.infer<typeof AccountDetail>

/** A ledger row, and what it is worth at the instant asked about: value = applied × factor. */
export const LedgerRow = z.object({
  event: z.string(),
  at: Instant,
  signal: z.string(),
  group: z.enum(GROUPS),
  points: Points,
  applied: Points,
  factor: z.number().min(0).max(1),
  value: Points,
  /** Why it fired, in words: the tag, the page rule, the derivation. */
  rule: z.string(),
  url: z.string().optional(),
  title: z.string().optional(),
})
export const Explanation = z.object({ items: z.array(LedgerRow), sum: Points, score: Points })
export type Explanation = z.infer<typeof Explanation>

export const TransitionItem = z.object({
  kind: z.literal('transition'),
  at: Instant,
  what: z.enum(['stage', 'qualification', 'flag']),
  from: z.string(),
  to: z.string(),
  rule: z.string(),
  event: z.string().nullable(),
  score: Points,
  modelVersion: z.number().int(),
  /** `model`: another model was published, nothing happened; nobody is told. */
  cause: z.enum(['live', 'model']),
})

/** Score and stage over time, to be drawn: at a change there are two points, what it found and what it left. */
export const History = z.object({
  items: z.array(
    z.object({
      at: Instant,
      score: Points.min(0).max(100),
      groups: GroupPoints,
      stage: z.enum(STAGES),
      qualification: z.enum(QUALIFICATIONS),
    }),
  ),
  transitions: z.array(TransitionItem),
})
export type History = z.infer<typeof History>

/** The scores of several visitors over time: what a list draws of them. */
export const Trends = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      /** In order of time; at a change what it found, and what it left. */
      trend: z.array(z.object({ at: Instant, score: Points.min(0).max(100) })),
    }),
  ),
})
export type Trends = z.infer<typeof Trends>

export const TimelineItem = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('event'),
    at: Instant,
    id: z.string(),
    type: z.string(),
    flagged: z.string().optional(),
    url: z.string().optional(),
    title: z.string().optional(),
    /** What there is to say of it beside its page: the form's name and step, the search words, the event's name. */
    detail: z.string().optional(),
    topic: z.string().optional(),
    seconds: z.number().optional(),
    scroll: z.number().optional(),
    /** The ledger rows this event caused. */
    points: z.array(z.object({ signal: z.string(), group: z.enum(GROUPS), applied: Points, rule: z.string() })),
  }),
  TransitionItem,
  /** Two turned out to be one; `undone`: they were taken apart again. */
  z.object({
    kind: z.literal('merge'),
    at: Instant,
    from: z.string(),
    into: z.string(),
    undone: z.literal(true).optional(),
  }),
  /** Other systems were told of them. Told longest ago, it may be gone: what was delivered is not kept for ever. */
  z.object({
    kind: z.literal('handoff'),
    at: Instant,
    id: z.string(),
    type: z.string(),
    /** By receiver: none where those it went to are no longer set up. */
    deliveries: z.array(
      z.object({ kind: z.string(), label: z.string(), state: z.enum(['pending', 'delivered', 'dead']) }),
    ),
  }),
])
export type TimelineItem = z.infer<typeof TimelineItem>

export const Timeline = z.object({ items: z.array(TimelineItem), nextCursor: z.string().nullable() })
export type Timeline = z.infer<typeof Timeline>

/** One message of the live stream; its name is the server-sent event's name. */
export const LiveMessage = z.discriminatedUnion('name', [
  z.object({
    name: z.literal('event'),
    visitor: z.string(),
    site: z.string(),
    type: z.string(),
    at: Instant,
    url: z.string().optional(),
    title: z.string().optional(),
    detail: z.string().optional(),
    flagged: z.string().optional(),
  }),
  z.object({ name: z.literal('score'), visitor: Visitor }),
  z.object({
    name: z.literal('transition'),
    visitor: z.string(),
    site: z.string(),
    at: Instant,
    what: z.enum(['stage', 'qualification', 'flag']),
    from: z.string(),
    to: z.string(),
    rule: z.string(),
    score: Points,
  }),
])
export type LiveMessage = z.infer<typeof LiveMessage>

export const Failure = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.unknown().optional() }),
})
export type Failure = z.infer<typeof Failure>
