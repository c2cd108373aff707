/** `GET /api/visitors` and what is to be known of one: profile, explanation, timeline. */
import { z } from 'zod'
import {
  Explanation,
  GRADES,
  History,
  QUALIFICATIONS,
  STAGES,
  Timeline,
  Visitor,
  VisitorPage,
} from '../../shared/answer.ts'
import { FUNNELS } from '../../shared/event.ts'
import { keyOf } from '../../shared/score.ts'
import { funnelOf } from '../../shared/stage.ts'
import type { Edition } from '../edition.ts'
import type { Editions } from '../editions.ts'
import type { Profiles } from '../profiles.ts'
import { SORTS, type StoredVisitor, type Views } from '../store/store.ts'
import { cursorParameter, encodeCursor, isInOrder, OTHER_ORDER } from './cursor.ts'
import { Instant } from './days.ts'
import { type Fault, fail, NO_VERSION, NO_VISITOR } from './failure.ts'
import { checkFigure, FigureQuery, splitFigure } from './figure-query.ts'
import { type Answer, type Route, route } from './route.ts'

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
  sort: z.enum(SORTS),
  model: z.number().int(),
  /** When the first page was read: a least score is as of then, or who fades meanwhile would be on no page. */
  at: z.number().int(),
})

/** Visitors by our ids. */
export const IdList = z
  .string()
  .regex(/^[^,]{1,64}(,[^,]{1,64}){0,99}$/, 'takes up to 100 ids of visitors, with commas between them')
  .transform((text) => text.split(','))

/** Whom a list or an export is to hold. */
const Filters = z.object({
  stage: z.enum(STAGES).optional(),
  funnel: z.enum(FUNNELS).optional(),
  qualification: z.enum(QUALIFICATIONS).optional(),
  fit: z.enum(GRADES).optional(),
  account: z.string().max(300).optional(),
  site: z.string().max(100).optional(),
  minScore: z.coerce.number().min(0).max(100).optional(),
  q: z.string().min(1).max(200).optional(),
  ...FigureQuery,
})
export const FilterQuery = Filters.superRefine(checkFigure)
const ListQuery = FilterQuery.safeExtend({
  ids: IdList.optional(),
  sort: z.enum(SORTS).default('score'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: cursorParameter(Cursor).optional(),
})
  .refine(isInOrder, OTHER_ORDER)
  .refine(({ ids, sort: _, limit: __, ...others }) => !ids || Object.keys(others).length === 0, {
    path: ['ids'],
    message: 'names them already: no filter and no cursor goes with it',
  })

/** As a store understands it, at an instant. */
export const filtered = (query: z.infer<typeof FilterQuery>, { model }: Edition, at: number) => {
  const { rest: filters, among } = splitFigure(query, model)
  const { stage, funnel, minScore, ...rest } = filters
  const inFunnel = funnel && STAGES.filter((name) => funnelOf(name, model) === funnel)
  return {
    ...rest,
    stages: stage ? (inFunnel ?? [stage]).filter((name) => name === stage) : inFunnel,
    minHeat: minScore ? keyOf(minScore, at, model) : undefined,
    among,
  }
}

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

const MODEL_CHANGED: Fault = {
  status: 409,
  code: 'model_changed',
  message: 'Another model was published since the page before, so the order is another. Begin again without a cursor.',
}

export const visitorRoutes = (options: VisitorsOptions): readonly Route[] => [
  listRoute(options),
  ...visitorViews(options),
]

const listRoute = ({ views, profiles, editions, now }: VisitorsOptions): Route =>
  route(
    {
      method: 'GET',
      path: '/api/visitors',
      who: 'read',
      about:
        'Visitors, the hottest first: whom to call today, and why. With `entered`, `medium`, `reached`, `signal`, `content` ' +
        'or `became`: exactly those whom that figure of the reports counts, in the days `from` to `to`. For these, so many ' +
        'visitors are looked through for a page: it may hold fewer than `limit`, or nobody, and still have a next one. With ' +
        '`ids`: these alone, up to 100, in any order.',
      query: ListQuery,
      answers: { 200: { about: 'A page of visitors.', schema: VisitorPage } },
      faults: [MODEL_CHANGED],
    },
    async ({ c, query: { ids, cursor, limit, sort, ...filters } }) => {
      if (ids) {
        const found = await views.several(ids)
        return c.json({ items: found.map((visitor) => profiles.show(visitor, now())), nextCursor: null })
      }
      const { version } = editions.current()
      if (cursor && cursor.model !== version) return fail(c, MODEL_CHANGED)
      const at = now()
      const begun = cursor?.at ?? at
      const page = await views.visitors({ ...filtered(filters, editions.current(), begun), cursor, limit, sort })
      const nextCursor = page.next ? encodeCursor({ ...page.next, sort, model: version, at: begun }) : null
      return c.json({ items: page.items.map((visitor) => profiles.show(visitor, at)), nextCursor })
    },
  )

type Span = z.infer<typeof SpanQuery>
type At = z.infer<typeof AtQuery>

/** What is to be known of one visitor, each under an address of its own. */
const visitorViews = ({ views, profiles, editions, now }: VisitorsOptions): readonly Route[] => {
  /** Finds the visitor, then answers. */
  const view = <Query extends { site?: string | undefined; model?: number | undefined }>(
    { path, query, ...answer }: { path: string; query: z.ZodType<Query> } & Answer,
    show: (visitor: StoredVisitor, query: Query & { readonly under?: Edition }) => Promise<unknown>,
  ): Route =>
    route(
      {
        method: 'GET',
        path: `/api/visitors/:id${path}`,
        who: 'read',
        about: answer.about,
        query,
        answers: { 200: answer },
        faults: [NO_VISITOR, NO_VERSION],
      },
      async ({ c, query }) => {
        const visitor = await views.visitor(c.req.param('id')!, query.site)
        const under = query.model === undefined ? undefined : await editions.load(query.model)
        if (query.model !== undefined && !under) return fail(c, NO_VERSION)
        const found = visitor && (await show(visitor, { ...query, ...(under && { under }) }))
        return found ? c.json(found) : fail(c, NO_VISITOR)
      },
    )

  return [
    view(
      { path: '', query: AtQuery, schema: Visitor, about: 'One visitor, now or at any past instant.' },
      async (visitor, { at, under }: At & { under?: Edition }) =>
        at === undefined && !under ? profiles.show(visitor, now()) : profiles.showAt(visitor, at ?? now(), under),
    ),
    view(
      { path: '/explain', query: AtQuery, schema: Explanation, about: 'Why the score is what it is, row by row.' },
      (visitor, { at = now(), under }: At & { under?: Edition }) => profiles.explain(visitor, at, under),
    ),
    view(
      { path: '/history', query: SpanQuery, schema: History, about: 'Score and stage over time.' },
      (visitor, { from, to = now(), under }: Span & { under?: Edition }) =>
        profiles.history(visitor, { from, to, under }),
    ),
    view(
      { path: '/timeline', query: TimelineQuery, schema: Timeline, about: 'What they did and what became of it.' },
      (visitor, { cursor, limit, under }) => profiles.timeline(visitor, { limit, after: cursor, now: now(), under }),
    ),
  ]
}
