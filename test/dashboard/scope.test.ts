/** Which site and days a view looks at, in the address. */
import { expect, it } from 'vitest'
import { parsePlace } from '../../collector/dashboard/router.ts'
import { daysBefore, daysOf, instantsOf, scopedHref, scopeOf } from '../../collector/dashboard/state/scope.ts'

const NOON = new Date(2026, 2, 31, 12).getTime()
const scope = (query: string) => scopeOf(new URLSearchParams(query))

it.each(['', 'site=shop', 'period=90d', 'site=shop&from=2026-01-01&to=2026-01-31'])(
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
    expect(scope(query).period).toBe('30d')
})

it('counts the days up to today, today with them', () => {
  expect(daysOf(scope('period=7d'), NOON)).toEqual({ from: '2026-03-25', to: '2026-03-31' })
  expect(daysBefore(scope('period=7d'), NOON)).toEqual({ from: '2026-03-18', to: '2026-03-24' })
})

it('goes from the first midnight to that after the last day', () => {
  const { from, to } = instantsOf(scope('from=2026-01-05&to=2026-01-05'), NOON)
  expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000)
  expect(new Date(from).getHours()).toBe(0)
})

it('compares with as many days just before', () => {
  expect(daysBefore(scope('from=2026-03-01&to=2026-03-31'), NOON)).toEqual({ from: '2026-01-29', to: '2026-02-28' })
})
