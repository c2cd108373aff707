/** How a made-up visitor's score came about, as the collector tells it: at a change what it found and what it left. */
import type { History, Visitor } from '../../shared/answer.ts'
import { type Row, standing } from './fake-ledger.ts'
import type { FakePerson } from './fake-people.ts'

const HALF_LIFE = 14 * 86_400_000

/** The rows there were at an instant, and what they were worth then. */
export const rowsAt = (rows: readonly Row[], at: number): Row[] =>
  rows
    .filter((row) => Date.parse(row.at) <= at)
    .map((row) => {
      const factor = 2 ** ((Date.parse(row.at) - at) / HALF_LIFE)
      return { ...row, factor, value: row.applied * factor }
    })

const stageAt = (score: number, { stage }: Visitor): Visitor['stage'] => {
  if (score >= 50) return 'intent'
  if (score >= 20) return 'evaluation'
  if (score >= 8) return 'interest'
  return stage === 'awareness' ? stage : 'awareness'
}

export const visitorAt = ({ visitor, rows }: FakePerson, at: number): Visitor => {
  const { score, groups, why } = standing(rowsAt(rows, at))
  return { ...visitor, score, groups, why, stage: stageAt(score, visitor), coolsAt: null }
}

export const historyOf = (person: FakePerson, now: number): History => {
  const { visitor, rows, timeline } = person
  const times = [...new Set(rows.map(({ at }) => Date.parse(at)))].sort((a, b) => a - b)
  const point = (at: number, shownAt = at) => {
    const { score, groups } = standing(rowsAt(rows, at))
    return {
      ...{ at: new Date(shownAt).toISOString(), score, groups, stage: stageAt(score, visitor) },
      qualification: visitor.qualification,
    }
  }
  const items = times.flatMap((at) => [point(at - 1, at), point(at)])
  const last = { ...point(now), stage: visitor.stage }
  return { items: [...items, last], transitions: timeline.filter((item) => item.kind === 'transition') }
}
