/** Which site and days a view looks at, in the address. */
import { expect, it } from 'vitest'
import { parsePlace } from '../../collector/dashboard/router.ts'
import { daysBefore, daysOf, reportPath, scopedHref, scopeOf } from '../../collector/dashboard/state/scope.ts'

const NOON = Date.UTC(2026, 2, 31, 12)
const scope = (query: string) => scopeOf(new URLSearchParams(query))

it.each(['', 'site=shop', 'period=30d', 'site=shop&from=2026-01-01&to=2026-01-31'])(
  'carries %j there and back',
  (query) => {
    const { path, query: carried } = parsePlace(scopedHref('/funnel', scope(query)))
    expect([path, scopeOf(carried)]).toEqual(['/funnel', scope(query)])
  },
)

it('takes the usual days where none, or no possible ones, are named', () => {
  for (const query of [
    '',
    'period=x',
    'period=constructor',
    'from=2026-02-02&to=2026-01-01',
    'from=2026-13-01&to=2027-01-01',
  ])
    expect(scope(query).period).toBe('90d')
})

it('counts the days up to today, today with them', () => {
  expect(daysOf(scope('period=7d'), NOON)).toEqual({ from: '2026-03-25', to: '2026-03-31' })
  expect(daysBefore(scope('period=7d'), NOON)).toEqual({ from: '2026-03-18', to: '2026-03-24' })
})

it('asks a report for the first instant, and the first one after', () => {
  const days = daysOf(scope('from=2026-02-28&to=2026-02-28'), NOON)
  const { searchParams } = new URL(reportPath('funnel', days, 'a&b'), 'http://x')
  expect([...searchParams]).toEqual([
    ['from', '2026-02-28T00:00:00Z'],
    ['to', '2026-03-01T00:00:00Z'],
    ['site', 'a&b'],
  ])
})

it('compares with as many days just before', () => {
  expect(daysBefore(scope('from=2026-03-01&to=2026-03-31'), NOON)).toEqual({ from: '2026-01-29', to: '2026-02-28' })
})
