/** What outlasts the page in this browser, and under which id it knows the visitor. */
import { options, words } from './options.ts'
import { random } from './random.ts'
import { safe } from './safe.ts'

/** The browser's storage; what stands in for it lasts as long as the page. */
export let storage: Record<string, string> = {}
/** The domain whose subdomains share the visitor. */
let shared: string | undefined
/** Unset where the browser is to keep nothing. */
export let visitor: string | undefined

const isCookieless = (): boolean => /cookieless/.test(options.consent!)

/** Where mere access to storage throws, nothing is kept. */
export const openStorage = safe((): void => {
  if (isCookieless()) return
  // The longest of which all domains are part: `example.com` of `www.example.com,shop.example.com`.
  shared = /^(?:[^,]*?\.)??([^,]+)(?:,(?:[^,]*\.)?\1)*$/.exec(`${words(options.domains)}`)?.[1]
  storage = localStorage ?? storage
})

/** The visitor's id, or `denied`, if one was kept. */
export const recall = (): string | undefined =>
  shared ? document.cookie.match(/leadlight.visitor=(\w+)/)?.[1] : storage['leadlight.visitor']

/** Without a value, forgets. Browsers cut a cookie's life to 400 days. */
export const keep = safe((value: string): void => {
  if (shared) {
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not everywhere, and answers too late
    document.cookie = `leadlight.visitor=${value};domain=${shared};path=/;samesite=lax;max-age=${value && 34e6}`
  } else if (value) storage['leadlight.visitor'] = value
  else delete storage['leadlight.visitor']
})

/** Knows the visitor by the id that was kept, or else by a new one. */
export const meet = (): void => {
  const known = recall()
  if (isCookieless()) return
  visitor = known?.[9] ? known : random(32, 16)
  keep(visitor)
}
