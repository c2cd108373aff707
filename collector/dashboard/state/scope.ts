/** What every view looks at: which site and which days. In the address, and carried from view to view. */
import { href } from '../router.ts'

const DAY = 86_400_000

/** Days up to today; `custom` has its own ends. */
export const PERIODS = { '7d': 7, '30d': 30, '90d': 90, '365d': 365 } as const
export type Period = keyof typeof PERIODS | 'custom'
const USUAL: Period = '30d'

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

const dayOf = (at: number): string => {
  const date = new Date(at)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** First and last day, as the calendar of the reader has them. */
export const daysOf = ({ period, from, to }: Scope, now: number): { readonly from: string; readonly to: string } =>
  period === 'custom' ? { from, to } : { from: dayOf(now - (PERIODS[period] - 1) * DAY), to: dayOf(now) }

/** The instants between which things happened: from the first midnight to that after the last day. */
export const instantsOf = (scope: Scope, now: number): { readonly from: string; readonly to: string } => {
  const { from, to } = daysOf(scope, now)
  const end = new Date(`${to}T00:00`)
  end.setDate(end.getDate() + 1)
  return { from: new Date(`${from}T00:00`).toISOString(), to: end.toISOString() }
}

/** As many days just before, to compare with. */
export const daysBefore = (scope: Scope, now: number): { readonly from: string; readonly to: string } => {
  const { from, to } = daysOf(scope, now)
  const start = Date.parse(`${from}T12:00`)
  const length = Date.parse(`${to}T12:00`) - start
  return { from: dayOf(start - length - DAY), to: dayOf(start - DAY) }
}
