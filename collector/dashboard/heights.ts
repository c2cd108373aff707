/** How tall the rows of the list are, and where it begins: measured, and remembered for when one comes back to it. */
import type { VirtualItem, Virtualizer } from '@tanstack/virtual-core'

export type Rows = Virtualizer<Window, HTMLElement>

/** As it was when the list was last shown. A row that was never near the window is taken to be as tall as usual. */
export const shown = { top: 0, width: 0, usual: 66, sizes: [] as VirtualItem[] }

const heightOf = (row: Element): number => row.getBoundingClientRect().height

/** To the fraction of a pixel, or the sum over many rows is off; what is known is not asked for again. */
export const sizeOf = (row: HTMLElement, entry: ResizeObserverEntry | undefined, rows: Rows): number =>
  entry?.borderBoxSize[0]?.blockSize ?? rows.itemSizeCache.get(row.dataset.key!) ?? heightOf(row)

export const measure = (rows: Rows, box: HTMLElement): void => {
  for (const row of box.children) rows.measureElement(row as HTMLElement)
  // Lets go of those that are no longer there.
  rows.measureElement(null)
}

/** Tells where the list begins on the page, and forgets how tall its rows were when it becomes wider or narrower. */
export const watch = (rows: Rows, box: HTMLElement, onTop: (top: number) => void): (() => void) => {
  const look = (): void => {
    const { top, width } = box.getBoundingClientRect()
    shown.top = Math.round(top + window.scrollY)
    onTop(shown.top)
    if (width === shown.width) return
    const [first] = box.children
    Object.assign(shown, { width, usual: first ? heightOf(first) : shown.usual })
    rows.measure()
  }
  look()
  const observer = new ResizeObserver(look)
  // What is above the list moves it, and makes the page longer or shorter.
  for (const element of [document.body, box]) observer.observe(element)
  return () => observer.disconnect()
}
