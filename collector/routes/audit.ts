/**
 * The audit log: who read, changed, took away or erased what. `GET /api/audit`, and the middleware that writes it: over
 * 150 lines, for what is written and what is read are one thing.
 */
import type { Context, MiddlewareHandler } from 'hono'
import { z } from 'zod'
import { AuditPage } from '../../shared/answer-privacy.ts'
import { isoOf } from '../../shared/present.ts'
import {
  type Audit,
  type AuditEntry,
  type NumberedEntry,
  READ_LIST,
  type StoredVisitor,
  type Views,
} from '../store/store.ts'
import type { Commands } from '../writer.ts'
import { type Declaration, type Route, route } from './route.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** Who asks, as the audit log calls them. */
    actor: string
    /** Whom it is about, where the address does not say it. */
    subjects: readonly StoredVisitor[]
  }
}

export interface AuditOptions {
  readonly audit: Audit
  readonly writer: Pick<Commands, 'note'>
  readonly views: Pick<Views, 'visitor' | 'held'>
  /** The hash that stands for a person. */
  readonly markOf: (name: { readonly site: string; readonly kind: 'id'; readonly value: string }) => string
  readonly now: () => number
  readonly log: (problem: string) => void
}

/** For how long the same reader of the same person is noted once, in ms. */
const SAME_READING = 3_600_000
/** Readings remembered for that. */
const REMEMBERED = 10_000

/** What an action is called, where its address alone would not say it plainly; undefined: it notes itself. */
const ACTIONS: Readonly<Record<string, string | undefined>> = {
  'GET /api/trends': READ_LIST,
  'GET /api/visitors/:id/export': 'export',
  'DELETE /api/visitors/:id': undefined,
  'POST /api/visitors/merge': 'merge',
  'POST /api/visitors/:id/unmerge': 'unmerge',
  'POST /api/visitors/:id/feedback': 'feedback',
  'POST /api/visitors/:id/adjust': 'adjust',
  'POST /api/models/:v/publish': 'publish model',
  'POST /api/models/:v/revert': 'revert model',
  'POST /api/models': 'draft model',
  'POST /api/keys': 'create key',
  'DELETE /api/keys/:id': 'revoke key',
  'POST /api/sites': 'create site',
  'PATCH /api/sites/:name': 'change site',
  'DELETE /api/sites/:name': 'remove site',
  'POST /api/signin': 'make sign-in link',
}
/** They compute, and change nothing. */
const IDLE = new Set(['POST /api/models/:v/simulate', 'POST /api/models/validate'])

/** What is noted of the same reader and the same person once an hour. */
const READINGS = new Set(['read', READ_LIST])

interface Whom {
  readonly site: string
  readonly subject: string
}

/** Of whom each entry tells: one for each person, but of a list one for all of a site; one where it is about nobody. */
const entriesAbout = (
  about: readonly Whom[],
  action: string,
  isNoted: (whom: Whom) => boolean,
): readonly Partial<AuditEntry>[] => {
  const noted = about.filter(isNoted)
  if (action !== READ_LIST) return about.length === 0 ? [{}] : noted
  const bySite = Map.groupBy(noted, ({ site }) => site)
  return [...bySite].map(([site, some]) => ({ site, subjects: some.map(({ subject }) => subject) }))
}

/** Notes what a route did, after it did it. What changes anything is noted, also by routes that this file does not know. */
export const createAuditor = (options: AuditOptions): ((of: Declaration) => readonly MiddlewareHandler[]) => {
  const readings = new Map<string, number>()
  const isNew = (reading: string, at: number): boolean => {
    if ((readings.get(reading) ?? Number.NEGATIVE_INFINITY) > at - SAME_READING) return false
    if (readings.size >= REMEMBERED) readings.clear()
    readings.set(reading, at)
    return true
  }

  return (declaration) => {
    const action = actionOf(declaration)
    if (action === undefined) return []
    return [
      async (c, next) => {
        // Before it happens: afterwards they may be somebody else, or nobody.
        const named = await subjectsOf(c, declaration, options)
        await next()
        if (!c.res.ok) return
        const at = options.now()
        const { actor, subjects = named } = c.var
        const detail = await detailOf(c, declaration)
        const about = subjects.map(({ id, site }) => ({
          site,
          subject: options.markOf({ site, kind: 'id', value: id }),
        }))
        const isNoted = (whom: Whom): boolean =>
          !READINGS.has(action) || isNew(`${actor} ${action} ${JSON.stringify(whom)}`, at)
        for (const whom of entriesAbout(about, action, isNoted)) {
          const entry = { at, actor, action, ...whom, ...(about.length === 0 && detail !== undefined && { detail }) }
          await options.writer.note(entry).catch((error) => options.log(`Not in the audit log: ${error}`))
        }
      },
    ]
  }
}

