/** The arithmetic of speed to lead. */
import { expect, it } from 'vitest'
import { type Answered, slaRows } from '../../shared/sla-report.ts'

const MINUTE = 60_000
const lead = (minutes: number | undefined, rest: Partial<Answered> = {}): Answered => ({
  ...{ kind: 'sql', modelVersion: 1, at: 1000, wasInTouch: false, outcome: undefined },
  touchedAt: minutes === undefined ? undefined : 1000 + minutes * MINUTE,
  ...rest,
})

it('of nobody is nothing', () => {
  expect(slaRows([])).toEqual([])
})

it('tells the median of those who were answered, and shares of those who waited', () => {
  const waits = [2, 5, 5.1, 60, 61, 24 * 60, 24 * 60 + 1, undefined].map((minutes) => lead(minutes))
  const [row] = slaRows([...waits, lead(0, { wasInTouch: true })])
  expect(row).toMatchObject({ leads: 9, inTouch: 1, touched: 7, never: 1, medianSeconds: 60 * 60 })
  expect(row!.shares).toEqual({ within5Minutes: 2 / 8, within1Hour: 4 / 8, within24Hours: 6 / 8, never: 1 / 8 })
})

it('tells no speed of those with whom sales was in touch before', () => {
  const [row] = slaRows([lead(1, { wasInTouch: true })])
  expect(row).toMatchObject({ leads: 1, inTouch: 1, touched: 0, never: 0, medianSeconds: null })
  expect(row!.shares).toEqual({ within5Minutes: null, within1Hour: null, within24Hours: null, never: null })
})

it('of an even number the median is between the two in the middle', () => {
  expect(slaRows([lead(1), lead(4)])[0]!.medianSeconds).toBe(150)
})

it('tells how many of those judged were good, apart by kind and version', () => {
  const judged = (outcome: Answered['outcome'], rest: Partial<Answered> = {}) => lead(1, { outcome, ...rest })
  const rows = slaRows([
    judged('good'),
    judged('bad'),
    judged('bad'),
    judged(undefined),
    judged('good', { modelVersion: 2 }),
    judged(undefined, { kind: 'mql' }),
    judged('good', { kind: 'handRaise', modelVersion: 2 }),
  ])
  expect(
    rows.map(({ kind, modelVersion, judged, good, precision }) => [kind, modelVersion, judged, good, precision]),
  ).toEqual([
    ['handRaise', 2, 1, 1, 1],
    ['sql', 1, 3, 1, 1 / 3],
    ['sql', 2, 1, 1, 1],
    ['mql', 1, 0, 0, null],
  ])
})
