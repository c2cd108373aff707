/** One declaration per route: what it takes, what it answers, who may use it. Guard, document and tests read it. */
import type { Context, MiddlewareHandler } from 'hono'
import type { z } from 'zod'
import type { Role } from '../access.ts'
import { readJson, UNREAD } from './body.ts'
import { badRequest, type Fault, FORBIDDEN, fail, UNAUTHORIZED } from './failure.ts'

/** Whom a route takes. Of `site` and `write` the key is looked at where the body is read. */
export type Who = 'anyone' | 'site' | 'write' | Role

/** What comes with a status: JSON by the schema, or text of another media type. */
export interface Answer {
  readonly about: string
  readonly schema?: z.ZodType
  readonly type?: string
  /** Media types of the same as text, for those who ask for them. */
  readonly texts?: readonly string[]
}

export interface Declaration<Query = unknown, Body = unknown> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** As the router takes it: `/api/visitors/:id`. */
  readonly path: string
  readonly who: Who
  /** What it is for, in a line. Without one it is a page for people, and not in the document. */
  readonly about?: string
  readonly query?: z.ZodType<Query>
  /** Checked before `handle` is called. */
  readonly body?: z.ZodType<Body>
  /** What a body looks like that `handle` reads by itself. */
  readonly takes?: z.ZodType
  readonly answers: Readonly<Record<number, Answer>>
  /** What can go wrong beside what the parts above imply. */
  readonly faults?: readonly Fault[]
  readonly middleware?: readonly MiddlewareHandler[]
}

export interface Given<Query, Body> {
  readonly c: Context
  readonly query: Query
  readonly body: Body
  /** What was sent, before any check; undefined for nothing. */
  readonly json: unknown
}

export interface Route extends Declaration {
  readonly handle: (c: Context) => Promise<Response>
}

/** A route that checks what it is given before it does anything. */
export const route = <Query, Body>(
  declaration: Declaration<Query, Body>,
  handle: (given: Given<Query, Body>) => Response | Promise<Response>,
): Route => ({
  ...declaration,
  handle: async (c) => {
    const query = declaration.query?.safeParse(c.req.query())
    if (query?.error) return fail(c, badRequest(query.error))
    const sent = readsJson(declaration) ? await readJson(c) : { json: undefined }
    if ('status' in sent) return fail(c, sent)
    const body = declaration.body?.safeParse(sent.json)
    if (body?.error) return fail(c, badRequest(body.error))
    return handle({ c, query: query?.data as Query, body: body?.data as Body, ...sent })
  },
})

const isGuarded = ({ who }: Pick<Declaration, 'who'>): boolean => who === 'read' || who === 'admin'

/** Events are parsed where they are written. */
const readsJson = ({ who, body, takes }: Declaration): boolean => isGuarded({ who }) && (body ?? takes) !== undefined

/** Every failure that a route can answer, by status. */
export const faultsOf = (declaration: Declaration): ReadonlyMap<number, Fault[]> => {
  const { who, method, query, body, faults = [] } = declaration
  const implied = [
    ...(query || body ? [BAD_REQUEST] : []),
    ...(readsJson(declaration) ? UNREAD : []),
    ...(isGuarded(declaration) ? [UNAUTHORIZED] : []),
    ...(who === 'admin' || (isGuarded(declaration) && method !== 'GET') ? [FORBIDDEN] : []),
  ]
  return Map.groupBy([...implied, ...faults], ({ status }) => status)
}

const BAD_REQUEST: Fault = {
  status: 400,
  code: 'bad_request',
  message: 'Some parameters are not of the kind they should be; details name each.',
}