const isPerson = ({ path }: Declaration): boolean => path.startsWith('/api/visitors/:id')

const actionOf = (declaration: Declaration): string | undefined => {
  const { method, path, who } = declaration
  const name = `${method} ${path}`
  if ((who !== 'read' && who !== 'admin') || IDLE.has(name)) return undefined
  if (name in ACTIONS) return ACTIONS[name]
  if (method === 'GET') return isPerson(declaration) ? 'read' : path.startsWith('/api/export') ? 'export' : undefined
  return name
}

const subjectsOf = async (
  c: Context,
  declaration: Declaration,
  { views }: AuditOptions,
): Promise<readonly StoredVisitor[]> => {
  if (!isPerson(declaration)) return []
  const visitor = await views.visitor(c.req.param('id')!, c.req.query('site'))
  return visitor ? [visitor] : []
}

/** Which key, version or site it was: what the address names, else what the answer says was made. */
const detailOf = async (c: Context, { method }: Declaration): Promise<string | undefined> => {
  const named = Object.values(c.req.param() as Readonly<Record<string, string>>)[0]
  if (named !== undefined || method === 'GET') return named?.slice(0, 100)
  const made = Made.safeParse(
    await c.res
      .clone()
      .json()
      .catch(() => undefined),
  ).data
  const detail = made?.version ?? made?.name ?? made?.id
  return detail === undefined ? undefined : String(detail)
}

const Made = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  version: z.number().optional(),
})

const Query = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'takes the nextCursor of the page before')
    .transform(Number)
    .optional(),
  actor: z.string().max(100).optional(),
  action: z.string().max(100).optional(),
  visitor: z.string().max(300).optional(),
  site: z.string().max(100).optional(),
})

export const auditRoutes = (options: AuditOptions): readonly Route[] => [
  route(
    {
      method: 'GET',
      path: '/api/audit',
      who: 'admin',
      about:
        'Who read, changed, took away or erased what. `visitor` gives the entries about a person, `site` those about its people.',
      query: Query,
      answers: { 200: { about: 'The newest first.', schema: AuditPage } },
    },
    async ({ c, query: { visitor, site, cursor, limit, ...rest } }) => {
      const subjects = visitor === undefined ? undefined : await marksOf(visitor, site, options)
      const found = await options.audit.entries({ ...rest, site, subjects, before: cursor, limit: limit + 1 })
      const items = found.slice(0, limit)
      const nextCursor = found.length > limit ? String(items.at(-1)!.n) : null
      return c.json({ items: items.map(entryView), nextCursor })
    },
  ),
]

/** The hashes under which a person may be noted: before a merge they were several. */
const marksOf = async (
  ref: string,
  site: string | undefined,
  { views, markOf }: AuditOptions,
): Promise<readonly string[]> => {
  const visitor = await views.visitor(ref, site)
  if (!visitor) return []
  const { parts } = await views.held(visitor.id)
  return parts.map(({ id }) => markOf({ site: visitor.site, kind: 'id', value: id }))
}

const entryView = ({ n: _, at, site, subject, subjects, detail, ...entry }: NumberedEntry) => ({
  at: isoOf(at),
  ...entry,
  site: site ?? null,
  subject: subject ?? null,
  subjects: [...(subjects ?? (subject === undefined ? [] : [subject]))],
  detail: detail ?? null,
})
