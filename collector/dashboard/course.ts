/** The geometry of a score over time: stacked groups, the line above them, the stages behind. Times are epoch ms. */
import type { History } from '../../shared/answer.ts'
import { GROUPS, type Group, type Stage } from './scale.ts'

/** The picture's own measure; it is stretched to the place there is. */
export const [WIDTH, HEIGHT] = [1000, 300]

export interface Moment {
  readonly at: number
  readonly score: number
  readonly groups: Readonly<Record<Group, number>>
  readonly stage: Stage
}

export interface Course {
  readonly from: number
  readonly to: number
  /** The score at the upper edge: a round figure. */
  readonly top: number
  readonly moments: readonly Moment[]
}

/** Groups that are stacked; what a penalty takes shows as the line below their sum. */
export const STACKED: readonly Group[] = GROUPS.filter((group) => group !== 'penalty')

const HOUR = 3_600_000
/** Between two changes points fade along a curve: drawn as so many short lines at most. */
const STEPS = 12

export const courseOf = ({ items }: Pick<History, 'items'>): Course | undefined => {
  const moments = items.map(({ at, score, groups, stage }) => ({ at: Date.parse(at), score, groups, stage }))
  const [first, last] = [moments[0], moments.at(-1)]
  if (!first || !last) return undefined
  const most = Math.max(...moments.map(({ score }) => score))
  const top = [10, 25, 50, 75, 100].find((edge) => most <= edge * 0.96) ?? 100
  return { from: first.at, to: Math.max(last.at, first.at + HOUR), top, moments }
}

/** Fades like the points do: the same part of what is left in the same time. */
const between = (a: number, b: number, part: number): number =>
  a > 0 && b > 0 ? a * (b / a) ** part : a < 0 && b < 0 ? -(-a * (b / a) ** part) : a + (b - a) * part

const mixed = (a: Moment, b: Moment, part: number): Moment => ({
  at: a.at + (b.at - a.at) * part,
  score: between(a.score, b.score, part),
  groups: Object.fromEntries(
    GROUPS.map((group) => [group, between(a.groups[group], b.groups[group], part)]),
  ) as Moment['groups'],
  stage: a.stage,
})

/** What stood at an instant, as far as the picture tells. */
export const momentAt = ({ moments }: Course, at: number): Moment => {
  const next = moments.findIndex((moment) => moment.at > at)
  if (next <= 0) return next === 0 ? moments[0]! : moments.at(-1)!
  const [a, b] = [moments[next - 1]!, moments[next]!]
  return mixed(a, b, (at - a.at) / (b.at - a.at))
}

export const xOf = ({ from, to }: Course, at: number): number => ((at - from) / (to - from)) * WIDTH

const fine = (course: Course): readonly Moment[] =>
  course.moments.flatMap((moment, i) => {
    const next = course.moments[i + 1]
    if (!next) return [moment]
    const steps = Math.min(STEPS, Math.ceil((xOf(course, next.at) - xOf(course, moment.at)) / 12))
    return Array.from({ length: Math.max(1, steps) }, (_, step) => (step ? mixed(moment, next, step / steps) : moment))
  })

/** Each group's area on top of the ones before it, and the line of the score. */
export const pathsOf = (course: Course) => {
  const moments = fine(course)
  const place = (at: number, value: number): string =>
    `${xOf(course, at).toFixed(1)} ${(HEIGHT - (Math.max(0, value) / course.top) * HEIGHT).toFixed(1)}`
  const heights = moments.map(() => 0)
  const areas = STACKED.map((group) => {
    const below = moments.map(({ at }, i) => place(at, heights[i]!))
    for (const [i, { groups }] of moments.entries()) heights[i]! += groups[group]
    const above = moments.map(({ at }, i) => place(at, heights[i]!))
    return { group, path: `M${above.join('L')}L${below.reverse().join('L')}Z` }
  })
  return { areas, line: `M${moments.map(({ at, score }) => place(at, score)).join('L')}` }
}

export interface Stay {
  readonly stage: Stage
  readonly from: number
  readonly to: number
}

/** The stages one after another, as long as each lasted. */
export const staysOf = ({ moments, to }: Course): readonly Stay[] => {
  const stays: { stage: Stage; from: number; to: number }[] = []
  for (const { at, stage } of moments) {
    const last = stays.at(-1)
    if (last?.stage === stage) continue
    if (last) last.to = at
    stays.push({ stage, from: at, to })
  }
  return stays.filter((stay) => stay.to > stay.from)
}
