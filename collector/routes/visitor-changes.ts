/** What people decide about a visitor: feedback of sales, points by hand, who is whom. All of it is part of the log. */
import { randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { GROUPS } from '../../shared/answer.ts'
import { VERDICTS, type VisitorEvent } from '../../shared/event.ts'
import type { Profiles } from '../profiles.ts'
import type { StoredVisitor, Views } from '../store/store.ts'
import type { Commands } from '../writer.ts'
import { readJson } from './body.ts'
import { badRequest, type Fault, fail, NO_VISITOR } from './failure.ts'

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

export const visitorChangeRoutes = ({ writer, views, profiles, now }: VisitorChangesOptions): Hono => {
  const app = new Hono()
  const find = (c: Context, ref: string): Promise<StoredVisitor | undefined> =>
    views.visitor(ref, Site.safeParse(c.req.query()).data?.site)
  /** As they are now that it is written. */
  const show = async (id: string) => {
    const visitor = await views.visitor(id)
    return visitor && profiles.show(visitor, now())
  }

  const tell = async (c: Context, deed: Deed): Promise<Response> => {
    const visitor = await find(c, c.req.param('id')!)
    const event = { id: randomUUID(), at: now(), source: 'server', ...deed } as VisitorEvent
    return visitor && (await writer.tell(visitor.id, event)) ? c.json(await show(visitor.id)) : fail(c, NO_VISITOR)
  }

  app.post('/:id/feedback', async (c) => {
    const body = Feedback.safeParse(await readJson(c))
    return body.success ? tell(c, { type: 'feedback', ...body.data }) : fail(c, badRequest(body.error))
  })
  app.post('/:id/adjust', async (c) => {
    const body = Adjust.safeParse(await readJson(c))
    return body.success ? tell(c, { type: 'adjust', ...body.data }) : fail(c, badRequest(body.error))
  })

  app.post('/merge', async (c) => {
    const body = Merge.safeParse(await readJson(c))
    if (!body.success) return fail(c, badRequest(body.error))
    const [from, into] = await Promise.all([find(c, body.data.from), find(c, body.data.into)])
    if (!from || !into) return fail(c, NO_VISITOR)
    return (await writer.merge(from.id, into.id, now())) ? c.json(await show(into.id)) : fail(c, NOT_MERGEABLE)
  })
  app.post('/:id/unmerge', async (c) => {
    const ref = c.req.param('id')
    const visitor = await find(c, ref)
    if (!visitor) return fail(c, NO_VISITOR)
    // The id of one who was merged is theirs alone; any other name leads to the survivor.
    const ends = (await writer.unmerge(ref, now())) ?? (await writer.unmerge(visitor.id, now()))
    return ends ? c.json({ from: await show(ends.from), into: await show(ends.into) }) : fail(c, NOT_MERGED)
  })
  return app
}

const NOT_MERGEABLE: Fault = {
  status: 409,
  code: 'not_mergeable',
  message: 'Those two are one already, or of different sites.',
}
const NOT_MERGED: Fault = { status: 409, code: 'not_merged', message: 'Nobody is merged into this visitor.' }
