/** `GET /api/reports/sla`: how soon sales answers, and how many of its leads are worth it. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Hono } from 'hono'
import { z } from 'zod'
import { isoOf } from '../../shared/present.ts'
import { type Answered, slaRows } from '../../shared/sla-report.ts'
import type { Leads } from '../store/store.ts'
import { badRequest, fail } from './failure.ts'

export interface SlaOptions {
  readonly leads: Leads['leads']
  readonly now: () => number
}

/** Leads read between two chances for others. */
const SLICE = 1000
const DAYS = 90 * 86_400_000

const Instant = z.union([z.iso.datetime({ offset: true }), z.iso.date()]).transform((text) => Date.parse(text))
const Query = z
  .object({ from: Instant.optional(), to: Instant.optional(), site: z.string().max(100).optional() })
  .refine(({ from = 0, to = Number.POSITIVE_INFINITY }) => from <= to, { path: ['from'], message: 'is after `to`' })

export const slaRoutes = ({ leads, now }: SlaOptions): Hono => {
  const app = new Hono()
  app.get('/sla', async (c) => {
    const query = Query.safeParse(c.req.query())
    if (!query.success) return fail(c, badRequest(query.error))
    const { to = now(), from = to - DAYS, site } = query.data
    const all: Answered[] = []
    for (let after: number | undefined = 0; after !== undefined; await nextTurn()) {
      const page: Awaited<ReturnType<SlaOptions['leads']>> = await leads({ from, to, site, after, limit: SLICE })
      all.push(...page.items)
      after = page.next
    }
    return c.json({ from: isoOf(from), to: isoOf(to), items: slaRows(all) })
  })
  return app
}
