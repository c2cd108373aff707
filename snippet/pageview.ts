/** Page views after the first: the page changes its address, or comes back from the back/forward cache. */
import { listen } from './listen.ts'
import { options } from './options.ts'
import { safe } from './safe.ts'

/** Calls back with each view. The function it returns looks at once whether one is due. */
export const onView = (callback: () => void): (() => void) => {
  /** Milliseconds after which a change of address is one: redirects have run, and the title is the new one. */
  const SETTLE = 100
  const path = () => location.pathname + (options.hash ? location.hash : '')
  const address = () => path() + location.search
  let seen = address()
  let timer: ReturnType<typeof setTimeout> | undefined

  const look = safe((): void => {
    const last = seen
    seen = address()
    if (seen !== last) callback()
  })
  const onChange = (type?: string | null): void => {
    // An address of which only the query is replaced is the same page: filters, and what hydration tidies away.
    if (/^replace/.test(`${type}`) && seen.split('?')[0] === path()) seen = address()
    clearTimeout(timer)
    timer = setTimeout(look, SETTLE)
  }

  const navigation = safe(() => window.navigation)()
  if (navigation) {
    listen<NavigationCurrentEntryChangeEvent>(
      'currententrychange',
      (event) => onChange(event.navigationType),
      navigation,
    )
  } else {
    for (const name of ['pushState', 'replaceState'] as const) {
      const original = history[name]
      history[name] = (...change) => {
        original.apply(history, change)
        onChange(name)
      }
    }
    listen('popstate hashchange', () => onChange())
  }
  listen<PageTransitionEvent>('pageshow', (event) => event.persisted && callback())
  return look
}
