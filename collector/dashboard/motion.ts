/** Movement that explains a change. None for readers who asked for none. */
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

export const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

const MOVE = { duration: 420, easing: 'cubic-bezier(.2, .7, .2, 1)' }

const topOf = (row: Element): number => row.getBoundingClientRect().top

const rowsIn = (box: HTMLElement): HTMLElement[] => [...box.children] as HTMLElement[]

/** To ask an element for its animations has the browser work out its style: we know which ones we began. */
const begun = new WeakMap<HTMLElement, Animation>()

const animate = (row: HTMLElement, frames: PropertyIndexedKeyframes): void => {
  begun.set(row, row.animate(frames, MOVE))
}

type Tops = ReadonlyMap<string | undefined, number>

const topsIn = (box: HTMLElement): Tops => new Map(rowsIn(box).map((row) => [row.dataset.key, topOf(row)]))

/** Rows farther from the window than this are not worth moving. */
const NEAR = 100
const isNear = (top: number | undefined): boolean => top !== undefined && top > -NEAR && top < innerHeight + NEAR

/** Somebody who comes from where nobody looks appears; a pixel is no way to go. */
const move = (row: HTMLElement, from: number | undefined, to: number): void => {
  if (!isNear(from) && !isNear(to)) return
  if (from === undefined || Math.abs(from - to) > innerHeight) animate(row, { opacity: [0, 1] })
  else if (Math.abs(from - to) > 1) animate(row, { transform: [`translateY(${from - to}px)`, 'none'] })
}

/** All tops are read before anything is set to move, or each would be worked out anew. */
const moveAll = (rows: readonly HTMLElement[], tops: Tops): void => {
  for (const row of rows) begun.get(row)?.cancel()
  const now = rows.map(topOf)
  for (const [i, row] of rows.entries()) move(row, tops.get(row.dataset.key), now[i]!)
}

/** Lets the rows of a list that are seen glide to their new places whenever `order` changes. */
export const useGlide = (box: RefObject<HTMLElement | null>, order: readonly string[]): void => {
  const last = useRef(order)
  const tops = last.current !== order && box.current && !isStill() ? topsIn(box.current) : undefined
  last.current = order
  useLayoutEffect(() => {
    if (tops?.size && box.current) moveAll(rowsIn(box.current), tops)
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
