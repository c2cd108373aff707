/** What a collector asks of whatever keeps its data: a part that changes it, run by one thread, and a part that reads. */
import type { Who } from '../../shared/identity.ts'
import type { SiteName } from './erased-file.ts'
import type { History } from './history.ts'
import type {
  Approval,
  Audit,
  AuditEntry,
  Draft,
  Erased,
  Erasing,
  EventLog,
  Leads,
  Models,
  Outbox,
  OutboxViews,
  RemovedSite,
  Scoring,
  Settings,
  Site,
  Views,
} from './store.ts'

/** What a store is lent: the model at work, dice, a clock. */
export interface Shell {
  /** The version of the model that scores at present. */
  readonly scoring: () => Scoring
  /** Another collector may have published a model, or changed a site: reads both anew. */
  readonly refresh: () => Promise<void>
  readonly sites: () => readonly Site[]
  readonly newId: () => string
  readonly now: () => number
  /** The address of a visitor in the dashboard, where that is known. */
  readonly linkTo: (id: string) => string | undefined
  readonly report: (problem: unknown) => void
}

/** How far the building of a model is. */
export interface Progress {
  readonly done: number
  readonly total: number
}

export interface Publishing {
  readonly next: Scoring
  readonly approval: Approval
  /** Resolves when others have had their turn. */
  readonly breathe: () => Promise<unknown>
  readonly isHalted: () => boolean
  readonly onProgress: (progress: Progress) => void
}

/** A store at work. */
export interface Work {
  readonly log: EventLog
  readonly outbox: Outbox
  readonly isErased: (site: string, who: Who, email: string | undefined) => boolean
  /** Erases people, by our ids, and refuses them from now on. */
  readonly erase: (ids: readonly string[], erasing: Erasing) => Promise<Erased>
  /** Adds to the audit log. */
  readonly note: (entry: AuditEntry) => Promise<void>
  /** Removes a site with all that is kept of it. Nothing more is taken for it from the first moment. */
  readonly removeSite: (name: string) => Promise<RemovedSite>
  /**
   * Rebuilds everyone under a version of the model and makes it the one that scores, for all at one instant. Rejects where
   * it was halted or the disk refused; then nothing has changed, and it can be done again.
   */
  readonly publish: (publishing: Publishing) => Promise<void>
  /** Does a slice of what nobody should wait for: retention, tidying. Answers whether there is more to be done now. */
  readonly tend: (quiet: { readonly isQuiet: boolean; readonly isPublishing: boolean }) => Promise<boolean>
  /** A site keeps for another time than before. */
  readonly retainAnew: () => void
}

/** What there is to look at: what was written of visitors, or what is configured. */
export type PulseKind = 'log' | 'settings'

/** A log of writes that is to be put on disk by whoever answers for it. */
export interface SyncedLog {
  /** Calls back when all that was written by now is on disk, or with what the machine said instead. */
  readonly sync: (then: (error: Error | null) => void) => void
  readonly close: () => void
}

/** The part that changes what is kept. */
export interface WritingStore {
  readonly settings: Settings
  readonly models: Models
  /** Makes a model the first that scores, where there is none yet. */
  readonly publishFirst: (draft: Draft) => Promise<void>
  /** Begins to work, once there is a model. */
  readonly begin: (shell: Shell) => Promise<Work>
  /** Calls back when another collector has written: to the log, or what is configured. */
  readonly onPulse: (callback: (kind: PulseKind) => void) => void
  /** Tells other collectors to look again. */
  readonly pulse: (kind: PulseKind) => void
  /** How much of what waits is best written in one go: 0 to 1; but at least what is worth a transaction. */
  readonly share: number
  /** How many bodies are worth a transaction of their own while another is under way. */
  readonly worth: number
  /** How many groups are best under way at once, since each waits for the machine that keeps it. */
  readonly groups: number
  /** Whether the machine failed, not the work: sent again later, the same may well go through. */
  readonly isOutage: (error: unknown) => boolean
  /** Whether what was done is on disk only once its log is synced; else it is when it is done. */
  readonly hasLog: boolean
  /** After a sync of its log has failed with this: puts on disk elsewhere all that was written by now, or rejects. */
  readonly mend: (problem: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** What collectors that share a database must agree on beside what is in it. */
export interface Commons {
  /** The secret of a UTC day, made when it is first asked for, a day ahead; those of days before are forgotten. */
  readonly secretOfDay: (day: number) => Promise<Buffer>
  /** Notes that something that may be used once was used, to be remembered until then. False where it was used before. */
  readonly spend: (hash: string, until: number) => Promise<boolean>
  /** Lets others see how a job stands. */
  readonly keepJob: (id: string, document: string) => Promise<void>
  readonly jobOf: (id: string) => Promise<string | undefined>
  /** Under which what is used once is signed. */
  readonly onceKey: string
}

/** The part that reads. Never changes anything but what is common. */
export interface ReadingStore {
  readonly settings: Settings
  readonly models: Models
  readonly audit: Audit
  readonly views: Views
  readonly outbox: OutboxViews
  readonly leads: Leads['leads']
  /** Everyone's events, in slices: what a simulation folds. */
  readonly history: History
  /** The hash that stands for the name of somebody who was erased. */
  readonly markOf: (name: SiteName) => string
  readonly commons: Commons
  /** Bytes: of what is kept, and of the log of writes beside it. */
  readonly sizes: () => Promise<{ readonly data: number; readonly log: number }>
  readonly close: () => Promise<void>
}
