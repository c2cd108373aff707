/** What another model would have made of the same history: visitor by visitor, then all of them together. */
import { QUALIFICATIONS, STAGES } from './answer.ts'
import { DAY } from './calendar.ts'
import type { VisitorEvent } from './event.ts'
import { createAccuracy } from './outcome.ts'
import type { Replay } from './replay.ts'
import { createTally, NAMED } from './tally.ts'

export interface Compared {
  readonly visitor: string
  readonly events: readonly VisitorEvent[]
  readonly old: Replay
  readonly next: Replay
}

export type Simulation = ReturnType<ReturnType<typeof createSimulation>['result']>

const WEEK = 7 * DAY
/** Weeks begin on Mondays; day 0 was a Thursday. */
const MONDAY = 4 * DAY

export const createSimulation = () => {
  const stages = createMatrix(STAGES)
  const qualifications = createMatrix(QUALIFICATIONS)
  const tally = createTally()
  const accuracy = createAccuracy()
  const weeks = new Map<number, { old: number; new: number }>()
  const mql: { old: number; new: number }[] = []
  const count = { visitors: 0, events: 0, changed: 0 }

  const handOffs = ({ transitions }: Replay, side: 'old' | 'new'): void => {
    for (const { what, to, at } of transitions) {
      if (what !== 'qualification' || to !== 'sql') continue
      const week = Math.floor((at - MONDAY) / WEEK)
      const row = weeks.get(week) ?? { old: 0, new: 0 }
      row[side] += 1
      weeks.set(week, row)
    }
  }

  const add = ({ visitor, events, old, next }: Compared): void => {
    count.visitors += 1
    count.events += events.length
    stages.add(visitor, old.state.stage, next.state.stage)
    qualifications.add(visitor, old.state.qualification, next.state.qualification)
    if (old.state.stage !== next.state.stage || old.state.qualification !== next.state.qualification) count.changed += 1
    tally.add({ visitor, old, next })
    accuracy.add(events, old, next)
    handOffs(old, 'old')
    handOffs(next, 'new')
    const [before, after] = [timeTo('mql', old), timeTo('mql', next)]
    if (before !== undefined && after !== undefined) mql.push({ old: before, new: after })
  }

  const result = () => ({
    ...count,
    stages: stages.rows(),
    qualifications: qualifications.rows(),
    moved: { stages: stages.moved(), qualifications: qualifications.moved() },
    ...tally.result(),
    handOffs: [...weeks].sort(([a], [b]) => a - b).map(([week, row]) => ({ week: mondayOf(week), ...row })),
    accuracy: accuracy.result(),
    timeToMql: {
      visitors: mql.length,
      oldDays: days(median(mql.map((each) => each.old))),
      newDays: days(median(mql.map((each) => each.new))),
      shiftDays: days(median(mql.map((each) => each.new - each.old))),
    },
  })

  return { add, result }
}

/** Those who would stand elsewhere, as far as they are named; the matrix counts all. */
export interface Moved<Name> {
  readonly from: Name
  readonly to: Name
  readonly visitors: readonly string[]
}

/** How many visitors went from where they are under the old model to where they are under the new one, and who. */
const createMatrix = <Name extends string>(names: readonly Name[]) => {
  const cells = names.map(() => names.map(() => ({ count: 0, visitors: [] as string[] })))
  const cellOf = (from: Name, to: Name) => cells[names.indexOf(from)]![names.indexOf(to)]!
  return {
    add: (visitor: string, from: Name, to: Name): void => {
      const cell = cellOf(from, to)
      cell.count += 1
      if (from !== to && cell.visitors.length < NAMED) cell.visitors.push(visitor)
    },
    /** Every row and column, zeros included: `rows.mql.sql`. */
    rows: () =>
      Object.fromEntries(
        names.map((from) => [from, Object.fromEntries(names.map((to) => [to, cellOf(from, to).count]))]),
      ) as Record<Name, Record<Name, number>>,
    moved: (): readonly Moved<Name>[] =>
      names
        .flatMap((from) => names.map((to) => ({ from, to, visitors: cellOf(from, to).visitors })))
        .filter(({ visitors }) => visitors.length > 0),
  }
}

/** From the first event to the first time they reached it, in ms. */
const timeTo = (to: string, { state, transitions }: Replay): number | undefined => {
  const first = transitions.find((each) => each.what === 'qualification' && each.to === to)
  return first && first.at - state.firstSeen
}

const mondayOf = (week: number): string => new Date(week * WEEK + MONDAY).toISOString().slice(0, 10)

const days = (ms: number | null): number | null => (ms === null ? null : Math.round((ms / DAY) * 100) / 100)

const median = (values: readonly number[]): number | null => {
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  if (sorted.length === 0) return null
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
