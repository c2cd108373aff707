/**
 * What a store keeps and answers. It keeps; it does not think: every rule is in the core. Over 150 lines, for a second
 * store is written against this one page.
 */
import type { Arriving, Receipt } from '../../shared/append.ts'
import type { Transition } from '../../shared/award.ts'
import type { CountKind } from '../../shared/contribution.ts'
import type { ConsentEvent, VisitorEvent } from '../../shared/event.ts'
import type { Name } from '../../shared/identity.ts'
import type { Model, PageRule, Stage } from '../../shared/model.ts'
import type { CountRow, Days } from '../../shared/report.ts'
import type { Answered } from '../../shared/sla-report.ts'
import type { VisitorState } from '../../shared/state.ts'
import type { Fold } from '../../shared/visitor.ts'

/** A website, and how its visitors are to be treated. */
export interface Site {
  readonly name: string
  /** Public: it is in the page. */
  readonly key: string
  readonly createdAt: number
  readonly settings: SiteSettings
}

export interface SiteSettings {
  /** Hosts that may send; empty: any. */
  readonly origins: readonly string[]
  readonly consent: 'none' | 'required' | 'cookieless'
  /** Automated browsers are scored like people: for a test or demo site. */
  readonly allowsAutomation: boolean
  /** A purchase told by a browser counts. */
  readonly allowsPurchase: boolean
  /** Global Privacy Control and Do Not Track are honoured. */
  readonly honoursGpc: boolean
  /** The snippet's answer carries the visitor's own stage. */
  readonly tellsStage: boolean
  /** Come before the model's own. */
  readonly pageRules: readonly PageRule[]
  /** Hosts and paths that are not counted, such as `localhost`, `staging.*` or `/admin*`. */
  readonly ignores?: readonly string[]
  /** After so many days an event is deleted; undefined: never. */
  readonly retentionDays?: number | undefined
  /** What becomes of those who have not been seen for that long. */
  readonly expiry?: Erasing['mode'] | undefined
  /** Own people, kept and never scored: domains of their addresses, or ids of their browsers. */
  readonly staff?: readonly string[]
}

export type KeyKind = 'write' | 'read' | 'admin'

/** A secret key; only its hash is kept. */
export interface Key {
  readonly id: string
  readonly kind: KeyKind
  /** Of a write key. */
  readonly site: string | undefined
  readonly label: string
  /** Its last four characters, to tell it from others. */
  readonly hint: string
  readonly createdAt: number
  /** About when; undefined for never. */
  readonly lastUsedAt?: number | undefined
}

/** A stored key was used, known by the hash of its secret. */
export interface KeyUse {
  readonly hash: string
  readonly at: number
}

export interface Rejected {
  readonly at: number
  readonly site: string | undefined
  readonly id: string | null
  readonly code: string
  readonly message: string
}

/** The append-only log. Everything else can be rebuilt from it. */
export interface EventLog {
  /**
   * Appends the events whose id is new, folds each into its visitor, and writes what changed: all of it or none.
   * Resolves when it is on disk. Says what became of each event.
   */
  readonly append: (arriving: readonly Arriving[], rejected: readonly Rejected[]) => Promise<readonly Receipt[]>
  /** Adds what is said of a visitor, by our id. False where there is none. */
  readonly tell: (id: string, event: VisitorEvent) => Promise<boolean>
  /** Joins two visitors of one site by hand. False where that cannot be. */
  readonly merge: (from: string, into: string, at: number) => Promise<boolean>
  /** Splits off one who was merged or, of one who others were merged into, the last of these. Says who is who. */
  readonly unmerge: (id: string, at: number) => Promise<{ readonly from: string; readonly into: string } | undefined>
  /** Brings up to `limit` visitors to `now` whose time has come; answers how many there were. */
  readonly wake: (now: number, limit: number) => Promise<number>
  /** What the visitor last said about consent. */
  readonly consentOf: (site: string, anonymous: string) => Promise<ConsentEvent['state'] | undefined>
  /** The e-mail address under which the one of that name is known. */
  readonly emailOf: (
    site: string,
    name: { readonly kind: 'anonymous' | 'user'; readonly value: string },
  ) => Promise<string | undefined>
  /** The stage of the one behind a browser; undefined where they are known as somebody, which anybody could claim. */
  readonly stageOf: (site: string, anonymous: string) => Promise<Stage | undefined>
  /** Forgets what it remembered of visitors: another hand has written them. */
  readonly forget: () => void
}

