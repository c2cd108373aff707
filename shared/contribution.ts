/**
 * What a visitor adds to the counts that reports are read from: a pure function of their state. So a count is the sum
 * over all visitors, and a late event, a merge or another model is always the same: take away what was, add what is.
 */
import { STAGES } from './answer.ts'
import type { Transition } from './award.ts'
import { bucketOf, isWithin } from './bucket.ts'
import { DAY } from './calendar.ts'
import { FUNNELS } from './event.ts'
import type { Model, Stage } from './model.ts'
import { MOVABLE, WINDOW } from './seen.ts'
import { funnelOf } from './stage.ts'
import type { VisitorState } from './state.ts'

/**
 * `step`: stage or part of the funnel, and whether they moved on. `pace`: the same, and how long it took those who did.
 * `rank`: qualification, and how long it took.
 * `origin`: source, and what was reached. `sight`: stage and content, whether they moved on, and whether they had seen it
 * at a stage before. `signal`: likewise, whether they became an SQL. `now`: stage and qualification. `move`: what was recorded; no function of the state.
 */
export type CountKind = 'step' | 'pace' | 'rank' | 'origin' | 'sight' | 'signal' | 'now' | 'move'

/** One of whom is counted on a day, UTC. */
export interface Counted {
  readonly kind: CountKind
  readonly day: number
  /** What is counted. */
  readonly of: string
  /** What became of it. */
  readonly end: string
}

export const RANKS = ['mql', 'sql', 'customer'] as const
/** What a source can have led to; the place of each is its bit. */
export const REACHED = ['interest', 'evaluation', 'intent', 'conversion', 'relationship', ...RANKS] as const

export const dayOf = (at: number): number => Math.floor(at / DAY)

/** What changes together. */
export interface Part {
  readonly countedOf: (state: VisitorState, model: Model) => readonly Counted[]
  /**
   * Short text that is another one whenever this part of the same state object is: everything it is made of is only ever
   * added to.
   */
  readonly printOf: (state: VisitorState) => string
}

const standing: Part = {
  countedOf: (state, model) => [
    { kind: 'now', day: 0, of: state.stage, end: state.qualification },
    ...stepsOf(state, model),
    ...ranksOf(state),
    originOf(state),
  ],
  printOf: ({ stage, qualification, entered, qualified, source }) =>
    `${stage} ${qualification} ${sizeOf(entered)} ${sizeOf(qualified)} ${source.first ? 1 : 0}`,
}

const sights: Part = {
  countedOf: (state) => sightsOf(state),
  printOf: ({ entered, seen = {} }) =>
    `${sizeOf(entered)} ${MOVABLE.reduce((sum, stage) => sum + (seen[stage]?.length ?? 0), 0)}`,
}

const signals: Part = {
  countedOf: (state, model) => signalsOf(state, model),
  printOf: ({ carried, qualified }) => `${sizeOf(carried)} ${sizeOf(qualified)}`,
}

const sizeOf = (table: object | undefined): number => {
  let size = 0
  for (const _ in table) size += 1
  return size
}

/** Robots that never did anything else count nowhere. */
export const PARTS: readonly Part[] = [standing, sights, signals].map(({ countedOf, printOf }) => ({
  countedOf: (state, model) => (isNobody(state) ? [] : countedOf(state, model)),
  printOf: (state) => (isNobody(state) ? '' : printOf(state)),
}))

export const contributionOf = (state: VisitorState, model: Model): readonly Counted[] =>
  PARTS.flatMap(({ countedOf }) => countedOf(state, model))

/** A transition as it was recorded, under the version of that time. Flags are not counted. */
export const moveOf = (
  { what, to, at }: Pick<Transition, 'what' | 'to' | 'at'>,
  version: number,
): readonly Counted[] => (what === 'flag' ? [] : [{ kind: 'move', day: dayOf(at), of: `${version} ${what}`, end: to }])

/** A bot that never did anything else. */
const isNobody = ({ flags, views, carried }: VisitorState): boolean => {
  if (!('automated' in flags) || views > 0) return false
  for (const _ in carried) return false
  return true
}

interface Entered {
  readonly name: string
  readonly at: number
}

