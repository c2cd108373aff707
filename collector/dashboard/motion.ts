/** Movement that explains a change. None for readers who asked for none. */
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

export const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

const MOVE = { duration: 420, easing: 'cubic-bezier(.2, .7, .2, 1)' }

/** Rows farther from the window than this are not worth moving, nor measuring. */
const NEAR = 200

const topOf = (row: Element): number => row.getBoundingClientRect().top

/** The rows near the window. They stand one below the other, so the first is found by halving. */
const rowsNear = (box: HTMLElement): HTMLElement[] => {
  const rows = [...box.children] as HTMLElement[]
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (topOf(rows[middle]!) < -NEAR) low = middle + 1
    else high = middle
  }
  const end = rows.slice(low).findIndex((row) => topOf(row) > innerHeight + NEAR)
  return rows.slice(low, end < 0 ? undefined : low + end)
}

/** Where the rows stand before the change that is being drawn, and which element has the focus. */
const remember = (box: HTMLElement | null, order: readonly string[]) => ({
  tops: new Map(box ? rowsNear(box).map((row) => [row.dataset.key, topOf(row)]) : []),
  known: new Set<string | undefined>(order),
  focused: document.activeElement,
})

/** To ask an element for its animations has the browser work out its style: we know which ones we began. */
const begun = new WeakMap<HTMLElement, Animation>()

const animate = (row: HTMLElement, frames: PropertyIndexedKeyframes): void => {
  begun.set(row, row.animate(frames, MOVE))
}

/** All tops are read before anything is set to move, or each would be worked out anew. */
const moveAll = (rows: readonly HTMLElement[], tops: ReadonlyMap<string | undefined, number>, known: Known): void => {
  for (const row of rows) begun.get(row)?.cancel()
  const now = rows.map(topOf)
  for (const [i, row] of rows.entries()) {
    const from = tops.get(row.dataset.key)
    if (from !== undefined && from !== now[i]) animate(row, { transform: [`translateY(${from - now[i]!}px)`, 'none'] })
    else if (!known.has(row.dataset.key)) animate(row, { opacity: [0, 1] })
  }
}

type Known = ReadonlySet<string | undefined>

/**
 * Lets the rows of a list glide to their new places whenever `order` changes, and keeps the focus on the row that has
 * it, since moving an element in the document takes the focus from it.
 */
export const useGlide = (box: RefObject<HTMLElement | null>, order: readonly string[]): void => {
  const last = useRef(order)
  const changed = last.current !== order
  const before = changed ? remember(box.current, last.current) : undefined
  last.current = order
  useLayoutEffect(() => {
    if (!before || !box.current) return
    const { focused, tops, known } = before
    if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement) {
      focused.focus({ preventScroll: true })
    }
    if (!tops.size || isStill()) return
    moveAll(rowsNear(box.current), tops, known)
  }, [order])
}

/** Lights an element up for a moment each time the value changes. */
export const useFlash = (element: RefObject<HTMLElement | null>, value: string): void => {
  const last = useRef(value)
  useLayoutEffect(() => {
    if (last.current !== value && !isStill()) element.current?.animate({ opacity: [0.3, 1] }, { duration: 600 })
    last.current = value
  }, [value])
}
