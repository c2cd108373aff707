/** What is known of a request beside its body, as the guard looks at it; and what must be remembered to know it. */
import type { ConsentEvent, VisitorEvent } from '../shared/event.ts'
import { emailIn } from '../shared/identity.ts'
import type { Batch, Who } from './ingest/batch.ts'
import type { Circumstances } from './ingest/guard.ts'
import { isIgnored, isStaff } from './ingest/own-traffic.ts'
import { createPace } from './ingest/pace.ts'
import { createRecent } from './ingest/recent.ts'
import { isReferrerSpam } from './ingest/referrer-spam.ts'
import type { RawBody } from './raw-body.ts'
import type { EventLog, Site } from './store/store.ts'

/** What visitors said of consent in bodies on their way into the log, which does not know it yet: see `consentsIn`. */
export type Told = Map<string, ConsentEvent['state']>

export interface CircumstancesOptions {
  readonly log: Pick<EventLog, 'consentOf' | 'emailOf'>
  readonly signalOf: (name: string) => string | undefined
}

export interface Request {
  readonly site: Site
  readonly source: 'browser' | 'server'
  readonly batch: Batch
  readonly told: Told
}

/** Views that were not counted, and people found to be the site's own: those last met. */
const REMEMBERED = 10_000

export const personKey = (site: Site, name: string | undefined): string => `${site.name}\0${name}`

/** What is said of consent, in its order, and by whom: see `personKey`. */
export const consentsIn = ({ site, batch }: Pick<Request, 'site' | 'batch'>) =>
  batch.events.flatMap(({ who, event }) =>
    event.type === 'consent' ? [{ person: personKey(site, who.anonymous), state: event.state }] : [],
  )

export const createCircumstances = ({ log, signalOf }: CircumstancesOptions) => {
  const isHasty = createPace()
  const uncounted = createRecent<boolean>(REMEMBERED)
  const own = createRecent<true>(REMEMBERED)

  /** Everything that happens on such a page goes with it. */
  const ignoring = (origin: string | undefined, { site }: Request) => {
    const { ignores = [] } = site.settings
    if (ignores.length === 0) return undefined
    const isWhole = origin !== undefined && isIgnored(origin, ignores)
    return (event: VisitorEvent): boolean => {
      const view = personKey(site, event.view)
      if (event.type !== 'page' || event.url === undefined)
        return isWhole || (event.view !== undefined && uncounted.get(view) === true)
      const isOut = isWhole || isIgnored(event.url, ignores)
      uncounted.set(view, isOut)
      return isOut
    }
  }

  const emailsKnown = async ({ site, batch }: Request): Promise<ReadonlyMap<string, string | undefined>> => {
    const known = new Map<string, string | undefined>()
    for (const { who } of batch.events)
      for (const [kind, value] of [
        ['anonymous', who.anonymous],
        ['user', who.user],
      ] as const)
        if (value !== undefined && !known.has(value)) known.set(value, await log.emailOf(site.name, { kind, value }))
    return known
  }

  /** Who once told an address of the company is known by name from then on. */
  const spotting = async (request: Request) => {
    const { site } = request
    const { staff = [] } = site.settings
    if (staff.length === 0) return undefined
    const known = await emailsKnown(request)
    return (event: VisitorEvent, who: Who): boolean => {
      const names = [who.anonymous, who.user].filter((name) => name !== undefined)
      const emails = [emailIn(event), ...names.map((name) => known.get(name))]
      const isOwn = names.some((name) => own.get(personKey(site, name))) || isStaff(who, emails, staff)
      if (isOwn) for (const name of names) own.set(personKey(site, name), true)
      return isOwn
    }
  }

  const consentGiven = async ({ site, source, batch, told }: Request): Promise<ConsentEvent['state'] | undefined> => {
    const anonymous = batch.events[0]?.who.anonymous
    if (site.settings.consent !== 'required' || source !== 'browser' || anonymous === undefined) return undefined
    return told.get(personKey(site, anonymous)) ?? (await log.consentOf(site.name, anonymous))
  }

  return async (
    { userAgent, purpose, origin }: RawBody,
    request: Request,
  ): Promise<Circumstances & { readonly honoursGpc: boolean }> => {
    const { site, source } = request
    const { allowsAutomation, allowsPurchase, consent, honoursGpc } = site.settings
    const ignores = ignoring(origin, request)
    const spots = await spotting(request)
    const mayHurry = source === 'server' || allowsAutomation
    return {
      source,
      userAgent,
      purpose,
      honoursGpc,
      site: { allowsAutomation, allowsPurchase, requiresConsent: consent === 'required' },
      consent: await consentGiven(request),
      signalOf,
      isSpam: isReferrerSpam,
      ...(ignores && { isIgnored: ignores }),
      ...(spots && { isStaff: spots }),
      ...(!mayHurry && { isHasty: (event, { anonymous }) => isHasty(personKey(site, anonymous), event) }),
    }
  }
}
