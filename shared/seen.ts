/** What a visitor saw at each stage before going on: pages and downloads, each once per stage, by path and meaning. */
import { DAY } from './calendar.ts'
import { pathOf } from './page-rule.ts'
import type { VisitorState } from './state.ts'

/** Moving on counts when it happens within so many days. */
export const WINDOW_DAYS = 30
export const WINDOW = WINDOW_DAYS * DAY

/** Stages from which content can move somebody on. */
export const MOVABLE = ['awareness', 'interest', 'evaluation', 'intent'] as const
export type Movable = (typeof MOVABLE)[number]

/** Kept per stage, and characters of a path. */
const MOST = 12
const LONGEST = 100

export interface Sight {
  readonly kind: 'page' | 'download'
  /** How its meaning is known. */
  readonly tagged: 'tag' | 'rule' | 'none'
  readonly signal: string | null
  readonly path: string
}

const MARKS = { tag: '!', rule: '~', none: '-' } as const
const WAYS = { '!': 'tag', '~': 'rule', '-': 'none' } as const

/** As short text: it is kept with every visitor. */
export const writeSight = ({ kind, tagged, signal, path }: Sight): string =>
  `${kind === 'page' ? 'p' : 'd'}${MARKS[tagged]}${signal ?? ''} ${path}`

export const readSight = (text: string): Sight => {
  const space = text.indexOf(' ')
  return {
    kind: text.startsWith('p') ? 'page' : 'download',
    tagged: WAYS[text[1] as keyof typeof WAYS],
    signal: text.slice(2, space) || null,
    path: text.slice(space + 1),
  }
}

/** Writes down what is seen, while it can still have moved them on. */
export const noteSight = (state: VisitorState, sight: Omit<Sight, 'path'>, { url, at }: Occasion): void => {
  const stage = MOVABLE.find((each) => each === state.furthest)
  if (!stage || url === undefined || at - (state.entered[stage] ?? at) > WINDOW) return
  // An address may spell out any character: `%00` is none to keep.
  const path = (pathOf(url) || '/')
    .replace(/\p{Cc}/gu, ' ')
    .slice(0, LONGEST)
    .toWellFormed()
  state.seen ??= {}
  state.seen[stage] ??= []
  const seen = state.seen[stage]
  const text = writeSight({ ...sight, path })
  if (seen.length < MOST && !seen.includes(text)) seen.push(text)
}

interface Occasion {
  readonly url?: string
  readonly at: number
}
