/** What ingest makes of a body: events and who did them, or issues; or a refusal of the whole. */
import type { VisitorEvent } from '../../shared/event.ts'

/** The names under which the sender knows the person. All are hostile text until they are looked up. */
export interface Who {
  /** A browser's random id. */
  readonly anonymous?: string
  /** The company's own id of a known person. */
  readonly user?: string
  /** Another name of the same person (`alias`). */
  readonly also?: string
}

export interface Arrived {
  readonly index: number
  readonly who: Who
  readonly event: VisitorEvent
}

export const REJECTION_CODES = [
  'invalid', // not of the schema
  'too_large', // over 32 KB
  'too_deep', // nested over 32 levels
  'too_many', // beyond 2,500 events of a batch
  'unknown_type',
  'no_visitor', // neither anonymousId nor userId
  'not_allowed', // needs a secret key
  'erased', // the person was erased
  'consent', // the site requires it, and it was not given
  'referrer_spam',
  'ignored', // of a host or path that the site does not count
  'opted_out', // Global Privacy Control or Do Not Track
  'failed', // a mistake of the collector's own, told in its log
] as const
export type RejectionCode = (typeof REJECTION_CODES)[number]

/** Why an event was not taken. `message` says what to do and never echoes input. */
export interface Issue {
  readonly code: RejectionCode
  readonly message: string
}

export interface Rejection extends Issue {
  readonly index: number
  readonly id: string | null
}

/** A body that could be read: every event of it is in one of the two lists. */
export interface Batch {
  /** The site or write key in the body, if there was one. */
  readonly key: string | undefined
  /** Set when the browser says that it is driven by a program. */
  readonly automated: boolean
  readonly events: readonly Arrived[]
  readonly rejected: readonly Rejection[]
}

/** A body that could not. */
export interface Refusal {
  readonly status: 400 | 413
  readonly code: 'bad_json' | 'bad_body' | 'too_large'
  readonly message: string
}

/** What ingest may know of the request. Clock and dice arrive as arguments. */
export interface Arrival {
  /** When the body was received, epoch milliseconds. */
  readonly received: number
  /** `server` when a secret key signed the request, so that history may be imported and outcomes told. */
  readonly source: 'browser' | 'server'
  /** A collision-resistant hash in printable form: names the events that came without an id. */
  readonly digest: (text: string) => string
  /**
   * The id under which a browser is known, given the key and the id it names; by default the latter. A site without
   * storage in the browser answers with an id of its own.
   */
  readonly visitor?: (key: string | undefined, named: string | undefined) => string | undefined
  /** Where a path without a host belongs, such as the Origin of the request. */
  readonly origin?: string
}

export const isRefusal = (result: Batch | Refusal): result is Refusal => 'status' in result
