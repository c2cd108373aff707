// @vitest-environment happy-dom
/** The small line of the last weeks, today's figures, and what is said aloud of a new SQL. */
import { beforeEach, expect, it, vi } from 'vitest'
import { trendPath } from '../../collector/dashboard/parts/trend.tsx'
import { notice } from '../../collector/dashboard/state/alerts.ts'
import { receive } from '../../collector/dashboard/state/receive.ts'
import { todayOf } from '../../collector/dashboard/state/today.ts'
import { extendTrend, pointsOf, trendOf, wantTrend } from '../../collector/dashboard/state/trends.ts'
import type { FunnelReport } from '../../shared/answer-reports.ts'
import { historyOf } from './fake-history.ts'
import { makePerson } from './fake-people.ts'
import { reportOf } from './fake-reports.ts'

const NOW = Date.UTC(2026, 2, 31)
const DAY = 86_400_000

beforeEach(() => vi.unstubAllGlobals())

it('draws from where the weeks begin to now, higher for a higher score', () => {
  const path = trendPath(
    [
      { at: NOW - 60 * DAY, score: 0 },
      { at: NOW - 15 * DAY, score: 40 },
    ],
    NOW,
  )
  expect(path).toBe('M0.0 27.0L50.0 1.0L100 1.0')
})

it('draws nothing of a single point', () => expect(trendPath([{ at: NOW, score: 3 }], NOW)).toBeUndefined())

it('ends at the score of the list', () => {
  const person = makePerson(3, NOW)
  expect(pointsOf(historyOf(person, NOW).items).at(-1)?.score).toBeCloseTo(person.visitor.score)
})

it('goes on live where it ended, and not where nothing is known', () => {
  trendOf('a').value = [{ at: 1, score: 2 }]
  extendTrend('a', 9, 3)
  extendTrend('b', 9, 3)
  expect([trendOf('a').value, trendOf('b').value]).toEqual([
    [
      { at: 1, score: 2 },
      { at: 3, score: 9 },
    ],
    undefined,
  ])
})

it('asks at once about all who come into sight together, and not about whom one has scrolled past by then', async () => {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(new URLSearchParams(path.split('?')[1]).get('ids')!)
    const trend = [{ at: new Date(NOW).toISOString(), score: 7 }]
    return Response.json({ items: [{ id: 'd', trend }] })
  })
  const [, , leave] = ['c', 'd', 'e', 'f'].map(wantTrend)
  leave!()
  await vi.waitFor(() => expect(trendOf('f').value).toEqual([]))
  expect(trendOf('d').value).toEqual([{ at: NOW, score: 7 }])
  wantTrend('g')
  wantTrend('d')
  await vi.waitFor(() => expect(trendOf('g').value).toEqual([]))
  expect(asked).toEqual(['c,d,f', 'g'])
})

it('adds up today over the versions of the model', () => {
  const query = new URLSearchParams({ from: '2026-03-30T00:00:00Z', to: '2026-03-31T00:00:00Z' })
  const report = reportOf('funnel', query, [makePerson(0, NOW)]) as FunnelReport
  const { newcomers, reached, standing } = todayOf(report)
  const sums = report.models.map(({ qualifications }) => qualifications.find(({ to }) => to === 'sql')!.count)
  expect([newcomers, reached.sql]).toEqual([report.stages[0]!.entered, sums[0]! + sums[1]!])
  expect([...standing.values()].reduce((a, b) => a + b)).toBe(1)
})

it.each([
  ['sql', 1],
  ['mql', 0],
] as const)('shows a notice of who becomes an %s: %d', (to, times) => {
  const shown = vi.fn()
  vi.stubGlobal('Notification', function Notice(title: string, { body }: { body: string }) {
    shown(title, body)
  })
  notice.value = true
  const turn = { visitor: 'x', site: 'default', at: '2026-03-10T12:00:00Z', what: 'qualification' } as const
  receive([{ name: 'transition', ...turn, from: 'iql', to, rule: 'r', score: 51 }])
  expect(shown).toHaveBeenCalledTimes(times)
  notice.value = false
})
