/** A request body as it came in, and the answer to it: what crosses between the threads. */
import type { SegmentKind } from './ingest/segment.ts'

/** A request body as it came in, with what the request says of it. Crosses threads: plain values only. */
export interface RawBody {
  readonly kind: 'snippet' | SegmentKind
  readonly text: string
  /** Epoch ms. */
  readonly received: number
  /** A key given beside the body. */
  readonly key?: string | undefined
  readonly origin?: string | undefined
  readonly userAgent?: string | undefined
  /** `Sec-Purpose` and its elders. */
  readonly purpose?: string | undefined
  /** Global Privacy Control or Do Not Track. */
  readonly optedOut?: boolean | undefined
  /** Stands for address and browser until the day ends: whom a visitor without an id is known by. */
  readonly stranger?: string | undefined
  /** Why it could not be read; then `text` is empty, and it is only listed. */
  readonly refused?: Reason | undefined
}

export interface Answer {
  readonly status: number
  /** JSON. */
  readonly body: string
}

/** Why a body is refused whole. */
export interface Reason {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly site?: string
}

/** Not on disk, so not acknowledged: the sender keeps it and tries again. */
export const UNAVAILABLE: Answer = {
  status: 503,
  body: JSON.stringify({
    error: {
      code: 'unavailable',
      message: 'The collector cannot write at present. Nothing of this is acknowledged; send it again.',
    },
  }),
}
