/** What a visitor did, as the fold reads it: one shape for the snippet, the SDKs and an import alike. */

export const FUNNELS = ['tofu', 'mofu', 'bofu'] as const
/** Top, middle or bottom of the funnel. */
export type Funnel = (typeof FUNNELS)[number]

export const FORM_STEPS = ['start', 'submit', 'abandon'] as const
export type FormStep = (typeof FORM_STEPS)[number]

/** How a lead was judged by sales, or by the outcome of the deal. */
export const VERDICTS = ['accepted', 'rejected', 'contacted', 'meeting', 'won', 'lost'] as const
export type Verdict = (typeof VERDICTS)[number]

/** A value of a trait or property: what JSON holds. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export type Traits = { readonly [name: string]: Json }

/** The tag a developer put on a page, link, form or video. */
export interface Tag {
  readonly funnel?: Funnel
  readonly signal?: string
  readonly topic?: string
}

interface Occurrence {
  /** Unique; the event counts once, by this. */
  readonly id: string
  /** When it happened, epoch milliseconds, on the server's clock. */
  readonly at: number
  /** `server` for what came with a secret key: only such a source may say what only the company can know. */
  readonly source: 'browser' | 'server'
  /** Why it is stored but never scored: a bot, an automated browser, a staff address. */
  readonly flagged?: string
  /** The page view in which it happened. */
  readonly view?: string
  /** A session id given by an SDK; wins over the session gap. */
  readonly session?: string
}

export interface PageEvent extends Occurrence, Tag {
  readonly type: 'page'
  readonly url?: string
  readonly title?: string
  readonly referrer?: string
  /** Engaged seconds and deepest scroll in percent, where the source reports them with the view. */
  readonly seconds?: number
  readonly scroll?: number
}

/** Totals of the view so far, so that a lost or doubled report does no harm. */
export interface EngagementEvent extends Occurrence {
  readonly type: 'engagement'
  readonly view: string
  readonly seconds: number
  readonly scroll: number
}

export interface DownloadEvent extends Occurrence, Tag {
  readonly type: 'download'
  readonly url: string
}

export interface ClickEvent extends Occurrence, Tag {
  readonly type: 'click'
  readonly url?: string
  /** The link leads away from the site, so no page view of ours will follow. */
  readonly outbound?: boolean
}

export interface FormEvent extends Occurrence, Tag {
  readonly type: 'form'
  readonly form: string
  readonly step: FormStep
  /** How many fields held something. */
  readonly filled?: number
  /** How many fields the browser called invalid. */
  readonly errors?: number
  /** The name of the last field touched; never what was in it. */
  readonly field?: string
  /** What the form plainly is for, where that can be seen: `login`, `search`. */
  readonly purpose?: string
  /** From opted-in fields only. */
  readonly traits?: Traits
}

export interface SearchEvent extends Occurrence, Tag {
  readonly type: 'search'
  readonly query: string
}

export interface MediaEvent extends Occurrence, Tag {
  readonly type: 'media'
  readonly name: string
  /** How far it was played, 0 to 100. */
  readonly percent: number
}

export interface TrackEvent extends Occurrence {
  readonly type: 'track'
  readonly name: string
  readonly props?: Traits
}

export interface IdentifyEvent extends Occurrence {
  readonly type: 'identify'
  readonly traits: Traits
}

/** The visitor belongs to a company. */
export interface GroupEvent extends Occurrence {
  readonly type: 'group'
  readonly account: string
  readonly traits?: Traits
}

export interface ConsentEvent extends Occurrence {
  readonly type: 'consent'
  readonly state: 'granted' | 'denied'
}

/** What sales says of a lead. */
export interface FeedbackEvent extends Occurrence {
  readonly type: 'feedback'
  readonly verdict: Verdict
  readonly reason?: string
  readonly amount?: number
}

/** Points given or taken by hand, with a reason; they decay like the rest. */
export interface AdjustEvent extends Occurrence {
  readonly type: 'adjust'
  readonly points: number
  readonly group: 'discover' | 'engage' | 'evaluate' | 'intent' | 'penalty'
  readonly reason: string
}

/** What is left of events that were deleted: the state they had come to, from which replay starts. Nobody can send it. */
export interface OpeningEvent extends Occurrence {
  readonly type: 'opening'
  /** Packed; see pack.ts. */
  readonly state: string
}

export type VisitorEvent =
  | PageEvent
  | EngagementEvent
  | DownloadEvent
  | ClickEvent
  | FormEvent
  | SearchEvent
  | MediaEvent
  | TrackEvent
  | IdentifyEvent
  | GroupEvent
  | ConsentEvent
  | FeedbackEvent
  | AdjustEvent
  | OpeningEvent

/** The canonical order of a visitor's events: by time, then by id. */
export const inOrder = (a: VisitorEvent, b: VisitorEvent): number =>
  a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
