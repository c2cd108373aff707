/** How well a model foresaw what came of its leads: precision and recall against what sales recorded. */
import type { VisitorEvent } from './event.ts'
import type { Replay } from './replay.ts'

interface Outcome {
  readonly isGood: boolean
  readonly at: number
}

/** The last word of sales on a visitor; where there is none, that they bought. Undefined: nobody knows. */
export const outcomeOf = (events: readonly VisitorEvent[], replays: readonly Replay[]): Outcome | undefined => {
  let last: Outcome | undefined
  for (const event of events) {
    if (event.type !== 'feedback' || (last && last.at > event.at)) continue
    if (event.verdict === 'won' || event.verdict === 'accepted') last = { isGood: true, at: event.at }
    if (event.verdict === 'lost' || event.verdict === 'rejected') last = { isGood: false, at: event.at }
  }
  return last ?? replays.flatMap(boughtAt).map((at) => ({ isGood: true, at }))[0]
}

const boughtAt = ({ transitions }: Replay): readonly number[] =>
  transitions.filter(({ what, to }) => what === 'qualification' && to === 'customer').map(({ at }) => at)

/** A visitor counts as foreseen where the rank was reached before the outcome was known. */
const foresaw = ({ transitions }: Replay, rank: 'mql' | 'sql', before: number): boolean =>
  transitions.some(({ what, to, at }) => what === 'qualification' && to === rank && at <= before)

export const createAccuracy = () => {
  const judged = { good: 0, bad: 0 }
  const hits = {
    mql: { old: { good: 0, bad: 0 }, new: { good: 0, bad: 0 } },
    sql: { old: { good: 0, bad: 0 }, new: { good: 0, bad: 0 } },
  }

  const add = (events: readonly VisitorEvent[], old: Replay, next: Replay): void => {
    const outcome = outcomeOf(events, [old, next])
    if (!outcome) return
    const kind = outcome.isGood ? 'good' : 'bad'
    judged[kind] += 1
    for (const rank of ['mql', 'sql'] as const) {
      if (foresaw(old, rank, outcome.at)) hits[rank].old[kind] += 1
      if (foresaw(next, rank, outcome.at)) hits[rank].new[kind] += 1
    }
  }

  /** Precision: how many of those foreseen were good. Recall: how many of the good were foreseen. */
  const figures = ({ good, bad }: { good: number; bad: number }) => ({
    precision: good + bad > 0 ? good / (good + bad) : null,
    recall: judged.good > 0 ? good / judged.good : null,
  })

  return {
    add,
    result: () => ({
      ...judged,
      mql: { old: figures(hits.mql.old), new: figures(hits.mql.new) },
      sql: { old: figures(hits.sql.old), new: figures(hits.sql.new) },
    }),
  }
}
