/** Where a `page` or `screen` call happened: its properties first, then what the library saw. */
import type { PageEvent } from '../../shared/event.ts'
import { type Context, PageProperties } from './schema.ts'
import { toPercent, toSeconds } from './shape.ts'
import { CAPS, cleanIf, tagOf } from './text.ts'
import { cleanReferrer, cleanUrl } from './url.ts'

/** Segment's names for a campaign -> the parameters everybody else reads. */
const CAMPAIGN = {
  name: 'utm_campaign',
  source: 'utm_source',
  medium: 'utm_medium',
  term: 'utm_term',
  content: 'utm_content',
} as const

const isPath = (text: string | undefined): text is string => text?.startsWith('/') === true

const addressOf = (properties: PageProperties, page: PageProperties, origin: string | undefined): URL | undefined => {
  const given = properties.url ?? properties.path ?? page.url ?? page.path
  if (given === undefined) return
  return URL.parse(given, isPath(given) ? (page.url ?? origin) : undefined) ?? undefined
}

const withCampaign = (url: URL, campaign: Context['campaign']): URL => {
  for (const [name, parameter] of Object.entries(CAMPAIGN)) {
    const value = campaign?.[name]
    if (typeof value === 'string' && value && !url.searchParams.has(parameter)) url.searchParams.set(parameter, value)
  }
  return url
}

const urlOf = (properties: PageProperties, context: Context, origin: string | undefined): string | undefined => {
  const page = context.page ?? {}
  const url = addressOf(properties, page, origin)
  if (!url) return
  const search = properties.search ?? page.search
  if (search && !url.search) url.search = search
  return cleanUrl(withCampaign(url, context.campaign).href)
}

type Place = Omit<PageEvent, 'id' | 'at' | 'source' | 'type'>

/** Reads the place of a page or screen called `name`. */
export const placeOf = (
  { name, properties }: { readonly name?: string | null; readonly properties?: object | null },
  context: Context,
  origin: string | undefined,
): Place => {
  const own = PageProperties.parse(properties ?? {})
  return {
    url: urlOf(own, context, origin),
    title: cleanIf(own.title ?? context.page?.title ?? name, CAPS.title),
    referrer: cleanReferrer(own.referrer ?? context.page?.referrer),
    funnel: own.funnel,
    signal: tagOf(own.signal),
    topic: tagOf(own.topic),
    seconds: own.engagedSeconds === undefined ? undefined : toSeconds(own.engagedSeconds),
    scroll: own.scrollPercent === undefined ? undefined : toPercent(own.scrollPercent),
  }
}
