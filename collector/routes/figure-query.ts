/** Parameters by which a list holds exactly the people whom a figure of the reports counts. */
import { z } from 'zod'
import { QUALIFICATIONS, STAGES } from '../../shared/answer.ts'
import { DAY } from '../../shared/calendar.ts'
import { REACHED } from '../../shared/contribution.ts'
import { FUNNELS } from '../../shared/event.ts'
import { countedIn, OUTCOMES } from '../../shared/figure.ts'
import type { Model } from '../../shared/model.ts'
import { MOVABLE } from '../../shared/seen.ts'
import type { VisitorQuery } from '../store/store.ts'
import { DaysQuery, isSpan, NO_SPAN } from './days.ts'

/** Rows looked at for one page: some thirty milliseconds, in which nobody else is answered. */
const MOST = 2000

const TURNS = [...STAGES, ...QUALIFICATIONS] as const
const Name = z.string().max(300)

/** All may be left out. */
export const FigureQuery = {
  entered: z.enum([...STAGES, ...FUNNELS]).optional(),
  medium: Name.min(1).optional(),
  source: Name.optional(),
  reached: z.enum(REACHED).optional(),
  signal: Name.min(1).optional(),
  content: Name.min(1).optional(),
  kind: z.enum(['page', 'download']).optional(),
  tagged: z.enum(['tag', 'rule', 'none']).optional(),
  meaning: Name.min(1).optional(),
  during: z.enum(MOVABLE).optional(),
  moved: z.enum(OUTCOMES).optional(),
  became: z.enum(TURNS).optional(),
  model: z.coerce.number().int().positive().optional(),
  automated: z
    .literal('false')
    .transform(() => false as const)
    .optional(),
  ...DaysQuery,
}
const Figure = z.object(FigureQuery)
type Figure = z.infer<typeof Figure>
export type FigureName = keyof Figure

/** What says which figure it is, and what more each takes. */
const KINDS: readonly (readonly [by: readonly FigureName[], takes: readonly FigureName[]])[] = [
  [['entered'], ['moved']],
  [['medium', 'reached'], ['source']],
  [['signal'], ['moved']],
  [['content'], ['kind', 'tagged', 'meaning', 'during', 'moved']],
  [['became'], ['model']],
]
const DAYS: readonly FigureName[] = ['from', 'to']

/** What was asked together that does not go together; undefined where all is well. */
const mistakeIn = (query: Figure): { path: FigureName; message: string } | undefined => {
  const has = (name: FigureName): boolean => query[name] !== undefined
  const asked = KINDS.filter(([by]) => by.some(has))
  const [first, second] = asked
  if (second) return { path: second[0].find(has)!, message: `does not go with \`${first![0].find(has)}\`` }
  const taken = new Set(first ? [...first[0], ...first[1], ...DAYS] : [])
  const stray = [...KINDS.flatMap(([, takes]) => takes), ...DAYS].find((name) => has(name) && !taken.has(name))
  if (stray) return { path: stray, message: `goes with ${takersOf(stray)}` }
  if (has('source') && !has('medium')) return { path: 'source', message: 'goes with `medium`' }
  return isSpan(query) ? undefined : { path: 'from', message: NO_SPAN }
}

const takersOf = (name: FigureName): string =>
  KINDS.filter(([, takes]) => DAYS.includes(name) || takes.includes(name))
    .flatMap(([by]) => by)
    .map((by) => `\`${by}\``)
    .join(' or ')

export const checkFigure = (query: Figure, context: z.RefinementCtx): void => {
  const mistake = mistakeIn(query)
  if (mistake) context.addIssue({ code: 'custom', path: [mistake.path], message: mistake.message })
}

/** As a store understands it, and what is left of the query without it. */
export const splitFigure = <Query extends Figure>(query: Query, model: Model) => {
  const { entered, medium, source, reached, signal, content, kind, tagged, meaning, during, ...some } = query
  const { moved, became, model: modelVersion, automated, from, to, ...rest } = some
  const keeps = countedIn(query, model)
  const days = { from: (from ?? 0) * DAY, until: to === undefined ? Number.MAX_SAFE_INTEGER : to * DAY }
  const recorded = became && { what: whatIs(became), to: became, modelVersion, ...days }
  const among: VisitorQuery['among'] = keeps || recorded ? { most: MOST, keeps, recorded } : undefined
  return { rest, among }
}

/** No stage is called like a qualification. */
const whatIs = (turn: (typeof TURNS)[number]): 'stage' | 'qualification' =>
  STAGES.some((stage) => stage === turn) ? 'stage' : 'qualification'
