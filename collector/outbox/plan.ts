/**
 * How a message becomes requests: each kind of receiver is a plan, a pure generator that says what to send next and is
 * given what was answered. It knows neither network nor clock.
 */
import type { Message } from '../../shared/message.ts'

export interface OutgoingRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

export type Reply =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string }
  /** No answer came, and why. */
  | { readonly failure: string }

/** What became of a try. `retryAfter`: in ms, where the receiver asked for it. */
export type Verdict =
  | { readonly is: 'delivered'; readonly outcome: string }
  | { readonly is: 'failed'; readonly outcome: string; readonly retryAfter?: number | undefined }
  /** It will never be wanted again. */
  | { readonly is: 'gone'; readonly outcome: string }

export type Plan = Generator<OutgoingRequest, Verdict, Reply>

/** What every plan is given. */
export interface Order {
  readonly id: string
  /** As it was written, byte for byte: what is signed. */
  readonly body: string
  readonly message: Message
  readonly now: number
}

export const delivered = (outcome: string): Verdict => ({ is: 'delivered', outcome })

/** The usual reading of an answer: 2xx is taken, 410 is the end, all else, redirects included, is a failure. */
export const verdictOf = (reply: Reply, now: number): Verdict => {
  if ('failure' in reply) return { is: 'failed', outcome: reply.failure }
  const { status, headers } = reply
  if (status >= 200 && status < 300) return delivered(`answered ${status}`)
  if (status === 410) return { is: 'gone', outcome: 'answered 410: it wants no more' }
  const outcome =
    status >= 300 && status < 400 ? `answered ${status}: redirects are not followed` : `answered ${status}`
  return { is: 'failed', outcome, retryAfter: retryAfterOf(headers['retry-after'], now) }
}

export const isOk = (reply: Reply): reply is Extract<Reply, { status: number }> =>
  'status' in reply && reply.status >= 200 && reply.status < 300

/** A JSON object that was answered; undefined for anything else. */
export const objectIn = (reply: Reply): Readonly<Record<string, unknown>> | undefined => {
  if (!('text' in reply)) return undefined
  try {
    const value: unknown = JSON.parse(reply.text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** What a `Retry-After` header asks for, in ms from `now`; undefined where it makes no sense. */
export const retryAfterOf = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined) return undefined
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
