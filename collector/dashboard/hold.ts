/** While rows come, go and change places, the page holds still under who reads, and the focus stays where it is. */
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Rows } from './heights.ts'

type Seen = ReadonlyMap<string, number>

/** The rows that are seen, each with where it begins; none where the list's first is among them. */
export const seenIn = (rows: Rows): Seen => {
  const from = rows.scrollOffset ?? 0
  const to = from + (rows.scrollRect?.height ?? 0)
  const seen = rows.getVirtualItems().filter(({ start, end }) => end > from && start < to)
  return new Map(seen[0]?.index ? seen.map(({ key, start }) => [String(key), start]) : [])
}

/** How far most of those who are seen would be carried off. */
const driftOf = (rows: Rows, ids: readonly string[], seen: Seen): number => {
  if (!seen.size) return 0
  rows.getTotalSize() // Works out where each row begins by now.
  const drifts = [...seen].flatMap(([id, start]) => {
    const now = rows.measurementsCache[ids.indexOf(id)]
    return now ? [now.start - start] : []
  })
  return drifts.sort((a, b) => a - b)[drifts.length >> 1] ?? 0
}

/**
 * A new order moves rows, and what comes above the list moves all of it. The page is scrolled along, before it is
 * painted, so that those who were seen before stay where they are, most of them.
 */
export const useHold = (rows: Rows, ids: readonly string[], seen: Seen): void => {
  const { scrollMargin: top } = rows.options
  const last = useRef({ ids, top })
  const before = last.current
  // Until it was measured it is 0.
  const isMoved = before.ids !== ids || (before.top > 0 && before.top !== top)
  const drift = isMoved ? driftOf(rows, ids, seen) : 0
  last.current = { ids, top }
  if (drift) rows.scrollOffset = (rows.scrollOffset ?? 0) + drift
  useLayoutEffect(() => {
    if (drift) window.scrollBy({ top: drift, behavior: 'instant' })
  })
}

/** Moving an element in the document takes the focus from it: the row that had it gets it back. */
export const useFocusKept = (box: RefObject<HTMLElement | null>): void => {
  const focused = document.activeElement
  useLayoutEffect(() => {
    const isLost = document.activeElement === document.body && box.current?.contains(focused)
    if (isLost && focused instanceof HTMLElement) focused.focus({ preventScroll: true })
  })
}
