/** Movement that explains a change. None for readers who asked for none. */
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

export const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

const MOVE = { duration: 420, easing: 'cubic-bezier(.2, .7, .2, 1)' }

const topOf = (row: Element): number => row.getBoundingClientRect().top

const rowsIn = (box: HTMLElement): HTMLElement[] => [...box.children] as HTMLElement[]

/** Where the rows stand before the change that is being drawn. */
const remember = (box: HTMLElement | null, order: readonly string[]) => ({
  tops: new Map(box ? rowsIn(box).map((row) => [row.dataset.key, topOf(row)]) : []),
  known: new Set<string | undefined>(order),
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

/** Lets the rows of a list glide to their new places whenever `order` changes. */
export const useGlide = (box: RefObject<HTMLElement | null>, order: readonly string[]): void => {
  const last = useRef(order)
  const changed = last.current !== order
  const before = changed ? remember(box.current, last.current) : undefined
  last.current = order
  useLayoutEffect(() => {
    if (!before || !box.current) return
    const { tops, known } = before
    if (!tops.size || isStill()) return
    moveAll(rowsIn(box.current), tops, known)
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
