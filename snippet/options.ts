/**
 * What the owner set: on the script tag (`data-site`), in its address (`?site=`, since tag managers strip `data-*`),
 * or in the call of `init`.
 *
 * The collector may put a site's own settings before the script, as `self.leadlightSite={consent:"required",…};` with
 * any of the names below. They are read once and removed. Of two consent modes the stricter counts: both are kept.
 */

type Words = string | readonly (string | undefined)[] | undefined

export interface Options {
  /** The public key of the site. */
  readonly site?: string
  /** The collector's address, to which `/e` is added. By default the folder of the script. */
  readonly endpoint?: string
  /** `required`: nothing before consent. `cookieless`: nothing is stored. Or both words. */
  readonly consent?: string
  /** Whether the hash is part of the page. */
  readonly hash?: boolean
  /** Whether page views come by `leadlight('page')` alone. */
  readonly manual?: boolean
  /** Only on these hosts and those below them; one identity across their common parent domain. */
  readonly domains?: string | readonly string[]
  /** Names of query parameters that hold an on-site search. */
  readonly searchParams?: string | readonly string[]
  /** Extensions of files that are downloads, beside the usual ones. */
  readonly downloads?: string | readonly string[]
  /** `false`: Global Privacy Control and Do Not Track do not count. */
  readonly gpc?: boolean
}

declare global {
  interface Window {
    leadlightSite?: Options
  }
}

/** One set per copy of the snippet. */
export let options: Options = {}

export const setOptions = (given: Options): void => {
  options = given
}

/** The words of an option that takes several. */
export const words = (value: Words): readonly string[] => `${value ?? ''}`.match(/[^\s,]+/g) ?? []

/** Matches what ends in one of the words, after what stands before it. */
export const endingIn = (before: string, value: Words): RegExp =>
  new RegExp(`${before}(${words(value).join('|')})$`, 'i')

/** Matches these hosts and those below them. */
export const hostsOf = (value: Words): RegExp => endingIn('(^|\\.)', value)

/** The options of the running script. An attribute without a value is on. */
export const readOptions = (): Options => {
  const script = (document.currentScript ?? document.querySelector('script[src*=leadlight]')) as HTMLScriptElement
  const url = new URL(script.src)
  const site = window.leadlightSite
  delete window.leadlightSite
  const own: Record<string, string | true> = Object.assign(Object.fromEntries(url.searchParams), script.dataset)
  for (const name in own) own[name] ||= true
  return { endpoint: new URL('.', url).href, ...site, ...own, consent: `${site?.consent} ${own.consent}` }
}
