/** What counts of visitors say: rates of those whose window has closed, and how much above the average they are. */
import type { Period } from './answer-reports.ts'
import { quantileOf } from './bucket.ts'
import { DAY } from './calendar.ts'
import { dayOf, SIGHT_ENDS } from './contribution.ts'
import { isoOf } from './present.ts'
import { WINDOW, WINDOW_DAYS } from './seen.ts'

/** Counts of one kind within a span of days: all of them, and those of days whose window has closed. */
export interface CountRow {
  readonly of: string
  readonly end: string
  readonly n: number
  readonly closed: number
}

/** Days since 1970, UTC; `to` and `closed` are the first that are not within. */
export interface Days {
  readonly from: number
  readonly to: number
  readonly closed: number
}

/** Fewer people say nothing. */
export const MIN_PEOPLE = 25

/** Days whose last visitor has had the whole window by `now`. */
export const closedBefore = (now: number): number => dayOf(now - WINDOW)

export const periodOf = (
  { from, to, closed }: Days,
  { site, modelVersion }: { readonly site?: string | undefined; readonly modelVersion: number },
): Period => ({
  from: isoOf(from * DAY),
  to: isoOf(to * DAY),
  site: site ?? null,
  windowDays: WINDOW_DAYS,
  closedUntil: isoOf(Math.max(from, Math.min(to, closed)) * DAY),
  modelVersion,
})

export const rateOf = (some: number, all: number): number | null => (all > 0 ? some / all : null)

/** A rate against the average, as if one person more had behaved like the average. */
export const liftOf = (some: number, all: number, average: number | null): number | null =>
  average === null || average === 0 ? null : (some + average) / (all + 1) / average

/** Ends that say that it came true: they moved on, they became an SQL. */
export const CAME_TRUE: ReadonlySet<string> = new Set(['1', SIGHT_ENDS.again[1]])

/** Those of whom something is counted, and of whom it came true. */
export interface Group {
  readonly people: number
  readonly closed: number
  /** Of the closed. */
  readonly moved: number
}

export const groupOf = (rows: readonly CountRow[]): Group => ({
  people: rows.reduce((sum, { n }) => sum + n, 0),
  closed: rows.reduce((sum, { closed }) => sum + closed, 0),
  moved: rows.filter(({ end }) => CAME_TRUE.has(end)).reduce((sum, { closed }) => sum + closed, 0),
})

export const passageOf = (rows: readonly CountRow[], of: string): Group => groupOf(rows.filter((row) => row.of === of))

/** Of the closed, how many took about how long. */
export const lengthsOf = (rows: readonly CountRow[], of: string): ReadonlyMap<number, number> => {
  const lengths = new Map<number, number>()
  for (const row of rows)
    if (row.of === of) lengths.set(Number(row.end), (lengths.get(Number(row.end)) ?? 0) + row.closed)
  return lengths
}

/** Median and ninth decile, in seconds. */
export const speedOf = (lengths: ReadonlyMap<number, number>) => {
  const seconds = (share: number): number | null => {
    const ms = quantileOf(lengths, share)
    return ms === undefined ? null : Math.round(ms / 1000)
  }
  return {
    moved: [...lengths.values()].reduce((sum, n) => sum + n, 0),
    medianSeconds: seconds(0.5),
    p90Seconds: seconds(0.9),
  }
}
