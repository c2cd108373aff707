/** What outlasts the page in this browser, and under which id it knows the visitor. */
import { options } from './options.ts'
import { random } from './random.ts'
import { run } from './run.ts'

/** The browser's storage; what stands in for it lasts as long as the page. */
export let storage: Record<string, string> = {}
/** The domain whose subdomains share the visitor. */
let shared: string | undefined
/** Unset where the browser is to keep nothing. */
export let visitor: string | undefined

const KEY = 'leadlight.visitor'

const isCookieless = (): boolean => /cookieless/.test(options.consent!)

/** Where mere access to storage throws, nothing is kept. */
export const openStorage = (): void => {
  if (isCookieless()) return
  // The longest of which all domains are part: `example.com` of `www.example.com,shop.example.com`.
  shared = options.domains && /\b([^ ,]+\.[^ ,]+)([ ,]+([^ ,]*\.)?\1)*$/.exec(options.domains as string)?.[1]
  storage = run(() => localStorage) ?? storage
}

/** The visitor's id, or `denied`, if one was kept. */
export const recall = (): string | undefined =>
  run(() => (shared ? document.cookie.match(/leadlight.visitor=(\w+)/)?.[1] : storage[KEY]))

/** Without a value, forgets. Browsers cut a cookie's life to 400 days. */
export const keep = (value: string): void =>
  run(() => {
    if (shared) {
      // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not everywhere, and answers too late
      document.cookie = `${KEY}=${value};domain=${shared};path=/;samesite=lax;max-age=${value && 34e6}`
    } else if (value) storage[KEY] = value
    else delete storage[KEY]
  })

/** Knows the visitor by the id that was kept, or else by a new one. */
export const meet = (): void => {
  if (isCookieless()) return
  visitor = recall()
  if (!visitor?.[9]) visitor = random() + random()
  keep(visitor)
}
