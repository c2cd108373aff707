/** What people decide about a visitor: feedback of sales, points by hand, who is whom. All of it is part of the log. */
import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { z } from 'zod'
import { GROUPS, Visitor } from '../../shared/answer.ts'
import { VERDICTS, type VisitorEvent } from '../../shared/event.ts'
import type { Profiles } from '../profiles.ts'
import type { StoredVisitor, Views } from '../store/store.ts'
import type { Commands } from '../writer.ts'
import { type Fault, fail, NO_VISITOR } from './failure.ts'
import { type Route, route } from './route.ts'

export interface VisitorChangesOptions {
  readonly writer: Pick<Commands, 'tell' | 'merge' | 'unmerge'>
  readonly views: Pick<Views, 'visitor'>
  readonly profiles: Pick<Profiles, 'show'>
  readonly now: () => number
}

const Reason = z.string().regex(/^\P{Cc}{1,500}$/u, 'takes 1 to 500 characters on one line')
const Ref = z.string().regex(/^[\s\S]{1,300}$/, 'takes the id of a visitor')
const Feedback = z
  .strictObject({ verdict: z.enum(VERDICTS), reason: Reason.optional(), amount: z.number().min(0).optional() })
  .refine(({ verdict, reason }) => verdict !== 'rejected' || reason, {
    path: ['reason'],
    message: 'a rejection takes a reason',
  })
const Adjust = z.strictObject({ points: z.number().min(-100).max(100), group: z.enum(GROUPS), reason: Reason })
const Merge = z.strictObject({ from: Ref, into: Ref })
const Site = z.object({ site: z.string().max(100).optional() })

type Deed = { readonly type: 'feedback' | 'adjust' } & (z.infer<typeof Feedback> | z.infer<typeof Adjust>)

const NOT_MERGEABLE: Fault = {
  status: 409,
  code: 'not_mergeable',
  message: 'Those two are one already, or of different sites.',
}
const NOT_MERGED: Fault = { status: 409, code: 'not_merged', message: 'Nobody is merged into this visitor.' }

const SHOWN = { 200: { about: 'The visitor as they are now.', schema: Visitor } }
const UNMERGED = { 200: { about: 'Both, as they are now.', schema: z.object({ from: Visitor, into: Visitor }) } }

export const visitorChangeRoutes = (options: VisitorChangesOptions): readonly Route[] => [
  ...deedRoutes(options),
  ...mergeRoutes(options),
]

const findIn = ({ views }: VisitorChangesOptions, ref: string, site?: string): Promise<StoredVisitor | undefined> =>
  views.visitor(ref, site)

/** As they are now that it is written. */
const showIn = async ({ views, profiles, now }: VisitorChangesOptions, id: string) => {
  const visitor = await views.visitor(id)
  return visitor && profiles.show(visitor, now())
}

const deedRoutes = (options: VisitorChangesOptions): readonly Route[] => {
  const { writer, now } = options
  const tell = async (c: Context, deed: Deed, site?: string): Promise<Response> => {
    const visitor = await findIn(options, c.req.param('id')!, site)
    const event = { id: randomUUID(), at: now(), source: 'server', ...deed } as VisitorEvent
    const isTold = visitor && (await writer.tell(visitor.id, event))
    return isTold ? c.json(await showIn(options, visitor.id)) : fail(c, NO_VISITOR)
  }
  const deed = { method: 'POST', who: 'admin', query: Site, answers: SHOWN, faults: [NO_VISITOR] } as const
  return [
    route(
      { ...deed, path: '/api/visitors/:id/feedback', about: 'What sales makes of a lead.', body: Feedback },
      ({ c, query, body }) => tell(c, { type: 'feedback', ...body }, query.site),
    ),
    route(
      { ...deed, path: '/api/visitors/:id/adjust', about: 'Gives or takes points by hand.', body: Adjust },
      ({ c, query, body }) => tell(c, { type: 'adjust', ...body }, query.site),
    ),
  ]
}

const mergeRoutes = (options: VisitorChangesOptions): readonly Route[] => [
  route(
    {
      method: 'POST',
      path: '/api/visitors/merge',
      who: 'admin',
      about: 'Makes one of two.',
      query: Site,
      body: Merge,
      answers: SHOWN,
      faults: [NO_VISITOR, NOT_MERGEABLE],
    },
    async ({ c, query: { site }, body }) => {
      const [from, into] = await Promise.all([findIn(options, body.from, site), findIn(options, body.into, site)])
      if (!from || !into) return fail(c, NO_VISITOR)
      c.set('subjects', [from, into])
      const isDone = await options.writer.merge(from.id, into.id, options.now())
      return isDone ? c.json(await showIn(options, into.id)) : fail(c, NOT_MERGEABLE)
    },
  ),
  route(
    {
      method: 'POST',
      path: '/api/visitors/:id/unmerge',
      who: 'admin',
      about: 'Takes apart what a merge has joined.',
      query: Site,
      answers: UNMERGED,
      faults: [NO_VISITOR, NOT_MERGED],
    },
    async ({ c, query: { site } }) => {
      const { writer, now } = options
      const ref = c.req.param('id')!
      const visitor = await findIn(options, ref, site)
      if (!visitor) return fail(c, NO_VISITOR)
      // The id of one who was merged is theirs alone; any other name leads to the survivor.
      const ends = (await writer.unmerge(ref, now())) ?? (await writer.unmerge(visitor.id, now()))
      if (!ends) return fail(c, NOT_MERGED)
      return c.json({ from: await showIn(options, ends.from), into: await showIn(options, ends.into) })
    },
  ),
]