/** A visitor as stored: bring it to an instant before it is shown. */
export interface StoredVisitor {
  readonly id: string
  readonly site: string
  readonly state: VisitorState
  /** The version of the model that made this state. */
  readonly modelVersion: number
}

export interface StoredEvent {
  readonly seq: number
  readonly event: VisitorEvent
}

/** Why a transition was recorded: because of what happened, or because another model was published. */
export type TransitionCause = 'live' | 'model'

export interface StoredTransition extends Transition {
  readonly cause: TransitionCause
  readonly seq: number
  readonly modelVersion: number
}

export interface StoredMerge {
  readonly at: number
  /** When it was taken back. */
  readonly undoneAt?: number | undefined
  readonly from: string
  readonly into: string
}

/** What others were told of somebody, without its words. */
export interface StoredMessage {
  readonly id: string
  readonly type: string
  readonly at: number
  /** To whom, and what became of it. */
  readonly deliveries: readonly (Pick<Webhook, 'kind' | 'label'> & { readonly state: DeliveryState })[]
}

export const SORTS = ['score', 'lastSeen', 'stageSince'] as const

export interface VisitorQuery {
  readonly stages?: readonly string[] | undefined
  readonly qualification?: string | undefined
  readonly fit?: string | undefined
  readonly account?: string | undefined
  readonly site?: string | undefined
  /** The least heat key: a least score, as of now. */
  readonly minHeat?: number | undefined
  readonly q?: string | undefined
  readonly among?: Among | undefined
  readonly sort: (typeof SORTS)[number]
  readonly limit: number
  readonly cursor?: VisitorCursor | undefined
}

/**
 * Whom no column tells. For a page at most so many rows are looked at, in the order asked for: it may hold fewer than
 * `limit`, or nobody, and have a next one that begins after the last row looked at.
 */
export interface Among {
  readonly most: number
  readonly keeps?: ((state: VisitorState) => boolean) | undefined
  readonly recorded?: RecordedQuery | undefined
}

/** Of whom, or of whose merged parts, such a transition was recorded as it happened: from an instant until before another. */
export interface RecordedQuery {
  readonly what: 'stage' | 'qualification'
  readonly to: string
  /** By which version of the model; any, if left out. */
  readonly modelVersion?: number | undefined
  readonly from: number
  readonly until: number
}

/** Where a list stopped: the last row's key and id, and the state of the log when paging began. */
export interface VisitorCursor {
  readonly key: number | null
  readonly id: string
  readonly asOf: number
}

export interface LogEntry {
  readonly seq: number
  readonly visitor: string
  readonly site: string
  readonly what:
    | { readonly event: VisitorEvent }
    | { readonly transition: Transition & { readonly cause: TransitionCause } }
}

export const ACCOUNT_SORTS = ['score', 'people', 'name'] as const

/** A company, and the most its score can be. */
export interface AccountCandidate {
  readonly id: string
  readonly people: number
  readonly most: number
}

export interface AccountsQuery {
  /** This one alone. */
  readonly account?: string | undefined
  readonly site?: string | undefined
  readonly q?: string | undefined
  /** The heat key of a score of 1 at the instant asked about. */
  readonly key: number
}

export interface StoredColleague extends StoredVisitor {
  /** Another number each time anything of them changes. */
  readonly changed: number
}

/** A visitor as it stands in the store, with every name that leads to it: a person may be several. */
export interface HeldPart {
  readonly id: string
  readonly user: string | undefined
  readonly email: string | undefined
  readonly names: readonly Name[]
}

/** What is kept of a person beside events, transitions and merges. */
export interface Held {
  /** The survivor first. */
  readonly parts: readonly HeldPart[]
  readonly rejected: readonly Rejected[]
  /** Rows of other tables, as they are. */
  readonly others: Readonly<Record<string, readonly object[]>>
}

/** How people are to end, and who says so. `anonymize`: what they did stays, as nobody's. */
export interface Erasing {
  readonly mode: 'erase' | 'anonymize'
  readonly actor: string
}

/** What an erasure took. */
export interface Erased {
  readonly people: number
  readonly events: number
}

/** Counts of one kind; see `Counted`. */
export interface AggregateQuery extends Days {
  readonly kind: CountKind
  /** All of them, if left out. */
  readonly site?: string | undefined
}

