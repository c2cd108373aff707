/** Which events are dropped, and which are kept but never scored: named checks, the first that speaks decides. */
import { isbot } from 'isbot'
import type { ConsentEvent, VisitorEvent } from '../../shared/event.ts'
import type { Arrived, Batch, Issue, Rejection, Who } from './batch.ts'

/** What the site and the request say, beside the body. */
export interface Circumstances {
  readonly source: 'browser' | 'server'
  readonly userAgent: string | undefined
  /** `Sec-Purpose`, or else `Purpose` or `X-Moz`. */
  readonly purpose: string | undefined
  readonly site: {
    readonly allowsAutomation: boolean
    readonly allowsPurchase: boolean
    readonly requiresConsent: boolean
  }
  /** What the visitor last said; a consent event in the batch speaks for those after it. */
  readonly consent: ConsentEvent['state'] | undefined
  readonly isSpam?: (host: string) => boolean
  /** Whether it happened on a page that the site does not count. */
  readonly isIgnored?: (event: VisitorEvent) => boolean
  /** Whether one of the site's own people did it. */
  readonly isStaff?: (event: VisitorEvent, who: Who) => boolean
  /** Whether nobody could have come that far that soon. */
  readonly isHasty?: (event: VisitorEvent, who: Who) => boolean
  /** The signal that the model gives to an event's name (`Order Refunded`), if it has one. */
  readonly signalOf?: (name: string) => string | undefined
}

export type Verdict = { readonly drop: Issue } | { readonly flag: Flag }
export type Flag = 'automated' | 'headless' | 'bot' | 'no_user_agent' | 'prefetch' | 'staff' | 'hasty'

/** The circumstances, looked at once for all events of a batch. */
interface Seen extends Circumstances {
  readonly flag: Flag | undefined
}

/** What a page cannot know, and what only its visitor's word would stand for. */
const COMPANY_ONLY = new Set([
  'won',
  'refund',
  'cancel',
  'churn',
  'opportunity_lost',
  'spam_complaint',
  'product_activation',
])
const AUTOMATION = /headless|phantomjs|puppeteer|playwright|selenium|webdriver|cypress/gi
/** Programs that look at a page and call themselves a browser otherwise. */
const LOOKS_ONLY = /\b(GTmetrix|YLT|Miniature\.io)\b/
const PREFETCH = /prefetch|prerender|preview/i

const fold = (name: string) =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')

/** Every name by which an event may become a signal. */
const namesIn = (event: VisitorEvent, { signalOf }: Circumstances): readonly string[] => {
  const names: string[] = []
  if ('signal' in event && event.signal) names.push(event.signal)
  if (event.type === 'track') names.push(event.name)
  if (event.type === 'form' && event.purpose) names.push(event.purpose)
  return names.flatMap((name) => [name, signalOf?.(name) ?? name]).map(fold)
}

type Check = (event: VisitorEvent, seen: Seen, who: Who) => Verdict | undefined

const needsSecretKey: Check = (event, seen) => {
  if (seen.source === 'server') return
  const isBarred = (name: string) => COMPANY_ONLY.has(name) || (name === 'purchase' && !seen.site.allowsPurchase)
  if (namesIn(event, seen).some(isBarred))
    return { drop: { code: 'not_allowed', message: 'this signal takes a secret write key' } }
}

const needsConsent: Check = (event, { source, site, consent }) =>
  source === 'browser' && site.requiresConsent && consent !== 'granted' && event.type !== 'consent'
    ? { drop: { code: 'consent', message: 'this site takes events only after consent' } }
    : undefined

const comesFromSpam: Check = (event, { isSpam }) =>
  event.type === 'page' && event.referrer && isSpam?.(new URL(event.referrer).hostname)
    ? { drop: { code: 'referrer_spam', message: 'the referrer is on the spam list' } }
    : undefined

const isElsewhere: Check = (event, { isIgnored }) =>
  isIgnored?.(event) ? { drop: { code: 'ignored', message: 'this site does not count that host or path' } } : undefined

const isNoPerson: Check = (_, { flag }) => (flag ? { flag } : undefined)

const isOwnPerson: Check = (event, { isStaff }, who) => (isStaff?.(event, who) ? { flag: 'staff' } : undefined)

const isInHaste: Check = (event, { isHasty }, who) => (isHasty?.(event, who) ? { flag: 'hasty' } : undefined)

/** The checks, in order; the first that speaks decides. */
const CHECKS: readonly Check[] = [
  needsSecretKey,
  needsConsent,
  isElsewhere,
  comesFromSpam,
  isNoPerson,
  isOwnPerson,
  isInHaste,
]

/** What in the request tells that no person looked. Server libraries look like bots, and speak for people. */
const flagOf = ({ source, userAgent, purpose, site }: Circumstances, automated: boolean): Flag | undefined => {
  if (source === 'server') return
  if (purpose && PREFETCH.test(purpose)) return 'prefetch'
  if (!userAgent) return 'no_user_agent'
  const { isBot, isDriven } = lookAt(userAgent)
  if (isBot) return 'bot'
  if (site.allowsAutomation) return
  return automated ? 'automated' : isDriven ? 'headless' : undefined
}

interface Looks {
  readonly isBot: boolean
  readonly isDriven: boolean
}

/** Browsers call themselves by few names, and looking through all that robots do takes as long as reading an event. */
const REMEMBERED = 1000
const looks = new Map<string, Looks>()

const lookAt = (userAgent: string): Looks => {
  const known = looks.get(userAgent)
  if (known) return known
  const driven = userAgent.replace(AUTOMATION, '')
  const seen = { isBot: isbot(driven) || LOOKS_ONLY.test(driven), isDriven: driven !== userAgent }
  if (looks.size >= REMEMBERED) looks.clear()
  if (userAgent.length <= 512) looks.set(userAgent, seen)
  return seen
}

const verdictOn = ({ event, who }: Arrived, seen: Seen): Verdict | undefined => {
  for (const check of CHECKS) {
    const verdict = check(event, seen, who)
    if (verdict) return verdict
  }
}

/** Lets through, flags or drops each event of a batch. */
export const guard = (batch: Batch, circumstances: Circumstances): Batch => {
  const flag = flagOf(circumstances, batch.automated)
  const events: Arrived[] = []
  const dropped: Rejection[] = []
  let seen: Seen = { ...circumstances, flag }
  for (const arrived of batch.events) {
    const { index, event } = arrived
    if (event.type === 'consent') seen = { ...seen, consent: event.state }
    const verdict = verdictOn(arrived, seen)
    if (!verdict) events.push(arrived)
    else if ('flag' in verdict) events.push({ ...arrived, event: { ...event, flagged: verdict.flag } })
    else dropped.push({ index, id: event.id, ...verdict.drop })
  }
  const rejected = dropped.length ? [...batch.rejected, ...dropped].sort((a, b) => a.index - b.index) : batch.rejected
  return { ...batch, events, rejected }
}
