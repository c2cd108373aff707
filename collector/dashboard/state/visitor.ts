/** The one visitor who is open: their explanation and timeline, kept up to date while they act. */
import { signal } from '@preact/signals'
import type { Explanation, TimelineItem } from '../../../shared/answer.ts'
import { getExplanation, getTimeline, getVisitor } from '../api.ts'
import { replacePlace, visitorHref } from '../router.ts'
import { meet } from './people.ts'

const REFRESH_MS = 1000

export interface Problem {
  readonly missing: boolean
  readonly message: string
}

/** The id of the visitor shown; undefined until they are loaded. */
export const shown = signal<string | undefined>(undefined)
export const problem = signal<Problem | undefined>(undefined)
export const explanation = signal<Explanation | undefined>(undefined)
export const timeline = signal<readonly TimelineItem[] | undefined>(undefined)
export const nextCursor = signal<string | null>(null)
export const fetchingMore = signal(false)

let wanted = ''
let refreshing = false

/** What tells one item of a timeline from the next. */
export const keyOf = (item: TimelineItem): string => {
  if (item.kind === 'event') return item.id
  return item.kind === 'merge' ? `merge ${item.at} ${item.from}` : `${item.what} ${item.at} ${item.from} ${item.to}`
}

/** The newest page put before what is loaded; undefined where there is a gap between the two. */
export const joined = (
  fresh: readonly TimelineItem[],
  loaded: readonly TimelineItem[],
): readonly TimelineItem[] | undefined => {
  const keys = new Set(fresh.map(keyOf))
  if (!loaded.some((item) => keys.has(keyOf(item)))) return undefined
  return [...fresh, ...loaded.filter((item) => !keys.has(keyOf(item)))]
}

const loadDetails = async (id: string): Promise<void> => {
  const [why, when] = await Promise.all([getExplanation(id), getTimeline(id)])
  if (shown.value !== id) return
  if (why.ok) explanation.value = why.value
  if (!when.ok) return
  const both = timeline.value && joined(when.value.items, timeline.value)
  timeline.value = both ?? when.value.items
  if (!both) nextCursor.value = when.value.nextCursor
}

/** Nobody is open any more. */
export const closeVisitor = (): void => {
  wanted = ''
  shown.value = problem.value = explanation.value = timeline.value = undefined
  nextCursor.value = null
}

/** Shows them. One who was merged is shown by the id they have now. */
export const openVisitor = async (id: string): Promise<void> => {
  if (shown.value === id) return refreshVisitor()
  closeVisitor()
  wanted = id
  const answer = await getVisitor(id)
  if (wanted !== id) return
  if (!answer.ok) {
    problem.value = answer
    return
  }
  meet(answer.value)
  shown.value = answer.value.id
  if (answer.value.id !== id) replacePlace(visitorHref(answer.value.id))
  await loadDetails(answer.value.id)
}

export const refreshVisitor = async (): Promise<void> => {
  const id = shown.value
  if (!id) return
  const answer = await getVisitor(id)
  if (answer.ok) meet(answer.value)
  await loadDetails(id)
}

/** Notes that they did something: what is shown of it follows within a second. */
export const noteActive = (id: string): void => {
  if (id !== shown.value || refreshing) return
  refreshing = true
  setTimeout(() => {
    refreshing = false
    if (shown.value === id) void loadDetails(id)
  }, REFRESH_MS)
}

export const loadEarlier = async (): Promise<void> => {
  const id = shown.value
  if (!id || !nextCursor.value || fetchingMore.value) return
  fetchingMore.value = true
  const answer = await getTimeline(id, nextCursor.value)
  fetchingMore.value = false
  if (!answer.ok || shown.value !== id) return
  const keys = new Set((timeline.value ?? []).map(keyOf))
  timeline.value = [...(timeline.value ?? []), ...answer.value.items.filter((item) => !keys.has(keyOf(item)))]
  nextCursor.value = answer.value.nextCursor
}