/** Reading. Never changes anything. */
export interface Views {
  readonly visitors: (
    query: VisitorQuery,
  ) => Promise<{ items: readonly StoredVisitor[]; next?: VisitorCursor | undefined }>
  /** By our id, an anonymous id, a user id or an e-mail address; merged ones answer with the survivor. */
  readonly visitor: (ref: string, site?: string) => Promise<StoredVisitor | undefined>
  /** Those of them that are there, by our ids, in any order and each once; merged ones answer with the survivor. */
  readonly several: (ids: readonly string[]) => Promise<readonly StoredVisitor[]>
  /** Every company that anybody belongs to, in any order. */
  readonly accounts: (query: AccountsQuery) => Promise<readonly AccountCandidate[]>
  /** The people of a company, the warmest first. */
  readonly colleagues: (of: {
    readonly account: string
    readonly site?: string | undefined
    readonly limit: number
  }) => Promise<readonly StoredColleague[]>
  /** Every event of a visitor, in any order. */
  readonly events: (id: string) => Promise<readonly StoredEvent[]>
  readonly transitions: (id: string) => Promise<readonly StoredTransition[]>
  readonly merges: (id: string) => Promise<readonly StoredMerge[]>
  /** In the order in which they were written. */
  readonly messages: (id: string) => Promise<readonly StoredMessage[]>
  readonly held: (id: string) => Promise<Held>
  /** Up to `limit` entries after `cursor`, in order. No entry ever appears below a cursor already read. */
  readonly read: (cursor: number, limit: number) => Promise<readonly LogEntry[]>
  /** Visitors whose state last changed after `cursor` and not after `upTo`, in that order. */
  readonly changed: (
    cursor: number,
    upTo: number,
    limit: number,
  ) => Promise<readonly (StoredVisitor & { readonly seq: number })[]>
  readonly aggregates: (query: AggregateQuery) => Promise<readonly CountRow[]>
  readonly head: () => Promise<number>
  readonly rejected: (
    limit: number,
  ) => Promise<{ items: readonly Rejected[]; counts: Readonly<Record<string, number>> }>
}

/** The action of who looked at many at once: one entry names them all. */
export const READ_LIST = 'read list'

/** Something that somebody did with what is kept. */
export interface AuditEntry {
  readonly at: number
  /** Who: `admin token`, `session`, `key …`, or what the collector does by itself. */
  readonly actor: string
  readonly action: string
  readonly site?: string | undefined
  /** Stands for a person: a hash under a key of this collector. */
  readonly subject?: string | undefined
  /** Of a look at many: all of them. */
  readonly subjects?: readonly string[] | undefined
  /** Which one, or how many; never of a person. */
  readonly detail?: string | undefined
}

export type NumberedEntry = AuditEntry & { readonly n: number }

export interface AuditQuery {
  /** Only entries before this one. */
  readonly before?: number | undefined
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly site?: string | undefined
  readonly subjects?: readonly string[] | undefined
  readonly limit: number
}

export interface Audit {
  /** The newest first. */
  readonly entries: (query: AuditQuery) => Promise<readonly NumberedEntry[]>
}

/** What went with a site. */
export interface RemovedSite {
  readonly visitors: number
  readonly events: number
}

/** What is configured, beside the model: see `Models`. */
export interface Settings {
  readonly sites: () => Promise<readonly Site[]>
  /** Answers false where a site of that name is there already. */
  readonly insertSite: (site: Site) => Promise<boolean>
  /** Its public key too, where one is given. */
  readonly updateSite: (name: string, settings: SiteSettings, key?: string) => Promise<void>
  readonly keys: () => Promise<readonly (Key & { readonly hash: string })[]>
  readonly insertKey: (key: Key & { readonly hash: string }) => Promise<void>
  readonly deleteKey: (id: string) => Promise<boolean>
  /** False where there is none. */
  readonly labelKey: (id: string, label: string) => Promise<boolean>
  readonly touchKey: (use: KeyUse) => Promise<void>
  /** Writes something that changes nothing, and puts it on disk: rejects where that cannot be. */
  readonly probe: () => Promise<void>
}

/** Exactly one version is published: the one that scores. */
export type ModelState = 'draft' | 'published' | 'retired'

export interface ModelVersion {
  readonly version: number
  readonly state: ModelState
  readonly name: string
  readonly author: string
  readonly approver: string | undefined
  /** Why it was drafted; once published, why it was published. */
  readonly reason: string
  readonly createdAt: number
  readonly publishedAt: number | undefined
}

export interface StoredModel extends ModelVersion {
  readonly model: Model
}

export interface Draft {
  readonly model: Model
  readonly author: string
  readonly reason: string
  readonly createdAt: number
}

