/**
 * The last weeks' scores of the visitors that are seen, kept while the page is open. All who come into sight together are
 * asked for at once: the collector notes who looked at whom, and one glance at a list is to be one note.
 */
import { type Signal, signal } from '@preact/signals'
import type { Trends } from '../../../shared/answer.ts'
import { getTrends } from '../api.ts'
import { onReturn } from '../live.ts'

const DAY = 86_400_000
export const TREND_DAYS = 30
/** How long is waited for others who come into sight, ms: whoever scrolls past leaves again. */
const GATHER = 100
/** The most that are asked for at once. */
const AT_ONCE = 100
const KEPT = 2000

export interface Point {
  readonly at: number
  readonly score: number
}

/** What was heard of a visitor, in order of time; undefined until then. */
export type Trend = Signal<readonly Point[] | undefined>

const trends = new Map<string, Trend>()
const waiting: string[] = []
let isAsking = false

export const pointsOf = (trend: Trends['items'][number]['trend']): readonly Point[] =>
  trend.map(({ at, score }) => ({ at: Date.parse(at), score }))

export const trendOf = (id: string): Trend => {
  const known = trends.get(id) ?? signal(undefined)
  trends.delete(id)
  trends.set(id, known)
  if (trends.size > KEPT) trends.delete(trends.keys().next().value!)
  return known
}

const learn = async (ids: readonly string[]): Promise<void> => {
  const answer = await getTrends(ids, new Date(Date.now() - TREND_DAYS * DAY).toISOString())
  const found = new Map(answer.ok ? answer.value.items.map(({ id, trend }) => [id, trend]) : [])
  // Who cannot be had is not asked for again and again: the row does without.
  for (const id of ids) trendOf(id).value = pointsOf(found.get(id) ?? [])
}

const ask = async (): Promise<void> => {
  isAsking = true
  while (waiting.length > 0) {
    await new Promise((resolve) => setTimeout(resolve, GATHER))
    const ids = waiting.splice(0, AT_ONCE)
    if (ids.length > 0) await learn(ids)
  }
  isAsking = false
}

/** Somebody came near the window. Whoever has left it again before it was their turn is not asked about. */
export const wantTrend = (id: string): (() => void) => {
  if (!trendOf(id).peek() && !waiting.includes(id)) {
    waiting.push(id)
    if (!isAsking) void ask()
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
