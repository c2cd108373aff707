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
import { type Route, route } from './route.ts'

export interface ReportRoutesOptions {
  readonly reports: Reports
  readonly now: () => number
}

/** Days looked at where none are named. */
const DAYS = 90

/** The day something falls on, and whether that is all that was said. */
const Day = z.union([
  z.iso.date().transform((text) => ({ at: Date.parse(text), isWhole: true })),
  z.iso.datetime({ offset: true }).transform((text) => ({ at: Date.parse(text), isWhole: false })),
])
const Query = z
  .object({
    from: Day.transform(({ at }) => Math.floor(at / DAY)).optional(),
    /** A bare date is within; of an instant, the day it falls on. */
    to: Day.transform(({ at, isWhole }) => (isWhole ? at / DAY + 1 : Math.ceil(at / DAY))).optional(),
    site: z.string().max(100).optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ['from'],
    message: 'is not before `to`',
  })

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
