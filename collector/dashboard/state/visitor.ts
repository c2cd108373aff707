/** The one visitor who is open: their explanation and timeline, kept up to date while they act. */
import { signal } from '@preact/signals'
import type { Explanation, History, TimelineItem, Visitor } from '../../../shared/answer.ts'
import { get, getExplanation, getHistory, getTimeline, getVisitor, visitorPath } from '../api.ts'
import type { Packet } from '../packet.ts'
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
/** How the score came about. */
export const history = signal<History | undefined>(undefined)
/** What sales would get; undefined also where the collector makes no such packets. */
export const packet = signal<Packet | undefined>(undefined)

export interface Past {
  readonly at: string
  readonly visitor: Visitor
  readonly explanation: Explanation
}
/** As they were at the instant that is looked at; undefined: now, or not there yet. */
export const past = signal<Past | undefined>(undefined)
export const timeline = signal<readonly TimelineItem[] | undefined>(undefined)
export const nextCursor = signal<string | null>(null)
export const fetchingMore = signal(false)

let wanted = ''
let refreshing = false

/** What tells one item of a timeline from the next. */
export const keyOf = (item: TimelineItem): string => {
  if (item.kind === 'event' || item.kind === 'handoff') return item.id
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
  const asked = [getExplanation(id), getTimeline(id), getHistory(id)] as const
  const [why, when, how] = await Promise.all(asked)
  if (shown.value !== id) return
  if (why.ok) explanation.value = why.value
  if (how.ok) history.value = how.value
  if (!when.ok) return
  const both = timeline.value && joined(when.value.items, timeline.value)
  timeline.value = both ?? when.value.items
  if (!both) nextCursor.value = when.value.nextCursor
}

/** Nobody is open any more. */
export const closeVisitor = (): void => {
  wanted = ''
  shown.value = problem.value = explanation.value = timeline.value = undefined
  history.value = packet.value = past.value = undefined
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
  if (answer.value.id !== id) replacePlace(location.hash.replace(visitorHref(id), visitorHref(answer.value.id)))
  await Promise.all([loadDetails(answer.value.id), loadPacket(answer.value.id)])
}

const loadPacket = async (id: string): Promise<void> => {
  const answer = await get<Packet>(`${visitorPath(id)}/handoff`)
  if (answer.ok && shown.value === id) packet.value = answer.value
}

/** Looks at them as they were at an instant; undefined: now. */
export const lookBack = async (id: string, at: string | undefined): Promise<void> => {
  if (at === undefined) {
    past.value = undefined
    return
  }
  const [visitor, why] = await Promise.all([getVisitor(id, at), getExplanation(id, at)])
  if (shown.value !== id || !visitor.ok || !why.ok) return
  past.value = { at, visitor: visitor.value, explanation: why.value }
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
