/** What is kept of one visitor between two events: plain JSON, a pure function of their events and the model. */
import type { ConsentEvent, Json, Traits } from './event.ts'
import type { Group, Stage } from './model.ts'
import type { Qualification } from './qualification.ts'
import { coldAt, type Heat } from './score.ts'
import type { Firing } from './signal.ts'
import type { SlaClock } from './sla.ts'
import type { Touch } from './source.ts'
import type { Topics } from './topic.ts'

/** A page view whose totals may still grow. */
export interface OpenView {
  readonly id: string
  readonly session: number
  seconds: number
  scroll: number
  commercial: boolean
  topic?: string | undefined
  /** The page's content signal. */
  content?: string | undefined
  /** A signal that waits until enough was read. */
  unread?: Firing | undefined
}

export interface Session {
  /** 1 for the first. */
  number: number
  /** Given by an SDK. */
  id?: string | undefined
  lastAt: number
  /** Seconds on pages about buying. */
  engaged: number
}

/** All times in epoch ms. */
export interface VisitorState {
  heat: Heat
  /** Times of each signal's firings that still bear on its limit, the newest last. */
  firings: Record<string, number[]>
  /** Points each signal has brought: what was left of them at a time, and when it first fired. */
  carried: Record<string, readonly [points: number, at: number, first: number]>
  topics?: Topics | undefined
  /** When each group last fired: evidence for a stage. */
  evidence: Partial<Record<Group, number>>
  firstSeen: number
  /** The newest event folded: nothing that sorts before it can be folded on top. */
  lastSeen: number
  lastEvent: string
  /** The newest event that was theirs, and not something said of them. */
  seenAt?: number | undefined
  /** When time alone last changed something; an event before that cannot be folded on top either. */
  advancedAt: number
  /** When they were last here themselves, and the calendar day of that. */
  presentAt?: number | undefined
  session?: Session | undefined
  views: number
  engagedSeconds: number
  open: OpenView[]
  pricing?: { at: number; session: number; otherAt?: number | undefined } | undefined
  /** The last thing done to a cart that was not bought. */
  cart?: { at: number; event: string } | undefined
  /** Views of pages about buying within the evidence window. */
  commercial: number[]
  stage: Stage
  stageSince: number
  furthest: Stage
  entered: Partial<Record<Stage, number>>
  qualification: Qualification
  /** When each was first reached. */
  qualified?: Partial<Record<Qualification, number>> | undefined
  qualificationSince: number
  flags: Record<string, number>
  /** Since when the score is too low to stay qualified; meaningful only while it is. */
  lowSince?: number | undefined
  /** Intent shown before this no longer holds anything. */
  resetAt?: number | undefined
  recycledAt?: number | undefined
  /** Sales is to answer them. */
  sla?: SlaClock | undefined
  customer?: { at: number; session: number; relationship: boolean } | undefined
  traits: Record<string, Json>
  /** The company they were told to belong to. */
  account?: string | undefined
  consent?: ConsentEvent['state'] | undefined
  /** What was seen at each stage before the next, as seen.ts writes it. */
  seen?: Partial<Record<Stage, string[]>> | undefined
  source: { first?: Touch | undefined; last?: Touch | undefined }
}

/** Whether an event can be folded on top, or has come too late for that. */
export const isNext = (state: VisitorState, { at, id }: { readonly at: number; readonly id: string }): boolean =>
  at >= state.advancedAt && (at > state.lastSeen || (at === state.lastSeen && id >= state.lastEvent))

/** Keys differ from visitor to visitor: without a prototype the engine does not learn a shape for each of them. */
const table = (): Record<string, never> => Object.create(null)

/** Nobody yet: the state before the first event, which happens at `at`. */
export const newcomer = (at: number, traits: Traits = {}): VisitorState => ({
  heat: coldAt(at),
  firings: table(),
  carried: table(),
  lowSince: at,
  evidence: {},
  firstSeen: at,
  lastSeen: at,
  lastEvent: '',
  advancedAt: at,
  views: 0,
  engagedSeconds: 0,
  open: [],
  commercial: [],
  stage: 'awareness',
  stageSince: at,
  furthest: 'awareness',
  entered: { awareness: at },
  qualification: 'anonymous',
  qualificationSince: at,
  flags: {},
  traits: { ...traits },
  source: {},
})
