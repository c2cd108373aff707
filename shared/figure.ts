/** Whom a figure of the reports counts: asked of one visitor, by the same contribution that made the count. */
import { type CountKind, contributionOf, originName, REACHED, SIGHT_ENDS, sightName } from './contribution.ts'
import type { Model } from './model.ts'
import { CAME_TRUE } from './report.ts'
import { MOVABLE, type Sight, writeSight } from './seen.ts'
import type { VisitorState } from './state.ts'

/** What became of those who are counted: they moved on within the window, they did not, they did whenever. */
export const OUTCOMES = ['yes', 'no', 'ever'] as const

/** Of which figure somebody asks. One of `entered`, `medium` or `reached`, `signal`, `content` says which kind it is. */
export interface FigureQuery {
  /** Stage or part of the funnel. */
  readonly entered?: string | undefined
  readonly medium?: string | undefined
  /** Empty: none was named. Left out: any. */
  readonly source?: string | undefined
  readonly reached?: (typeof REACHED)[number] | undefined
  readonly signal?: string | undefined
  readonly content?: string | undefined
  readonly kind?: Sight['kind'] | undefined
  readonly tagged?: Sight['tagged'] | undefined
  readonly meaning?: string | undefined
  readonly during?: (typeof MOVABLE)[number] | undefined
  readonly moved?: (typeof OUTCOMES)[number] | undefined
  /** Leaves out automated browsers that never did anything else. */
  readonly automated?: false | undefined
  /** Days since 1970, UTC: the first, and the first one after. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

interface Figure {
  readonly kind: CountKind
  readonly isOf: (of: string) => boolean
  readonly isEnd: (end: string) => boolean
}

const always = (): boolean => true

/** Undefined where no figure is asked of: everybody. */
export const countedIn = (query: FigureQuery, model: Model): ((state: VisitorState) => boolean) | undefined => {
  const figure = figureOf(query)
  if (!figure) return undefined
  // Where people stand at present belongs to no day.
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = figure.kind === 'now' ? {} : query
  return (state) =>
    contributionOf(state, model).some(
      ({ kind, of, end, day }) =>
        kind === figure.kind && day >= from && day < to && figure.isOf(of) && figure.isEnd(end),
    )
}

const figureOf = (query: FigureQuery): Figure | undefined => {
  const { entered, signal, medium, reached, content, moved, automated } = query
  if (entered !== undefined)
    return { kind: moved === 'ever' ? 'pace' : 'step', isOf: (of) => of === entered, isEnd: outcome(moved) }
  if (signal !== undefined) return { kind: 'signal', isOf: (of) => of === signal, isEnd: outcome(moved) }
  if (content !== undefined) return sightFigure({ ...query, content })
  if (medium !== undefined || reached !== undefined) return originFigure(query)
  return automated === false ? { kind: 'now', isOf: always, isEnd: always } : undefined
}

const outcome = (moved: FigureQuery['moved']): Figure['isEnd'] => {
  if (moved === undefined || moved === 'ever') return always
  return (end) => CAME_TRUE.has(end) === (moved === 'yes')
}

const originFigure = ({ medium, source, reached }: FigureQuery): Figure => {
  const name = medium === undefined ? '' : originName(medium, source ?? '')
  const bit = reached === undefined ? 0 : 1 << REACHED.indexOf(reached)
  return {
    kind: 'origin',
    isOf: medium === undefined ? always : source === undefined ? (of) => of.startsWith(name) : (of) => of === name,
    isEnd: reached === undefined ? always : (end) => (Number(end) & bit) !== 0,
  }
}

/** Of no stage: who saw it at any, each of them once. */
const sightFigure = (query: FigureQuery & { readonly content: string }): Figure => {
  const { content: path, kind = 'page', tagged = 'none', meaning: signal = null, during, moved } = query
  const text = writeSight({ kind, tagged, signal, path })
  const names = new Set((during ? [during] : MOVABLE).map((stage) => sightName(stage, text)))
  const isWanted = outcome(moved)
  const first: ReadonlySet<string> = new Set(SIGHT_ENDS.first)
  return {
    kind: 'sight',
    isOf: (of) => names.has(of),
    isEnd: during ? isWanted : (end) => first.has(end) && isWanted(end),
  }
}
