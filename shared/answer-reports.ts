/** What the reports answer. Cohorts: who first entered in the period; rates: of those whose window has closed. */
import { z } from 'zod'
import { GROUPS, QUALIFICATIONS, STAGES } from './answer.ts'
import { FUNNELS } from './event.ts'

const Instant = z.iso.datetime()
const Count = z.number().int().min(0)
/** 0 to 1; null where nobody could be counted. */
const Rate = z.number().min(0).max(1).nullable()
/** How many times the average, with one average person added; null where there is no average. */
const Lift = z.number().min(0).nullable()
const Seconds = z.number().min(0).nullable()

/** What a report is about. Whole days, UTC: `from` is the first instant, `to` the first one after. */
export const Period = z.object({
  from: Instant,
  to: Instant,
  /** Null: all sites. */
  site: z.string().nullable(),
  /** Moving on counts when it happens within so many days. */
  windowDays: z.number().int(),
  /** Who entered before this has had the whole window: only they are in a denominator. */
  closedUntil: Instant,
  /** The version by which stages were given. */
  modelVersion: z.number().int(),
})
export type Period = z.infer<typeof Period>

/** Those who entered, and what became of them. */
const Cohort = {
  /** First entered in the period. */
  entered: Count,
  /** Of these, whose window has closed. */
  closed: Count,
  /** Of the closed, who moved on within the window. */
  moved: Count,
  /** moved ÷ closed. */
  rate: Rate,
  /** Who are there at present, whenever they came. */
  now: Count,
}

/** A source of visitors by their first touch, and how far they came within the window. */
export const SourceRow = z.object({
  medium: z.string(),
  source: z.string().nullable(),
  /** First seen in the period. */
  visitors: Count,
  closed: Count,
  /** Of the closed, within the window of being first seen. */
  reached: z.object({
    interest: Count,
    evaluation: Count,
    intent: Count,
    conversion: Count,
    relationship: Count,
    mql: Count,
    sql: Count,
    customer: Count,
  }),
})
export type SourceRow = z.infer<typeof SourceRow>

export const FunnelReport = z.object({
  period: Period,
  stages: z.array(z.object({ stage: z.enum(STAGES), funnel: z.enum(FUNNELS), ...Cohort })),
  funnels: z.array(z.object({ funnel: z.enum(FUNNELS), ...Cohort })),
  /** The most visitors first, 50 at most. */
  sources: z.array(SourceRow),
  /** What was recorded in the period as it happened, by the version of that time. */
  models: z.array(
    z.object({
      modelVersion: z.number().int(),
      stages: z.array(z.object({ to: z.enum(STAGES), count: Count })),
      qualifications: z.array(z.object({ to: z.enum(QUALIFICATIONS), count: Count })),
    }),
  ),
})
export type FunnelReport = z.infer<typeof FunnelReport>

/** How long it took those of the closed cohort who moved on, whenever they did. Within 5 % of the exact figure. */
const Speed = { closed: Count, moved: Count, medianSeconds: Seconds, p90Seconds: Seconds }

export const VelocityReport = z.object({
  period: Period,
  /** From first entering a stage to first entering the next. */
  stages: z.array(z.object({ stage: z.enum(STAGES), ...Speed })),
  funnels: z.array(z.object({ funnel: z.enum(FUNNELS), ...Speed })),
  /** From being first seen. */
  qualifications: z.array(z.object({ qualification: z.enum(['mql', 'sql', 'customer']), ...Speed })),
})
export type VelocityReport = z.infer<typeof VelocityReport>

export const ContentReport = z.object({
  period: Period,
  /** What was seen by fewer people is not shown: it says nothing. */
  minPeople: z.number().int(),
  /** The average that a lift is compared with. */
  stages: z.array(z.object({ stage: z.enum(STAGES), people: Count, moved: Count, rate: Rate })),
  /** By stage at which it was seen; the greatest lift first. */
  items: z.array(
    z.object({
      path: z.string(),
      kind: z.enum(['page', 'download']),
      /** How its meaning is known: by a tag, by a page rule, not at all. */
      tagged: z.enum(['tag', 'rule', 'none']),
      signal: z.string().nullable(),
      stage: z.enum(STAGES),
      /** Of the closed cohort of that stage, who saw it there before they moved on. */
      people: Count,
      /** people ÷ all of that stage. */
      share: Rate,
      moved: Count,
      rate: Rate,
      lift: Lift,
    }),
  ),
  /** Rows left out for having fewer people than `minPeople`. */
  hidden: Count,
  /** Pages that are seen and say nothing yet; the most people first, 50 at most. */
  untagged: z.array(
    z.object({
      path: z.string(),
      people: Count,
      suggestion: z.object({ funnel: z.enum(FUNNELS), signal: z.string().nullable(), why: z.string() }),
      /** The line to paste into the page's head. */
      line: z.string(),
    }),
  ),
})
export type ContentReport = z.infer<typeof ContentReport>

export const SourcesReport = z.object({
  period: Period,
  minPeople: z.number().int(),
  /** All sources together: the average that a lift is compared with. */
  base: z.object({ closed: Count, sql: Count, rate: Rate }),
  /** The most visitors first, 200 at most. `rate` and `lift` of becoming an SQL; null below `minPeople`. */
  items: z.array(SourceRow.extend({ rate: Rate, lift: Lift })),
  /** Sources left out beyond the 200. */
  hidden: Count,
})
export type SourcesReport = z.infer<typeof SourcesReport>

export const SignalsReport = z.object({
  period: Period,
  minPeople: z.number().int(),
  /** Everybody first seen in the period: the average that a lift is compared with. */
  base: z.object({ closed: Count, sql: Count, rate: Rate }),
  /** By lift, the greatest first. */
  items: z.array(
    z.object({
      signal: z.string(),
      group: z.enum(GROUPS).nullable(),
      /** Showed it for the first time in the period, and were no SQL before. */
      people: Count,
      closed: Count,
      /** Of the closed, who became an SQL within the window of showing it. */
      sql: Count,
      rate: Rate,
      lift: Lift,
    }),
  ),
  /** Signals left out for having fewer people than `minPeople`. */
  hidden: Count,
})
export type SignalsReport = z.infer<typeof SignalsReport>
