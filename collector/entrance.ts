/** Lets a body in, or turns it away: its key, its origin, what ingest reads in it, what the guard lets through. */

import { consentsIn, createCircumstances, type Told } from './circumstances.ts'
import { type Batch, isRefusal, type Refusal, type Rejection } from './ingest/batch.ts'
import { dropErased, type IsErased } from './ingest/erased.ts'
import { guard } from './ingest/guard.ts'
import { parseSegment } from './ingest/segment.ts'
import { parseSnippet } from './ingest/snippet.ts'
import type { Answer, RawBody, Reason } from './raw-body.ts'
import type { EventLog, Rejected, Site } from './store/store.ts'
import { createThrottle } from './throttle.ts'

/** Whom a key lets in, and as what. */
export interface Admission {
  readonly site: Site
  readonly source: 'browser' | 'server'
}

/** A body that was not let in: it is answered, and listed with the reason. */
export interface Turned {
  readonly answer: Answer
  readonly rejected: Rejected
}

/** A body that was let in: what is to be appended of it. */
export interface Entry {
  readonly body: RawBody
  readonly site: Site
  readonly batch: Batch
}

export interface EntranceOptions {
  readonly log: Pick<EventLog, 'consentOf' | 'emailOf'>
  readonly admit: (key: string) => Admission | undefined
  readonly digest: (text: string) => string
  readonly isErased?: IsErased
  readonly signalOf: (name: string) => string | undefined
  /** Bodies taken for one site; 0 or nothing: any number. */
  readonly perMinute?: number
  readonly isOutage: (error: unknown) => boolean
  readonly report: (error: unknown) => void
}

export type Enter = (body: RawBody, told: Told) => Promise<Entry | Turned>

export const createEntrance = (options: EntranceOptions): Enter => {
  const { log, admit, digest, isErased = () => false, signalOf, perMinute = 0, isOutage, report } = options
  const circumstancesOf = createCircumstances({ log, signalOf })
  const throttle = createThrottle(perMinute)

  const parse = (body: RawBody, source: Admission['source']): Batch | Refusal => {
    const visitor = source === 'browser' && { visitor: nameFor(body) }
    const arrival = { received: body.received, source, digest, ...visitor, ...(body.origin && { origin: body.origin }) }
    return body.kind === 'snippet' ? parseSnippet(body.text, arrival) : parseSegment(body.text, body.kind, arrival)
  }

  /** A site without storage in the browser knows nobody by an id from there; a snippet without one asks for the same. */
  const nameFor =
    ({ kind, key: shown, stranger }: RawBody) =>
    (key: string | undefined, named: string | undefined): string | undefined => {
      const site = admit(shown ?? key ?? '')?.site
      const isCookieless = site?.settings.consent === 'cookieless' || (kind === 'snippet' && named === undefined)
      if (!isCookieless) return named
      return site && stranger && digest(`${site.key} ${stranger}`)
    }

  const enter = async (body: RawBody, told: Told): Promise<Entry | Turned> => {
    const turn = turnAway(body)
    if (body.refused) return turn(body.refused)
    const early = body.key === undefined ? undefined : admit(body.key)
    if (body.key !== undefined && !early) return turn(UNKNOWN_KEY)
    const source = body.kind === 'snippet' ? 'browser' : (early?.source ?? 'browser')
    const first = parse(body, source)
    if (isRefusal(first)) return turn(first)
    const admission = early ?? (first.key === undefined ? undefined : admit(first.key))
    if (!admission) return turn(UNKNOWN_KEY)
    const { site } = admission
    if (throttle(site.name, body.received) !== 'in') return turn({ ...TOO_OFTEN, site: site.name })
    const isBrowser = body.kind === 'snippet' || admission.source === 'browser'
    if (isBrowser && !isAllowed(body.origin, site)) return turn({ ...BLOCKED_ORIGIN, site: site.name })
    // A secret key in the body was not known before the body was read: now its word counts for more.
    const batch = isBrowser || source === 'server' ? first : (parse(body, 'server') as Batch)
    const circumstances = await circumstancesOf(body, { site, batch, source: isBrowser ? 'browser' : 'server', told })
    const passed = isOptedOut(body, circumstances) ? optOut(batch) : guard(batch, circumstances)
    const guarded = dropErased(passed, site.name, isErased)
    for (const { person, state } of consentsIn({ site, batch: guarded })) told.set(person, state)
    return { body, site, batch: guarded }
  }

  /** A body that makes ingest itself fail is one that nobody should send again. */
  const enterSafely: Enter = async (body, told) => {
    try {
      return await enter(body, told)
    } catch (error) {
      if (isOutage(error)) throw error
      report(error)
      return turnAway(body)(UNREADABLE)
    }
  }

  return enterSafely
}

const isAllowed = (origin: string | undefined, { settings: { origins } }: Site): boolean =>
  origins.length === 0 || (origin !== undefined && origins.includes(hostOf(origin)))

const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).host : '')

const isOptedOut = (body: RawBody, { source, honoursGpc }: { source: string; honoursGpc: boolean }): boolean =>
  body.optedOut === true && source === 'browser' && honoursGpc

const optOut = (batch: Batch): Batch => {
  const refused = batch.events.map(
    ({ index, event }): Rejection => ({
      index,
      id: event.id,
      code: 'opted_out',
      message: 'the browser asks not to be tracked',
    }),
  )
  return { ...batch, events: [], rejected: [...batch.rejected, ...refused].sort((a, b) => a.index - b.index) }
}

const turnAway =
  ({ received }: RawBody) =>
  ({ status, code, message, site }: Reason): Turned => ({
    answer: { status, body: JSON.stringify({ error: { code, message } }) },
    rejected: { at: received, site, id: null, code, message },
  })

const UNKNOWN_KEY: Reason = {
  status: 401,
  code: 'unknown_key',
  message: 'The key is missing or not known here. Take it from the setup page.',
}
const UNREADABLE: Reason = {
  status: 400,
  code: 'unreadable',
  message: 'The collector failed to read this body. Its log says why; sent again, it fails again.',
}
const TOO_OFTEN: Reason = {
  status: 429,
  code: 'too_often',
  message: 'This site has sent more than it may in a minute. Send it again later, or raise LEADLIGHT_RATE_SITE.',
}
const BLOCKED_ORIGIN: Reason = {
  status: 403,
  code: 'origin',
  message: 'This site takes no events from that origin. Add it to its list of origins.',
}
