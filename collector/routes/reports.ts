/** `GET /api/reports/…`: what all visitors together tell, day by day. */
import { z } from 'zod'
import {
  ContentReport,
  FunnelReport,
  SignalsReport,
  SourcesReport,
  VelocityReport,
} from '../../shared/answer-reports.ts'
import { DAY } from '../../shared/calendar.ts'
import type { Reports } from '../reports.ts'
import { DaysQuery, isSpan, NO_SPAN } from './days.ts'
import { type Route, route } from './route.ts'

export interface ReportRoutesOptions {
  readonly reports: Reports
  readonly now: () => number
}

/** Days looked at where none are named. */
const DAYS = 90

const Query = z
  .object({ ...DaysQuery, site: z.string().max(100).optional() })
  .refine(isSpan, { path: ['from'], message: NO_SPAN })

const ABOUT = {
  funnel: [FunnelReport, 'Who entered each stage, how many moved on, from which source, under which model.'],
  velocity: [VelocityReport, 'How long people stay at a stage, and until they qualify.'],
  content: [ContentReport, 'What people saw before they moved on, and pages that say nothing yet.'],
  sources: [SourcesReport, 'Where visitors came from, and how far they came.'],
  signals: [SignalsReport, 'Which signals tell who becomes a lead.'],
} as const

export const reportRoutes = ({ reports, now }: ReportRoutesOptions): readonly Route[] =>
  (Object.keys(ABOUT) as (keyof typeof ABOUT)[]).map((name) => {
    const [schema, about] = ABOUT[name]
    const answers = { 200: { about: 'Whole days, UTC; the last 90 where none are named.', schema } }
    return route(
      { method: 'GET', path: `/api/reports/${name}`, who: 'read', about, query: Query, answers },
      async ({ c, query: { from, to = Math.floor(now() / DAY) + 1, site } }) =>
        c.json(await reports[name]({ from: from ?? to - DAYS, to, site })),
    )
  })
