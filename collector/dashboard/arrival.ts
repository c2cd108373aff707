/** Coming to a view: the top of it, or where one left it; and the focus where a keyboard would go on. */
import { useLayoutEffect, useRef } from 'preact/hooks'

/** Only of the list: a visitor's page may have changed altogether. */
const LIST = '/'

export const useArrival = (path: string): void => {
  const from = useRef(path)
  const left = useRef(0)
  const came = from.current
  if (came === LIST && path !== LIST) left.current = window.scrollY
  from.current = path
  useLayoutEffect(() => {
    if (came === path) return
    window.scrollTo(0, path === LIST ? left.current : 0)
    const opened = path === LIST && document.querySelector<HTMLElement>(`.hot a[href="#${CSS.escape(came)}"]`)
    const target = opened || document.getElementById('content')
    target?.focus({ preventScroll: true })
  }, [path])
}
