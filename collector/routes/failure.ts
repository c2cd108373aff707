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

export const fail = (c: Context, { status, ...error }: Fault): Response => c.json({ error }, status)

export const NOT_FOUND: Fault = { status: 404, code: 'not_found', message: 'There is nothing at this address.' }
export const NO_VISITOR: Fault = { status: 404, code: 'not_found', message: 'No visitor is known by that id.' }
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

/** What is wrong with parameters, by name. */
export const badRequest = (error: z.ZodError): Fault => ({
  status: 400,
  code: 'bad_request',
  message: 'Some parameters are not of the kind they should be.',
  details: error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
})
