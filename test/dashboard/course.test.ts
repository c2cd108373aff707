/** The geometry of a score over time. */
import { expect, it } from 'vitest'
import { courseOf, HEIGHT, momentAt, pathsOf, staysOf, WIDTH, xOf } from '../../collector/dashboard/course.ts'
import { historyOf } from './fake-history.ts'
import { makePerson } from './fake-people.ts'

const NOW = Date.UTC(2026, 2, 31)
const DAY = 86_400_000
const course = (n = 0) => courseOf(historyOf(makePerson(n, NOW), NOW))!

it('has no picture of nothing', () => expect(courseOf({ items: [] })).toBeUndefined())

it('ends now, at the score there is', () => {
  const { visitor } = makePerson(0, NOW)
  expect(course().to).toBe(NOW)
  expect(course().moments.at(-1)!.score).toBeCloseTo(visitor.score)
})

it('leaves room above the highest score, and goes from edge to edge', () => {
  const drawn = course()
  const { areas, line } = pathsOf(drawn)
  const places = [...line.matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const)
  expect(Math.min(...places.map(([, y]) => y))).toBeGreaterThan(0)
  expect([places[0]![0], places.at(-1)![0]]).toEqual([0, WIDTH])
  expect(areas.map(({ group }) => group)).toEqual(['discover', 'engage', 'evaluate', 'intent'])
})

it('stacks the groups up to the line, where nothing was taken away', () => {
  const drawn = course()
  const last = drawn.moments.at(-1)!
  const top = pathsOf(drawn)
    .areas.at(-1)!
    .path.split('L')
    .find((place) => place.startsWith(`${WIDTH}.0 `))!
  const height = HEIGHT - (last.score / drawn.top) * HEIGHT
  expect(Number(top.split(' ')[1])).toBeCloseTo(height, 0)
})

it('fades between two changes by the same part in the same time', () => {
  const groups = { discover: 0, engage: 0, evaluate: 0, intent: 40, penalty: 0 }
  const start = { at: new Date(NOW).toISOString(), score: 40, groups, stage: 'intent', qualification: 'iql' } as const
  const end = { ...start, at: new Date(NOW + 28 * DAY).toISOString(), score: 10, groups: { ...groups, intent: 10 } }
  const drawn = courseOf({ items: [start, end] })!
  expect(momentAt(drawn, NOW + 14 * DAY).score).toBeCloseTo(20)
  expect(momentAt(drawn, NOW - DAY).score).toBe(40)
  expect(momentAt(drawn, NOW + 99 * DAY).score).toBe(10)
  expect(xOf(drawn, NOW + 14 * DAY)).toBe(WIDTH / 2)
})

it('puts the stages one after another without a gap', () => {
  for (let n = 0; n < 20; n++) {
    const drawn = course(n)
    const stays = staysOf(drawn)
    expect(stays[0]!.from).toBe(drawn.from)
    expect(stays.at(-1)!.to).toBe(drawn.to)
    for (const [i, { to }] of stays.slice(0, -1).entries()) expect(to).toBe(stays[i + 1]!.from)
  }
})
