/** Who would gain or lose a qualification under another model, and by which rule. */
import type { Qualification } from './qualification.ts'
import type { Replay } from './replay.ts'

/** Visitors named of each kind; all are counted. */
export const NAMED = 100
/** Different rules counted; they carry figures, so there could be many. */
const RULES = 50

export interface Changed {
  readonly visitor: string
  readonly from: Qualification
  readonly to: Qualification
  /** The rule that gives it, for a gain; that gave it, for a loss. */
  readonly rule: string
}

interface Sides {
  readonly visitor: string
  readonly old: Replay
  readonly next: Replay
}

export const createTally = () => {
  const gains = { mql: createList(), sql: createList() }
  const losses = { mql: createList(), sql: createList() }

  const add = ({ visitor, old, next }: Sides): void => {
    const [from, to] = [old.state.qualification, next.state.qualification]
    if (from === to) return
    for (const rank of ['mql', 'sql'] as const) {
      if (to === rank && !isAbove(from, rank)) gains[rank].add({ visitor, from, to, rule: ruleOf(next, rank) })
      if (from === rank && !isAbove(to, rank)) losses[rank].add({ visitor, from, to, rule: ruleOf(old, rank) })
    }
  }

  const result = () => ({
    gains: { mql: gains.mql.result(), sql: gains.sql.result() },
    losses: { mql: losses.mql.result(), sql: losses.sql.result() },
  })
  return { add, result }
}

const ORDER: readonly Qualification[] = ['anonymous', 'recycled', 'iql', 'mql', 'sql', 'customer']

/** Going on to a higher rank is no loss of this one, and coming down from it no gain. */
const isAbove = (qualification: Qualification, rank: Qualification): boolean =>
  ORDER.indexOf(qualification) > ORDER.indexOf(rank)

const ruleOf = ({ transitions }: Replay, to: Qualification): string =>
  transitions.findLast((each) => each.what === 'qualification' && each.to === to)?.rule ?? ''

const createList = () => {
  const rules = new Map<string, number>()
  const visitors: Changed[] = []
  let count = 0
  return {
    add: (changed: Changed): void => {
      count += 1
      if (visitors.length < NAMED) visitors.push(changed)
      const rule = rules.has(changed.rule) || rules.size < RULES ? changed.rule : 'other rules'
      rules.set(rule, (rules.get(rule) ?? 0) + 1)
    },
    result: () => ({
      count,
      rules: [...rules].map(([rule, count]) => ({ rule, count })).sort((a, b) => b.count - a.count),
      visitors,
    }),
  }
}
