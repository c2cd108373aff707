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

const move = (row: HTMLElement, from: number | undefined, isNew: boolean): void => {
  for (const running of row.getAnimations()) running.cancel()
  if (isNew) row.animate({ opacity: [0, 1] }, MOVE)
  const top = topOf(row)
  if (from !== undefined && from !== top) row.animate({ transform: [`translateY(${from - top}px)`, 'none'] }, MOVE)
}

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
    for (const row of rowsNear(box.current)) move(row, tops.get(row.dataset.key), !known.has(row.dataset.key!))
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
