/** What outlasts the page in this browser, and under which id it knows the visitor. */
import { options, words } from './options.ts'
import { safe } from './safe.ts'

/** Seconds; browsers cut a cookie's life to 400 days. */
const AGE = 34_560_000

/** The browser's storage; what stands in for it lasts as long as the page. */
export let storage: Record<string, string> = {}
/** The domain whose subdomains share the visitor: the longest that all of the owner's are, or are below. */
let shared = ''

/** Whether a host is one of the domains, or below one. */
export const isBelow = (host: string, domains: readonly string[]): boolean =>
  domains.some((domain) => `.${host}`.endsWith(`.${domain}`))

/** Nothing is kept for a site without cookies; nor where mere access to storage throws. */
export const openStorage = safe((): void => {
  if (/cookieless/.test(options.consent ?? '')) return
  const domains = words(options.domains)
  shared = domains[0] ?? ''
  while (!domains.every((domain) => isBelow(domain, [shared]))) shared = shared.replace(/^[^.]*\.?/, '')
  storage = localStorage
})

/** The visitor's id, or `denied`, if one was kept. */
export const recall = (): string | undefined =>
  shared ? document.cookie.match(/leadlight.visitor=(\w+)/)?.[1] : storage['leadlight.visitor']

/** Without a value, forgets. */
export const keep = safe((value: string): void => {
  // The cookie store is not everywhere, and the page may be gone before it answers.

  if (shared) {
    // biome-ignore lint/suspicious/noDocumentCookie: see above
    document.cookie = `leadlight.visitor=${value};domain=${shared};path=/;samesite=lax;max-age=${value && AGE}`
  } else if (value) storage['leadlight.visitor'] = value
  else delete storage['leadlight.visitor']
})
