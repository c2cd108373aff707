/** Every failure has one form, says what to do, and never echoes what was sent. */
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'

export interface Fault {
  readonly status: ContentfulStatusCode
  readonly code: string
  readonly message: string
  readonly details?: unknown
}

export const fail = (c: Context, { status, ...error }: Fault): Response => c.json({ error }, status, headersOf(status))

/** Those who are to come back are told when, in seconds. */
export const headersOf = (status: number): Record<string, string> =>
  status === 503 || status === 429 ? { 'retry-after': '2' } : {}

export const NOT_FOUND: Fault = { status: 404, code: 'not_found', message: 'There is nothing at this address.' }
export const NO_VISITOR: Fault = { status: 404, code: 'not_found', message: 'No visitor is known by that id.' }
export const NO_SITE: Fault = {
  status: 404,
  code: 'not_found',
  message: 'There is no site of that name. GET /api/sites lists them.',
}
export const NO_VERSION: Fault = {
  status: 404,
  code: 'not_found',
  message: 'The model has no such version. GET /api/models lists them.',
}
export const UNAUTHORIZED: Fault = {
  status: 401,
  code: 'unauthorized',
  message: 'Send a token as "Authorization: Bearer …", or sign in by a fresh link: npx leadlight key signin.',
}
export const FORBIDDEN: Fault = { status: 403, code: 'forbidden', message: 'This takes the admin role.' }

export const FOREIGN: Fault = {
  status: 403,
  code: 'origin',
  message: 'A cookie may change things only from the page of the dashboard. Elsewhere, send a token.',
}
export const INTERNAL: Fault = {
  status: 500,
  code: 'internal',
  message: 'Something is wrong in the collector; its log says what.',
}
export const UNAVAILABLE: Fault = {
  status: 503,
  code: 'unavailable',
  message: 'The collector cannot write at present. Nothing was changed; try again.',
}

/** What is wrong with parameters, by name. */
export const badRequest = (error: z.ZodError): Fault => ({
  status: 400,
  code: 'bad_request',
  message: 'Some parameters are not of the kind they should be.',
  // The names of unknown fields are the sender's own words: they are not repeated.
  details: error.issues.map(({ path, code, message }) => ({
    path: path.join('.'),
    message: code === 'unrecognized_keys' ? 'takes no other fields' : message,
  })),
})
