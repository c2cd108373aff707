/** What every view looks at: which site and which days. In the address, and carried from view to view. */
import { href } from '../router.ts'

const DAY = 86_400_000

/** Days up to today; `custom` has its own ends. */
export const PERIODS = { '7d': 7, '30d': 30, '90d': 90, '365d': 365 } as const
export type Period = keyof typeof PERIODS | 'custom'
/** Long enough that for most the time in which moving on counts is over. */
const USUAL: Period = '90d'

export interface Scope {
  /** Empty: all. */
  readonly site: string
  readonly period: Period
  /** Days as `2026-03-31`, of a period of one's own; else empty. */
  readonly from: string
  readonly to: string
}

const dayIn = (text: string | null): string =>
  /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') && Number.isFinite(Date.parse(text!)) ? text! : ''

export const scopeOf = (query: URLSearchParams): Scope => {
  const site = query.get('site') ?? ''
  const [from, to] = [dayIn(query.get('from')), dayIn(query.get('to'))]
  if (from && to && from <= to) return { site, period: 'custom', from, to }
  const named = query.get('period') ?? ''
  const period = Object.hasOwn(PERIODS, named) ? (named as Period) : USUAL
  return { site, period, from: '', to: '' }
}

export const scopeQuery = ({ site, period, from, to }: Scope): readonly (readonly [string, string])[] => [
  ['site', site],
  ['period', period === USUAL || period === 'custom' ? '' : period],
  ['from', from],
  ['to', to],
]

/** The address of a view that looks at the same site and days. */
export const scopedHref = (path: string, scope: Scope, more: Iterable<readonly [string, string]> = []): string =>
  href(path, [...scopeQuery(scope), ...more])

/** Days are those of UTC, as in the reports: they are counted by the day. */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** First and last day. */
export const daysOf = ({ period, from, to }: Scope, now: number): { readonly from: string; readonly to: string } =>
  period === 'custom' ? { from, to } : { from: dayOf(now - (PERIODS[period] - 1) * DAY), to: dayOf(now) }

/** As many days just before, to compare with. */
export const daysBefore = (scope: Scope, now: number): { readonly from: string; readonly to: string } => {
  const { from, to } = daysOf(scope, now)
  const start = Date.parse(from)
  return { from: dayOf(start - (Date.parse(to) - start) - DAY), to: dayOf(start - DAY) }
}

/** A report's address. It takes the first instant, and the first one after. */
export const reportPath = (
  name: string,
  { from, to }: { readonly from: string; readonly to: string },
  site: string,
): string => {
  const query = new URLSearchParams({ from: `${from}T00:00:00Z`, to: `${dayOf(Date.parse(to) + DAY)}T00:00:00Z` })
  if (site) query.set('site', site)
  return `/api/reports/${name}?${query}`
}
