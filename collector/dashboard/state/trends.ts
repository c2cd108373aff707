/** The last weeks' scores of the visitors that are seen, asked for one after another and kept while the page is open. */
import { type Signal, signal } from '@preact/signals'
import type { History } from '../../../shared/answer.ts'
import { getHistory } from '../api.ts'
import { onReturn } from '../live.ts'

const DAY = 86_400_000
export const TREND_DAYS = 30
/** Asked at the same time, so that a long list does not hold up what matters more. */
const AT_ONCE = 2
const KEPT = 2000

export interface Point {
  readonly at: number
  readonly score: number
}

/** What was heard of a visitor, in order of time; undefined until then. */
export type Trend = Signal<readonly Point[] | undefined>

const trends = new Map<string, Trend>()
const waiting: string[] = []
let asking = 0

export const pointsOf = ({ items }: Pick<History, 'items'>): readonly Point[] =>
  items.map(({ at, score }) => ({ at: Date.parse(at), score }))

export const trendOf = (id: string): Trend => {
  const known = trends.get(id) ?? signal(undefined)
  trends.delete(id)
  trends.set(id, known)
  if (trends.size > KEPT) trends.delete(trends.keys().next().value!)
  return known
}

const next = (): void => {
  const id = asking < AT_ONCE ? waiting.shift() : undefined
  if (!id) return
  asking += 1
  const from = new Date(Date.now() - TREND_DAYS * DAY).toISOString()
  void getHistory(id, from).then((answer) => {
    asking -= 1
    // What cannot be had is not asked for again and again: the row does without.
    trendOf(id).value = answer.ok ? pointsOf(answer.value) : []
    next()
  })
  next()
}

/** Somebody came near the window. Whoever has left it again before it was their turn is not asked about. */
export const wantTrend = (id: string): (() => void) => {
  if (!trendOf(id).peek() && !waiting.includes(id)) {
    waiting.push(id)
    next()
  }
  return () => {
    const at = waiting.indexOf(id)
    if (at >= 0) waiting.splice(at, 1)
  }
}

/** A score that was told live goes on where the trend ended. */
export const extendTrend = (id: string, score: number, at: number): void => {
  const known = trends.get(id)
  const points = known?.peek()
  if (known && points) known.value = [...points.slice(-200), { at, score }]
}

/** What happened while the line was lost is not in them. */
onReturn(() => trends.clear())
