/** Of a long list, the rows near the window, and the one with the focus: no others are in the document. */
import {
  observeWindowOffset,
  observeWindowRect,
  Virtualizer,
  type VirtualizerOptions,
  windowScroll,
} from '@tanstack/virtual-core'
import type { RefObject } from 'preact'
import { useLayoutEffect, useMemo, useReducer, useState } from 'preact/hooks'
import { measure, type Rows, shown, sizeOf, watch } from './heights.ts'
import { seenIn, useFocusKept, useHold } from './hold.ts'

/** Rows on either side of the window, so that whoever scrolls comes upon them and not upon nothing. */
const BESIDE = 8

export interface Placed {
  readonly id: string
  readonly index: number
  /** Px below the list's top, of one that does not stand among the others. */
  readonly apart: number | undefined
}

export interface Near {
  readonly rows: readonly Placed[]
  /** Px that all the rows take which are not in the document. */
  readonly above: number
  readonly below: number
}

interface Listed {
  readonly box: RefObject<HTMLElement | null>
  readonly ids: readonly string[]
  /** Whose row is there in any case, as long as no other has the focus. */
  readonly kept: string | undefined
}

/** The row with the focus stays where it is scrolled to, with its neighbours: the keyboard goes on to them. */
const heldIn = ({ box, ids, kept }: Listed): readonly number[] => {
  const active = document.activeElement
  const focused = box.current?.contains(active) ? active?.closest<HTMLElement>('tr')?.dataset.key : undefined
  const at = ids.indexOf(focused ?? kept ?? '')
  return at < 0 ? [] : [at - 1, at, at + 1].filter((index) => index in ids)
}

const place = (rows: Rows, listed: Listed): Near => {
  const { scrollMargin: top } = rows.options
  const among = rows.getVirtualItems()
  const [first, last] = [among[0], among.at(-1)]
  if (!first || !last) return { rows: [], above: 0, below: rows.getTotalSize() }
  const isApart = (index: number): boolean => index < first.index || index > last.index
  const placed = (index: number): Placed => {
    const apart = isApart(index) ? rows.measurementsCache[index]!.start - top : undefined
    return { id: listed.ids[index]!, index, apart }
  }
  const held = heldIn(listed).filter(isApart)
  const indexes = [...held, ...among.map(({ index }) => index)].sort((a, b) => a - b)
  const below = Math.max(0, rows.getTotalSize() - (last.end - top))
  return { rows: indexes.map(placed), above: Math.max(0, first.start - top), below }
}

/** All rows while the page is printed. */
const usePrinting = (): boolean => {
  const [isPrinting, setPrinting] = useState(false)
  useLayoutEffect(() => {
    const listening = new AbortController()
    const { signal } = listening
    window.addEventListener('beforeprint', () => setPrinting(true), { signal })
    window.addEventListener('afterprint', () => setPrinting(false), { signal })
    return () => listening.abort()
  }, [])
  return isPrinting
}

const useRedraw = (): (() => void) => {
  const [, redraw] = useReducer<number, void>((n) => n + 1, 0)
  return redraw as () => void
}

const sizeOfWindow = () => ({ width: window.innerWidth, height: window.innerHeight })

const useRows = (ids: readonly string[], top: number, redraw: () => void): Rows => {
  const isPrinting = usePrinting()
  const [initialRect] = useState(sizeOfWindow)
  const getItemKey = useMemo(() => (index: number) => ids[index]!, [ids])
  const options: VirtualizerOptions<Window, HTMLElement> = {
    ...{ count: ids.length, getItemKey, scrollMargin: top, overscan: isPrinting ? ids.length : BESIDE },
    ...{ estimateSize: () => shown.usual, initialMeasurementsCache: shown.sizes, measureElement: sizeOf },
    ...{ getScrollElement: () => window, initialRect, initialOffset: () => window.scrollY, onChange: redraw },
    ...{ observeElementRect: observeWindowRect, observeElementOffset: observeWindowOffset, scrollToFn: windowScroll },
  }
  const [rows] = useState(() => new Virtualizer(options))
  const seen = seenIn(rows)
  rows.setOptions(options)
  useHold(rows, ids, seen)
  return rows
}

export const useNear = (listed: Listed): Near => {
  const { box, ids } = listed
  const redraw = useRedraw()
  const [top, setTop] = useState(shown.top)
  const rows = useRows(ids, top, redraw)
  useFocusKept(box)
  useLayoutEffect(() => {
    rows._willUpdate()
    if (box.current) measure(rows, box.current)
  })
  useLayoutEffect(() => {
    const ends = [rows._didMount(), watch(rows, box.current!, setTop)]
    return () => {
      shown.sizes = rows.takeSnapshot()
      for (const end of ends) end()
    }
  }, [])
  return place(rows, listed)
}
