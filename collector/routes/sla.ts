/** `GET /api/reports/sla`: how soon sales answers, and how many of its leads are worth it. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { SlaReport } from '../../shared/answer-handoff.ts'
import { isoOf } from '../../shared/present.ts'
import { type Answered, slaRows } from '../../shared/sla-report.ts'
import type { Leads } from '../store/store.ts'
import { Instant, Until } from './days.ts'
import { type Route, route } from './route.ts'

export interface SlaOptions {
  readonly leads: Leads['leads']
  readonly now: () => number
}

/** Leads read between two chances for others. */
const SLICE = 1000
const DAY = 86_400_000

const Query = z
  .object({ from: Instant.optional(), to: Until.optional(), site: z.string().max(100).optional() })
  .refine(({ from = 0, to = Number.POSITIVE_INFINITY }) => from <= to, { path: ['from'], message: 'is after `to`' })

export const slaRoutes = ({ leads, now }: SlaOptions): readonly Route[] => [
  route(
    {
      method: 'GET',
      path: '/api/reports/sla',
      who: 'read',
      about: 'How soon sales answers its leads, and how many of them are worth it.',
      query: Query,
      answers: { 200: { about: 'Of the last 90 days where none are named.', schema: SlaReport } },
    },
    async ({ c, query: { to = now(), from = to - 90 * DAY, site } }) => {
      const all: Answered[] = []
      for (let after: number | undefined = 0; after !== undefined; await nextTurn()) {
        const page: Awaited<ReturnType<SlaOptions['leads']>> = await leads({ from, to, site, after, limit: SLICE })
        all.push(...page.items)
        after = page.next
      }
      return c.json({ from: isoOf(from), to: isoOf(to), items: slaRows(all) })
    },
  ),
]
