/** Addresses without secrets: no credentials, no hash, and of the query only what tells a campaign or a search. */
import { CAPS } from './text.ts'

/** Parameters kept, beside `utm_*`. Click ids tell paid from unpaid; those that name a person are not among them. */
const KEPT = new Set(
  `ref q s query search keyword hsa_kw gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid fbclid
  msclkid yclid ysclid twclid ttclid li_fat_id rdt_cid sccid epik irclickid cjevent awc wickedid mc_cid _hsmi`.split(
    /\s+/,
  ),
)
const MAX_VALUE = 512

const looksLikeEmail = (value: string) => /\S@\S+\.\S/.test(value.replace(/%40/gi, '@'))

const isKept = ([name, value]: readonly [string, string]) =>
  (KEPT.has(name.toLowerCase()) || name.toLowerCase().startsWith('utm_')) &&
  value.length <= MAX_VALUE &&
  !looksLikeEmail(value)

const cleanQuery = (query: string): string => {
  if (query.length < 2) return ''
  const kept = new URLSearchParams([...new URLSearchParams(query)].filter(isKept)).toString()
  return kept && `?${kept}`
}

/** The hash of a site that routes by it: `#/path` or `#!/path`. Any other may be a secret. */
const routeIn = (hash: string): string => {
  if (!/^#!?\//.test(hash)) return ''
  const [path = '', ...query] = hash.split('?')
  return path + cleanQuery(query.join('?'))
}

const webAddress = (text: string): URL | undefined => {
  const url = URL.parse(text)
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url : undefined
}

/** An http or https address, absolute, at most 2,048 characters: without its query if that makes it fit, else cut. */
export const cleanUrl = (text: string | null | undefined, routesByHash = false): string | undefined => {
  const url = text ? webAddress(text) : undefined
  if (!url) return
  const bare = url.origin + url.pathname
  const whole = bare + cleanQuery(url.search) + (routesByHash ? routeIn(url.hash) : '')
  return whole.length <= CAPS.url ? whole : bare.slice(0, CAPS.url)
}

/** Where a visitor came from: origin and path, never the query. */
export const cleanReferrer = (text: string | null | undefined): string | undefined => {
  const url = text ? webAddress(text) : undefined
  return url && (url.origin + url.pathname).slice(0, CAPS.url)
}

/** What was downloaded; of a file made in the page only the site is known. */
export const cleanDownload = (text: string): string | undefined =>
  cleanUrl(text.startsWith('blob:') ? URL.parse(text)?.origin : text)