const stepsOf = ({ entered }: VisitorState, model: Model): readonly Counted[] => {
  const stages = STAGES.flatMap((name) => (entered[name] === undefined ? [] : [{ name, at: entered[name] }]))
  const funnels = FUNNELS.flatMap((name): readonly Entered[] => {
    const times = stages.filter((stage) => funnelOf(stage.name, model) === name).map(({ at }) => at)
    return times.length > 0 ? [{ name, at: Math.min(...times) }] : []
  })
  return [...passages(stages), ...passages(funnels)]
}

const passages = (all: readonly Entered[]): readonly Counted[] =>
  all.flatMap(({ name: of, at }, i): readonly Counted[] => {
    const next = all[i + 1]
    const day = dayOf(at)
    if (!next) return [{ kind: 'step', day, of, end: '0' }]
    const bucket = bucketOf(next.at - at)
    return [
      { kind: 'step', day, of, end: isWithin(bucket) ? '1' : '0' },
      { kind: 'pace', day, of, end: String(bucket) },
    ]
  })

/** When a rank was first reached. Who buys at once is worth an SQL. */
const reachedAt = ({ qualified = {} }: VisitorState, rank: (typeof RANKS)[number]): number | undefined => {
  if (rank !== 'sql' || qualified.sql === undefined || qualified.customer === undefined)
    return qualified[rank] ?? (rank === 'sql' ? qualified.customer : undefined)
  return Math.min(qualified.sql, qualified.customer)
}

const ranksOf = (state: VisitorState): readonly Counted[] =>
  RANKS.flatMap((of) => {
    const at = reachedAt(state, of)
    const end = at === undefined ? '' : String(bucketOf(at - state.firstSeen))
    return at === undefined ? [] : [{ kind: 'rank', day: dayOf(state.firstSeen), of, end } as const]
  })

const originOf = (state: VisitorState): Counted => {
  const { firstSeen, entered, source } = state
  const { medium = 'none', source: name = '' } = source.first ?? {}
  const times = REACHED.map((what) => (isRank(what) ? reachedAt(state, what) : entered[what as Stage]))
  const reached = times.reduce<number>((bits, at, i) => (at! - firstSeen <= WINDOW ? bits | (1 << i) : bits), 0)
  return { kind: 'origin', day: dayOf(firstSeen), of: originName(medium, name), end: String(reached) }
}

export const originName = (medium: string, source: string): string => `${plain(medium)}\t${plain(source)}`

const isRank = (what: string): what is (typeof RANKS)[number] => RANKS.some((rank) => rank === what)

/** Of a stranger's making. */
const plain = (text: string): string =>
  text
    .replace(/[\t\n\0]/g, ' ')
    .slice(0, 60)
    .toLowerCase()
    .toWellFormed()

/** Whether somebody who saw it moved on; who sees it again at a later stage is one person still. */
export const SIGHT_ENDS = { first: ['0', '1'], again: ['2', '3'] } as const

const sightsOf = ({ seen = {}, entered }: VisitorState): readonly Counted[] => {
  const known = new Set<string>()
  return MOVABLE.flatMap((stage, i) => {
    const at = entered[stage]
    if (at === undefined || !seen[stage]) return []
    const next = entered[STAGES[i + 1]!]
    const moved = next !== undefined && next - at <= WINDOW ? 1 : 0
    return seen[stage].map((text): Counted => {
      const end = SIGHT_ENDS[known.has(text) ? 'again' : 'first'][moved]
      known.add(text)
      return { kind: 'sight', day: dayOf(at), of: sightName(stage, text), end }
    })
  })
}

export const sightName = (stage: string, text: string): string => `${stage}\t${text}`

const signalsOf = (state: VisitorState, model: Model): readonly Counted[] => {
  const sqlAt = reachedAt(state, 'sql')
  return Object.entries(state.carried).flatMap(([of, [, , first]]): readonly Counted[] => {
    if (!Object.hasOwn(model.signals, of) || (sqlAt !== undefined && sqlAt < first)) return []
    const end = sqlAt !== undefined && sqlAt - first <= WINDOW ? '1' : '0'
    return [{ kind: 'signal', day: dayOf(first), of, end }]
  })
}
