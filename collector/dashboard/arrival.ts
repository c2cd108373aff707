/** Coming to a view: the top of it, or where one left it; and the focus where a keyboard would go on. */
import { useLayoutEffect, useRef } from 'preact/hooks'

/** Only of the list: a visitor's page may have changed altogether. */
const LIST = '/'

let last = ''

/** The path of the view before the one that is shown. */
export const cameFrom = (): string => last

const rowOf = (path: string) => document.querySelector<HTMLElement>(`.hot a[href="#${CSS.escape(path)}"]`)
const topOf = (row: HTMLElement | null): number | undefined => row?.getBoundingClientRect().top

export const useArrival = (path: string): void => {
  const from = useRef(path)
  /** How far down, and how far down the window the row was that leads away. */
  const left = useRef<{ y: number; top: number | undefined }>({ y: 0, top: undefined })
  const came = from.current
  if (came === LIST && path !== LIST) left.current = { y: window.scrollY, top: topOf(rowOf(path)) }
  if (came !== path) last = came
  from.current = path
  useLayoutEffect(() => {
    if (came === path) return
    const { y, top } = left.current
    window.scrollTo(0, path === LIST ? y : 0)
    const opened = path === LIST ? rowOf(came) : null
    // The heights of rows that nobody has come upon are guessed: their sum is not the same again.
    const now = topOf(opened)
    if (now !== undefined && top !== undefined) window.scrollBy(0, now - top)
    const target = opened || document.getElementById('content')
    target?.focus({ preventScroll: true })
  }, [path])
}
