/** Types of the package entry, as they ship. */
export type Funnel = 'tofu' | 'mofu' | 'bofu'
/** A value of a trait or property: what JSON holds. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export interface Tag {
  readonly funnel?: Funnel
  readonly signal?: string
  readonly topic?: string
}
export interface Options {
  /** The public key of the site. */
  readonly site: string
  /** The collector's address, to which `/e` is added. */
  readonly endpoint: string
  /** `required`: nothing before consent. `cookieless`: nothing is stored. Or both words. */
  readonly consent?: string
  /** Whether the hash is part of the page. */
  readonly hash?: boolean
  /** Whether page views come by `page()` alone. */
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

/** Starts observing; once per page, and only in a browser. What is called before is kept until then. */
export const init: (options: Options) => void
export const track: (name: string, props?: { readonly [name: string]: Json }) => void
export const identify: (traits: { readonly [name: string]: Json }) => void
/** A page view, where they do not come by themselves. */
export const page: (tag?: Tag) => void
/** Progress of a player that is not an element of the page. */
export const media: (name: string, percent: number, tag?: Tag) => void
export const consent: (state: 'granted' | 'denied') => void
/** Somebody else from here on, as after signing out. */
export const reset: () => void
/** Only where the site opted in. */
export const on: (what: 'stage', callback: (stage: string) => void) => void
export const stop: () => void
