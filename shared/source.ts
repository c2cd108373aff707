/** Where a visit came from: campaign parameters first, then the click, then the referrer. */
import { channelOf, clickOf } from './channel.ts'
import type { PageEvent } from './event.ts'
import { pathOf } from './page-rule.ts'

export interface Touch {
  readonly at: number
  /** utm_medium where it is given; else `cpc`, `organic`, `social`, `ai`, `email`, `referral` or `direct`. */
  readonly medium: string
  /** utm_source where it is given; else what the place is called, `google`, or its host. */
  readonly source?: string | undefined
  readonly campaign?: string | undefined
  /** Host of the page that linked here. */
  readonly referrer?: string | undefined
  readonly landing?: string | undefined
}

/** The touch that a page view is, when it opens a session. */
export const touchOf = ({ at, url, referrer }: PageEvent): Touch => {
  const from = hostOf(referrer)
  const external = from !== undefined && from !== hostOf(url) ? from : undefined
  const query = url?.includes('?') ? new URLSearchParams(url.split('?')[1]?.replace(/#.*$/s, '')) : undefined
  const utm = (name: string): string | undefined => query?.get(`utm_${name}`)?.slice(0, 100) || undefined
  const place = external === undefined ? undefined : channelOf(external)
  const told = (query && clickOf(query)) ?? place
  return {
    at,
    // Assistants put their host into utm_source and leave the medium out.
    medium: utm('medium') ?? (told ?? channelOf(utm('source') ?? ''))?.medium ?? (external ? 'referral' : 'direct'),
    source: utm('source') ?? told?.source ?? external,
    campaign: utm('campaign'),
    referrer: external,
    landing: url === undefined ? undefined : pathOf(url) || '/',
  }
}

/** Of an absolute address, as ingest leaves them. */
const hostOf = (url: string | undefined): string | undefined =>
  url
    ?.split('/', 3)[2]
    ?.toLowerCase()
    .replace(/^www\./, '') || undefined
