/** `GET /api/visitors` and what is to be known of one: profile, explanation, timeline. */
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { GRADES, QUALIFICATIONS, STAGES } from '../../shared/answer.ts'
import { FUNNELS } from '../../shared/event.ts'
import { keyOf } from '../../shared/score.ts'
import { funnelOf } from '../../shared/stage.ts'
import type { Edition } from '../edition.ts'
import type { Editions } from '../editions.ts'
import type { Profiles } from '../profiles.ts'
import { SORTS, type StoredVisitor, type Views } from '../store/store.ts'
import { cursorParameter, encodeCursor } from './cursor.ts'
import { badRequest, type Fault, fail, NO_VERSION, NO_VISITOR } from './failure.ts'

export interface VisitorsOptions {
  readonly views: Views
  readonly profiles: Profiles
  readonly editions: Pick<Editions, 'current' | 'load'>
  readonly now: () => number
}

const Cursor = z.object({
  key: z.number().nullable(),
  id: z.string().max(64),
  asOf: z.number().int(),
  model: z.number().int(),
})

const Instant = z.union([z.iso.datetime({ offset: true }), z.iso.date()]).transform((text) => Date.parse(text))

const ListQuery = z.object({
  stage: z.enum(STAGES).optional(),
  funnel: z.enum(FUNNELS).optional(),
  qualification: z.enum(QUALIFICATIONS).optional(),
  fit: z.enum(GRADES).optional(),
  account: z.string().max(300).optional(),
  site: z.string().max(100).optional(),
  minScore: z.coerce.number().min(0).max(100).optional(),
  q: z.string().min(1).max(200).optional(),
  sort: z.enum(SORTS).default('score'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: cursorParameter(Cursor).optional(),
})

/** The version of the model to look through; the current one if left out. */
const ModelVersion = z.coerce.number().int().positive().optional()
const AtQuery = z.object({ at: Instant.optional(), site: z.string().max(100).optional(), model: ModelVersion })
const SpanQuery = z
  .object({
    from: Instant.optional(),
    to: Instant.optional(),
    site: z.string().max(100).optional(),
    model: ModelVersion,
  })
  .refine(({ from = 0, to = Number.POSITIVE_INFINITY }) => from <= to, { path: ['from'], message: 'is after `to`' })
const TimelineQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  site: z.string().max(100).optional(),
  model: ModelVersion,
  cursor: z
    .string()
    .regex(/^\d{1,16}\.\d{1,9}$/, 'takes the nextCursor of the page before')
    .transform((text) => {
      const [at, seen] = text.split('.').map(Number)
      return { at: at!, seen: seen! }
    })
    .optional(),
})

export const visitorRoutes = ({ views, profiles, editions, now }: VisitorsOptions): Hono => {
  const app = new Hono()

  app.get('/', async (c) => {
    const query = ListQuery.safeParse(c.req.query())
    if (!query.success) return fail(c, badRequest(query.error))
    const { stage, funnel, minScore, cursor, ...rest } = query.data
    const { model, version } = editions.current()
    if (cursor && cursor.model !== version) return fail(c, MODEL_CHANGED)
    const at = now()
    const inFunnel = funnel && STAGES.filter((name) => funnelOf(name, model) === funnel)
    const page = await views.visitors({
      ...rest,
      cursor,
      stages: stage ? (inFunnel ?? [stage]).filter((name) => name === stage) : inFunnel,
      minHeat: minScore ? keyOf(minScore, at, model) : undefined,
    })
    const nextCursor = page.next ? encodeCursor({ ...page.next, model: version }) : null
    return c.json({ items: page.items.map((visitor) => profiles.show(visitor, at)), nextCursor })
  })

  /** Finds the visitor and checks the query, then answers. */
  const withVisitor =
    <Query extends { site?: string | undefined; model?: number | undefined }>(
      schema: z.ZodType<Query>,
      answer: (visitor: StoredVisitor, query: Query & { readonly under?: Edition }) => Promise<unknown>,
    ) =>
    async (c: Context): Promise<Response> => {
      const query = schema.safeParse(c.req.query())
      if (!query.success) return fail(c, badRequest(query.error))
      const visitor = await views.visitor(c.req.param('id')!, query.data.site)
      const under = query.data.model === undefined ? undefined : await editions.load(query.data.model)
      if (query.data.model !== undefined && !under) return fail(c, NO_VERSION)
      const found = visitor && (await answer(visitor, { ...query.data, ...(under && { under }) }))
      return found ? c.json(found) : fail(c, NO_VISITOR)
    }

  app.get(
    '/:id',
    withVisitor(AtQuery, async (visitor, { at, under }) =>
      at === undefined && !under ? profiles.show(visitor, now()) : profiles.showAt(visitor, at ?? now(), under),
    ),
  )
  app.get(
    '/:id/explain',
    withVisitor(AtQuery, (visitor, { at = now(), under }) => profiles.explain(visitor, at, under)),
  )
  app.get(
    '/:id/history',
    withVisitor(SpanQuery, (visitor, { from, to = now(), under }) => profiles.history(visitor, { from, to, under })),
  )
  app.get(
    '/:id/timeline',
    withVisitor(TimelineQuery, (visitor, { cursor, limit, under }) =>
      profiles.timeline(visitor, { limit, after: cursor, now: now(), under }),
    ),
  )
  return app
}

const MODEL_CHANGED: Fault = {
  status: 409,
  code: 'model_changed',
  message: 'Another model was published since the page before, so the order is another. Begin again without a cursor.',
}
