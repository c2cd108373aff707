/** What is kept beside the log, and rows put there by hand: what the suites of this folder run over, store by store. */
import type {
  Audit,
  AuditEntry,
  Leads,
  Models,
  Outbox,
  OutboxViews,
  Settings,
  Views,
} from '../../collector/store/store.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import type { VisitorState } from '../../shared/state.ts'

export interface PersonRow {
  readonly n: number
  readonly id: string
  readonly site?: string
  readonly root?: number
  readonly user?: string
  readonly email?: string
  readonly account?: string
  readonly warmth?: number
  readonly state?: VisitorState
}

export interface TransitionRow {
  readonly seq: number
  readonly visitor: number
  readonly at: number
  readonly what: 'stage' | 'qualification' | 'flag'
  readonly source: string
  readonly target: string
  readonly rule?: string
  readonly cause?: 'live' | 'model'
}

export interface MessageRow {
  readonly seq: number
  readonly id: string
  readonly visitor: number
  readonly type?: string
  readonly at?: number
  readonly body?: string
  /** Webhooks. */
  readonly to: readonly string[]
  readonly dueAt?: number
}

export interface CountRow {
  readonly site?: string
  readonly kind: string
  readonly what: string
  readonly outcome: string
  readonly day: number
  readonly n: number
  /** Who counted, where it is told apart. */
  readonly lane?: number
}

/** Puts rows where the log would. */
export interface Rows {
  readonly person: (row: PersonRow) => Promise<void>
  readonly name: (row: { visitor: number; kind: string; value: string }) => Promise<void>
  readonly events: (row: { visitor: number; seq: number; events: readonly VisitorEvent[] }) => Promise<void>
  readonly transition: (row: TransitionRow) => Promise<void>
  readonly feedback: (row: { visitor: number; at: number; seq: number; verdict: string }) => Promise<void>
  readonly message: (row: MessageRow) => Promise<void>
  readonly count: (row: CountRow) => Promise<void>
  readonly rejected: (row: { at: number; site: string; id: string; code: string; message: string }) => Promise<void>
  /** Makes the next entry of the audit log the nth. */
  readonly auditFrom: (n: number) => Promise<void>
  /** How many rows a table has. */
  readonly countOf: (table: 'message' | 'delivery') => Promise<number>
}

export interface Beside {
  readonly settings: Settings
  readonly models: Models
  readonly audit: Audit
  readonly note: (entry: AuditEntry) => Promise<void>
  readonly outbox: Outbox
  /** That of another collector, where there may be more than one. */
  readonly otherOutbox: Outbox
  readonly deliveries: OutboxViews
  readonly leads: Leads['leads']
  readonly views: Pick<Views, 'aggregates' | 'accounts' | 'colleagues' | 'messages' | 'held'>
  readonly rows: Rows
  readonly close: () => Promise<void>
}

/** With the sites `default` and `other`, and version 1 of the model published. */
export type OpenBeside = () => Promise<Beside>

/** What strangers write where a text is asked for. */
export const HOSTILE: readonly string[] = [
  `'; DROP TABLE site; --`,
  `" OR ""="`,
  '%',
  '_',
  '100%_\\',
  '\\',
  `\\'`,
  '$1 {x} :a @b ?',
  '{"a":"\\u0000"}',
  '😀 Ünï çødé ﷽ \u202e',
  '\ud800',
  'x'.repeat(10_000),
  ' \t\n\r',
]

/** Each with a short name. */
export const HOSTILE_CASES = [...HOSTILE, 'a\0b'].map((text) => [JSON.stringify(text).slice(0, 30), text] as const)

/** A text as any store may keep it: half a character, and the one that no text may hold, become the sign for none. */
export const kept = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed()
