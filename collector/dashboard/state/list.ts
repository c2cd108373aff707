/** The hot list: which visitors, in which order. Scores change at once; places change once a second, so that it is calm. */
import { signal } from '@preact/signals'
import type { Visitor } from '../../../shared/answer.ts'
import { getVisitors } from '../api.ts'
import { seedFeed } from './feed.ts'
import { admits, apiQuery, type Filters, filtersOf, inOrder, isSought } from './filters.ts'
import { meet, person } from './people.ts'

const PAGE = 50
/** The most the collector gives at once. */
const MOST = 200
const SETTLE_MS = 1000

export type Phase = 'loading' | 'ready' | 'failed'
export const phase = signal<Phase>('loading')
export const problem = signal('')
export const order = signal<readonly string[]>([])
/** Where the next page begins; null when everybody is loaded. */
export const nextCursor = signal<string | null>(null)
export const fetchingMore = signal(false)
/** The first of them are shown, and others are looked for. */
export const looking = signal(false)
/** What the list was asked for last; the way back to it. */
export const filters = signal<Filters>(filtersOf(new URLSearchParams()))

let asked: AbortController | undefined
let settling = false
const newcomers = new Set<string>()

/** Somebody from this page on, or all that there are: where few are kept of those looked through, page after page. */
const fetchPage = async (limit: number, { cursor, onPart }: Asking) => {
  const query = apiQuery(filters.value)
  asked?.abort()
  asked = new AbortController()
  const { signal: abort } = asked
  const items: Visitor[] = []
  for (let next: string | null = cursor ?? null; ; ) {
    query.set('limit', String(limit - items.length))
    if (next) query.set('cursor', next)
    const answer = await getVisitors(query, abort)
    if (abort.aborted) return undefined
    if (!answer.ok) return answer
    items.push(...answer.value.items)
    next = answer.value.nextCursor
    if (next === null || items.length >= limit || !isSought(filters.value))
      return { ok: true, value: { items, nextCursor: next } } as const
    onPart(answer.value.items)
  }
}

interface Asking {
  readonly cursor?: string
  /** Some were found, and more are looked for. */
  readonly onPart: (items: readonly Visitor[]) => void
}

const present = (ids: Iterable<string>): Visitor[] =>
  [...ids].map((id) => person(id)?.peek()).filter((visitor) => visitor !== undefined)

/** Those found so far, while others are looked for. */
const show = (items: readonly Visitor[], before: readonly string[]): void => {
  for (const visitor of items) meet(visitor)
  order.value = [...new Set([...before, ...items.map(({ id }) => id)])]
  phase.value = 'ready'
}

/** The beginning of the list. Without new filters what is shown stays until it is there, and as long as it was. */
export const loadList = async (wanted: Filters): Promise<void> => {
  const anew = JSON.stringify(wanted) !== JSON.stringify(filters.value)
  filters.value = wanted
  newcomers.clear()
  if (anew || phase.value === 'failed') phase.value = 'loading'
  // While a list is on its way, those who are kept are of the one before.
  const before = phase.value === 'loading' ? [] : order.value
  looking.value = false
  const onPart = (items: readonly Visitor[]): void => {
    looking.value = true
    if (!before.length) show(items, phase.value === 'loading' ? [] : order.value)
  }
  const answer = await fetchPage(Math.min(Math.max(before.length, PAGE), MOST), { onPart })
  if (!answer) return
  looking.value = false
  if (!answer.ok) {
    problem.value = answer.message
    if (!before.length) phase.value = 'failed'
    return
  }
  for (const visitor of answer.value.items) meet(visitor)
  const ids = answer.value.items.map(({ id }) => id)
  const deeper = answer.value.nextCursor !== null && before.length > ids.length
  order.value = deeper ? [...new Set([...ids, ...before])] : ids
  if (!deeper) nextCursor.value = answer.value.nextCursor
  phase.value = 'ready'
  seedFeed(answer.value.items, Date.now())
}

export const reloadList = (): Promise<void> => loadList(filters.value)

export const loadMore = async (): Promise<void> => {
  if (!nextCursor.value || fetchingMore.value) return
  fetchingMore.value = true
  const onPart = (items: readonly Visitor[]): void => show(items, order.value)
  const answer = await fetchPage(PAGE, { cursor: nextCursor.value, onPart })
  fetchingMore.value = false
  if (!answer?.ok) return
  show(answer.value.items, order.value)
  nextCursor.value = answer.value.nextCursor
}

/** Puts everybody where they belong by now. Whoever belongs beyond what is loaded waits for that page. */
export const settle = (): void => {
  settling = false
  if (phase.value !== 'ready') return
  const shown = present(order.value).filter((visitor) => admits(filters.value, visitor) !== false)
  const tail = nextCursor.value ? shown.at(-1) : undefined
  const compare = inOrder(filters.value.sort)
  const listed = new Set(order.value)
  const arrived = present(newcomers).filter(
    (visitor) => !listed.has(visitor.id) && admits(filters.value, visitor) && (!tail || compare(visitor, tail) < 0),
  )
  newcomers.clear()
  const ids = [...shown, ...arrived].sort(compare).map(({ id }) => id)
  if (ids.join() !== order.value.join()) order.value = ids
}

/** Notes that these visitors changed. */
export const noteChanged = (visitors: readonly Visitor[]): void => {
  for (const { id } of visitors) newcomers.add(id)
  if (settling || !visitors.length) return
  settling = true
  setTimeout(settle, SETTLE_MS)
}
