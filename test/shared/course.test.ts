/** The course of a score, point by point. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { courseOf, momentsOf } from '../../shared/course.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { scoreAt } from '../../shared/score.ts'
import { createFold } from '../../shared/visitor.ts'
import { DAY, day, page, told, track } from './given.ts'
import { eventsOf, history } from './histories.ts'

const fold = createFold(DEFAULT_MODEL)
const course = (events: Parameters<typeof told>[0], from: number, to: number) =>
  courseOf(momentsOf(fold, events, to), from, to).map(({ at, moment }) => ({
    days: (at - day(0)) / DAY,
    score: scoreAt(moment.heat, at, DEFAULT_MODEL),
    stage: moment.stage,
  }))

describe('the course of a score', () => {
  const events = [page(0, 'pricing'), track(7, 'demo_request')]

  it('has two points at a change: what it found, and what it left', () => {
    const change = course(events, day(0), day(20)).filter(({ days }) => days === 7)
    expect(change.map(({ stage }) => stage)).toEqual(['awareness', 'intent'])
    expect(change[0]!.score).toBeCloseTo(6.5 * Math.SQRT1_2, 9)
    expect(change[1]!.score - change[0]!.score).toBeCloseTo(48, 9) // 45 and another day
  })

  it('starts where they were first seen, and may look ahead to what time alone will do', () => {
    const points = course(events, day(-9), day(200))
    expect(points[0]).toEqual({ days: 0, score: 6.5, stage: 'awareness' })
    expect(points.at(-1)).toMatchObject({ days: 200, stage: 'awareness' })
    expect(new Set(points.map(({ stage }) => stage))).toEqual(
      new Set(['awareness', 'intent', 'evaluation', 'interest']),
    )
  })

  it('is empty before they were there', () => expect(course(events, day(-9), day(-1))).toEqual([]))

  it('may be of one instant', () => expect(course(events, day(7), day(7))).toHaveLength(1))

  it('tells at every point what was true then, in order, in no more than so many', () => {
    fc.assert(
      fc.property(
        history(25),
        fc.integer({ min: -5, max: 90 }),
        fc.integer({ min: 0, max: 90 }),
        (steps, start, span) => {
          const all = eventsOf(steps)
          const points = courseOf(momentsOf(fold, all, day(start + span)), day(start), day(start + span))
          expect(points.map(({ at }) => at)).toEqual(points.map(({ at }) => at).toSorted((a, b) => a - b))
          for (const [i, { at, moment }] of points.entries()) {
            if (i % 20 > 0 || points[i + 1]?.at === at) continue
            const then = told(all, (at - day(0)) / DAY)
            expect(scoreAt(moment.heat, at, DEFAULT_MODEL)).toBeCloseTo(then.score, 9)
            expect([moment.stage, moment.qualification]).toEqual([then.stage, then.qualification])
          }
        },
      ),
      { numRuns: process.env.GATES === 'full' ? 2000 : 100 },
    )
  })

  it('stays bounded for the busiest of visitors', () => {
    const busy = Array.from({ length: 5000 }, (_, i) => track(i / 100, 'chat_message', { id: `b${i}` }))
    const pages = Array.from({ length: 5000 }, (_, i) => page(i / 100, undefined, { id: `p${i}` }))
    expect(course([...busy, ...pages], day(0), day(50)).length).toBeLessThanOrEqual(800)
  })
})
