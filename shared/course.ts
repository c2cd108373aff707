/** The course of a score over time, as a bounded number of points to draw: every change, and the decay in between. */
import { inOrder, type VisitorEvent } from './event.ts'
import type { Stage } from './model.ts'
import type { Qualification } from './qualification.ts'
import type { Heat } from './score.ts'
import type { VisitorState } from './state.ts'
import type { Fold } from './visitor.ts'

/** Points spread evenly, and changes drawn, at most: of more, the last one of each stretch. */
const EVEN = 200
const CHANGES = 300

/** What holds from an instant on, decaying, until the next. */
export interface Moment {
  readonly since: number
  readonly heat: Heat
  readonly stage: Stage
  readonly qualification: Qualification
}

/** What held at an instant. At a change there are two: what it found, and what it left. */
export interface CoursePoint {
  readonly at: number
  readonly moment: Moment
}

/** Everything that changed up to an instant, by events or by time alone. */
export const momentsOf = (fold: Fold, events: readonly VisitorEvent[], until: number): readonly Moment[] => {
  const moments: Moment[] = []
  const effects = { transitions: [] }
  let state: VisitorState | undefined
  const note = (state: VisitorState, since: number): void => {
    const { heat, stage, qualification } = state
    const last = moments.at(-1)
    if (last && last.stage === stage && last.qualification === qualification && isSame(last.heat, heat)) return
    if (last?.since === since) moments.pop()
    moments.push({ since, heat: { ...heat }, stage, qualification })
  }
  const run = (state: VisitorState, to: number): void => {
    for (let due = fold.dueAt(state); due !== undefined && due <= to; due = fold.dueAt(state)) {
      fold.advance(state, due, effects)
      note(state, due)
    }
  }
  for (const event of events.filter(({ at }) => at <= until).toSorted(inOrder)) {
    if (state) run(state, event.at)
    state = fold.fold(state, event, effects)
    note(state, event.at)
  }
  if (state) run(state, until)
  return moments
}

const isSame = (a: Heat, b: Heat): boolean => (Object.keys(a) as (keyof Heat)[]).every((part) => a[part] === b[part])

/** The points to draw between two instants, in order. */
export const courseOf = (moments: readonly Moment[], from: number, to: number): readonly CoursePoint[] => {
  const start = Math.max(from, moments[0]?.since ?? Number.POSITIVE_INFINITY)
  if (start > to) return []
  const even = Array.from({ length: EVEN }, (_, i) => Math.round(start + ((to - start) * i) / (EVEN - 1)))
  const within = moments.flatMap((moment, i) => (moment.since >= start && moment.since <= to ? [i] : []))
  const changes = thin(within, (i) => Math.floor(((moments[i]!.since - start) / (to - start + 1)) * CHANGES))
  const jumps = changes.flatMap((i): readonly CoursePoint[] => {
    const at = moments[i]!.since
    const found = moments[i - 1]
    return [...(found && at > start ? [{ at, moment: found }] : []), { at, moment: moments[i]! }]
  })
  const taken = new Set(jumps.map(({ at }) => at))
  let n = 0
  const between = [...new Set(even)].flatMap((at): readonly CoursePoint[] => {
    while (moments[n + 1] && moments[n + 1]!.since <= at) n += 1
    return taken.has(at) ? [] : [{ at, moment: moments[n]! }]
  })
  return [...jumps, ...between].sort((a, b) => a.at - b.at)
}

const thin = (indexes: readonly number[], stretchOf: (index: number) => number): readonly number[] =>
  indexes.length <= CHANGES ? indexes : [...new Map(indexes.map((index) => [stretchOf(index), index])).values()]