/** The versions of the model. A version is never changed, only published and retired. */
export interface Models {
  /** The newest first. */
  readonly versions: () => Promise<readonly ModelVersion[]>
  readonly model: (version: number) => Promise<StoredModel | undefined>
  readonly published: () => Promise<StoredModel>
  /** Keeps a draft; answers its version. */
  readonly insertDraft: (draft: Draft) => Promise<number>
}

/** Who says that a version is to score from now on, and why. */
export interface Approval {
  readonly approver: string
  readonly reason: string
}

/** A version of the model at work: what a store asks while it folds. */
export interface Scoring {
  readonly model: Model
  readonly version: number
  readonly foldOf: (site: string) => Fold
}

export const WEBHOOK_STATES = ['on', 'off', 'gone'] as const

/** Where messages go. */
export interface Webhook {
  readonly id: string
  readonly kind: string
  readonly label: string
  /** Visitors of this site alone; undefined: of all. */
  readonly site: string | undefined
  readonly types: readonly string[]
  /** `gone`: the receiver said that it wants no more. */
  readonly state: (typeof WEBHOOK_STATES)[number]
  /** Why it is not on, where it was not switched off by hand. */
  readonly reason: string | undefined
  /** Its address and secrets, sealed. */
  readonly sealed: string
  readonly createdAt: number
}

export const DELIVERY_STATES = ['pending', 'delivered', 'dead'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** A message on its way to one webhook. */
export interface Delivery {
  readonly seq: number
  /** The same on every try. */
  readonly id: string
  readonly type: string
  readonly at: number
  readonly state: DeliveryState
  /** When it is tried next, while it is pending. */
  readonly dueAt: number
  readonly tries: number
  readonly triedAt: number | undefined
  /** What became of the last try, in words. */
  readonly outcome: string | undefined
}

/** One that is to be tried now, and by nobody else until the lease ends. */
export interface Claim {
  readonly webhook: string
  readonly seq: number
  readonly id: string
  readonly type: string
  readonly body: string
  readonly tries: number
}

export interface Claiming {
  readonly now: number
  /** When the lease ends. */
  readonly until: number
  /** How many more each webhook may have under way. */
  readonly free: readonly { readonly webhook: string; readonly slots: number }[]
}

/** What became of a try. */
export interface Settlement {
  readonly webhook: string
  readonly seq: number
  readonly state: DeliveryState
  readonly dueAt: number
  readonly tries: number
  readonly triedAt: number
  readonly outcome: string
  /** The receiver is gone: why nothing more is sent to it. */
  readonly ends?: string | undefined
}

export interface DeliveryQuery {
  readonly webhook: string
  readonly state?: DeliveryState | undefined
  readonly limit: number
  /** Those written before this one. */
  readonly before?: number | undefined
}

/** Reading of the outbox. */
export interface OutboxViews {
  readonly webhooks: () => Promise<readonly Webhook[]>
  readonly webhook: (id: string) => Promise<Webhook | undefined>
  /** Whether anything waits for this webhook, and nobody has claimed it. */
  readonly isDue: (webhook: string, now: number) => Promise<boolean>
  /** The newest first. */
  readonly deliveries: (query: DeliveryQuery) => Promise<readonly Delivery[]>
  readonly counts: (webhook: string) => Promise<Readonly<Partial<Record<DeliveryState, number>>>>
}

/** Messages are written by the log, with what they tell of. This is what comes after. */
export interface Outbox {
  /** Inserts it, or replaces the one of that id. */
  readonly putWebhook: (webhook: Webhook) => Promise<void>
  /** With all that was on its way to it. */
  readonly deleteWebhook: (id: string) => Promise<boolean>
  readonly claim: (claiming: Claiming) => Promise<readonly Claim[]>
  /** What was delivered stays so, whatever is said of a later try. */
  readonly settle: (settlements: readonly Settlement[]) => Promise<void>
  /** One message, or all that are dead, to be tried from now as if new; answers how many. */
  readonly redeliver: (webhook: string, now: number, id?: string) => Promise<number>
}

export interface LeadsQuery {
  /** They became a lead at this instant or later … */
  readonly from: number
  /** … and before this one. */
  readonly to: number
  readonly site?: string | undefined
  readonly after: number
  readonly limit: number
}

/** Reading of leads for reports: those that a new model made are not among them. */
export interface Leads {
  readonly leads: (
    query: LeadsQuery,
  ) => Promise<{ readonly items: readonly Answered[]; readonly next?: number | undefined }>
}
