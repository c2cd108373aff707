/**
 * What the owner set: on the script tag (`data-site`), in its address (`?site=`, since tag managers strip `data-*`),
 * or in the call of `init`.
 *
 * The collector may put a site's own settings before the script, as `self.leadlightSite={consent:"required",…};` with
 * any of the names below. They are read once and removed. Of two consent modes the stricter counts: both are kept.
 */

type Words = string | readonly (string | undefined)[]

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

/** One set per copy of the snippet. */
export let options: Options
/** Where events go. */
export let address: string
/** Matches the addresses of this site: of the hosts that were named and those below them, or else of this host. */
export let ownAddress: RegExp
/** Matches the names of fields and parameters that hold a search. */
export let searchName: RegExp
/** Matches the addresses of files that one downloads. */
export let fileAddress: RegExp

const FILES = 'pdf|docx?|xlsx?|pptx?|od.|csv|txt|rtf|epub|zip|rar|7z|gz|tgz|dmg|pkg|exe|msi|deb|rpm|apk|mp[34]|wav|mov'

/** Matches any of the words, after and before what is given. */
const anyOf = (words: Words, before: string, after: string): RegExp =>
  new RegExp(`${before}(${`${words}`.replace(/[\s,]+/g, '|')})${after}`, 'i')

export const setOptions = (given: Options): void => {
  options = given
  address = options.endpoint!.replace(/\/?$/, '/e')
  ownAddress = anyOf(options.domains || location.hostname, '^\\w+://([^/]*\\.)?', '[:/]')
  searchName = anyOf(options.searchParams ?? 'q,query,s,search', '^', '$')
  fileAddress = anyOf([FILES, options.downloads as string], '^[^?#]*\\.', '([?#]|$)')
}
