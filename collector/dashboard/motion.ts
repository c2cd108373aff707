/** Movement that explains a change. None for readers who asked for none. */
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

export const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

const MOVE = { duration: 420, easing: 'cubic-bezier(.2, .7, .2, 1)' }

const rowsOf = (box: HTMLElement): HTMLElement[] => [...box.querySelectorAll<HTMLElement>('[data-key]')]

/** Only what is near the window is worth moving. */
const isNear = (top: number): boolean => top > -200 && top < innerHeight + 200

/** Where the rows stand before the change that is being drawn, and which element has the focus. */
const remember = (box: HTMLElement | null) => ({
  tops: new Map(box ? rowsOf(box).map((row) => [row.dataset.key, row.getBoundingClientRect().top]) : []),
  focused: document.activeElement,
})

const move = (row: HTMLElement, from: number | undefined): void => {
  for (const running of row.getAnimations()) running.cancel()
  const { top } = row.getBoundingClientRect()
  if (from === undefined) {
    row.animate({ opacity: [0, 1] }, MOVE)
    return
  }
  if (from !== top && (isNear(from) || isNear(top))) {
    row.animate({ transform: [`translateY(${from - top}px)`, 'none'] }, MOVE)
  }
}

/**
 * Lets the rows of a list glide to their new places whenever `order` changes, and keeps the focus on the row that has
 * it, since moving an element in the document takes the focus from it.
 */
export const useGlide = (box: RefObject<HTMLElement | null>, order: readonly string[]): void => {
  const last = useRef(order)
  const changed = last.current !== order
  const before = changed ? remember(box.current) : undefined
  last.current = order
  useLayoutEffect(() => {
    if (!before || !box.current) return
    const { focused, tops } = before
    if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement) {
      focused.focus({ preventScroll: true })
    }
    if (!tops.size || isStill()) return
    for (const row of rowsOf(box.current)) move(row, tops.get(row.dataset.key))
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
