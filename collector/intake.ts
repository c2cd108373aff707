/** Raw bodies in, answers out: ingest, guard, append. The one way in for events. Synchronous up to the append. */
import type { Arriving, Receipt } from '../shared/append.ts'
import { type Batch, isRefusal, type Refusal, type Rejection } from './ingest/batch.ts'
import { type Circumstances, guard } from './ingest/guard.ts'
import { parseSegment, type SegmentKind } from './ingest/segment.ts'
import { parseSnippet } from './ingest/snippet.ts'
import type { EventLog, Rejected, Site } from './store/store.ts'

/** A request body as it came in, with what the request says of it. Crosses threads: plain values only. */
export interface RawBody {
  readonly kind: 'snippet' | SegmentKind
  readonly text: string
  /** Epoch ms. */
  readonly received: number
  /** A key given beside the body. */
  readonly key?: string | undefined
  readonly origin?: string | undefined
  readonly userAgent?: string | undefined
  /** `Sec-Purpose` and its elders. */
  readonly purpose?: string | undefined
  /** Global Privacy Control or Do Not Track. */
  readonly optedOut?: boolean | undefined
}

export interface Answer {
  readonly status: number
  /** JSON. */
  readonly body: string
}

/** Whom a key lets in, and as what. */
export interface Admission {
  readonly site: Site
  readonly source: 'browser' | 'server'
}

export interface IntakeOptions {
  readonly log: Pick<EventLog, 'append' | 'consentOf'>
  readonly admit: (key: string) => Admission | undefined
  readonly digest: (text: string) => string
  readonly signalOf: (name: string) => string | undefined
}

/** A body that was not let in: it is answered, and listed with the reason. */
interface Turned {
  readonly answer: Answer
  readonly rejected: Rejected
}

/** A body that was let in: what is to be appended of it. */
interface Entry {
  readonly body: RawBody
  readonly site: Site
  readonly batch: Batch
}

/** Takes the bodies of one group; the answers come back in the same order, after one append for all of them. */
export type Intake = (bodies: readonly RawBody[]) => Promise<readonly Answer[]>

export const createIntake = ({ log, admit, digest, signalOf }: IntakeOptions): Intake => {
  const parse = (body: RawBody, source: Admission['source']): Batch | Refusal => {
    const arrival = { received: body.received, source, digest, ...(body.origin && { origin: body.origin }) }
    return body.kind === 'snippet' ? parseSnippet(body.text, arrival) : parseSegment(body.text, body.kind, arrival)
  }

  const enter = async (body: RawBody): Promise<Entry | Turned> => {
    const turn = turnAway(body)
    const early = body.key === undefined ? undefined : admit(body.key)
    if (body.key !== undefined && !early) return turn(UNKNOWN_KEY)
    const source = body.kind === 'snippet' ? 'browser' : (early?.source ?? 'browser')
    const first = parse(body, source)
    if (isRefusal(first)) return turn(first)
    const admission = early ?? (first.key === undefined ? undefined : admit(first.key))
    if (!admission) return turn(UNKNOWN_KEY)
    const { site } = admission
    const isBrowser = body.kind === 'snippet' || admission.source === 'browser'
    if (isBrowser && !isAllowed(body.origin, site)) return turn({ ...BLOCKED_ORIGIN, site: site.name })
    // A secret key in the body was not known before the body was read: now its word counts for more.
    const batch = isBrowser || source === 'server' ? first : (parse(body, 'server') as Batch)
    const circumstances = await circumstancesOf(body, { site, batch, source: isBrowser ? 'browser' : 'server' })
    return { body, site, batch: isOptedOut(body, circumstances) ? optOut(batch) : guard(batch, circumstances) }
  }

  const circumstancesOf = async (
    { userAgent, purpose }: RawBody,
    { site, batch, source }: Admission & { readonly batch: Batch },
  ): Promise<Circumstances & { readonly honoursGpc: boolean }> => {
    const { allowsAutomation, allowsPurchase, consent, honoursGpc } = site.settings
    const anonymous = batch.events[0]?.who.anonymous
    const asks = consent === 'required' && source === 'browser' && anonymous !== undefined
    return {
      source,
      userAgent,
      purpose,
      honoursGpc,
      site: { allowsAutomation, allowsPurchase, requiresConsent: consent === 'required' },
      consent: asks ? await log.consentOf(site.name, anonymous) : undefined,
      signalOf,
    }
  }

  return async (bodies) => {
    const entries = await Promise.all(bodies.map(enter))
    const entered = entries.filter((entry) => 'batch' in entry)
    const rejected = entries.flatMap((entry) => ('batch' in entry ? rejectedOf(entry) : [entry.rejected]))
    const receipts = await log.append(entered.flatMap(arrivingOf), rejected)
    let next = 0
    return entries.map((entry) => {
      if (!('batch' in entry)) return entry.answer
      const own = receipts.slice(next, next + entry.batch.events.length)
      next += own.length
      return answerOf(entry, own)
    })
  }
}

const arrivingOf = ({ site, batch }: Entry): readonly Arriving[] =>
  batch.events.map(({ who, event }) => ({ site: site.name, who, event }))

const rejectedOf = ({ body, site, batch }: Entry): readonly Rejected[] =>
  batch.rejected.map(({ id, code, message }) => ({ at: body.received, site: site.name, id, code, message }))

const answerOf = ({ body, batch }: Entry, receipts: readonly Receipt[]): Answer => {
  const accepted = receipts.filter((receipt) => receipt === 'accepted').length
  const verdict = { accepted, duplicate: receipts.length - accepted, rejected: batch.rejected }
  return { status: 200, body: JSON.stringify(body.kind === 'snippet' ? verdict : { success: true, ...verdict }) }
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

interface Reason {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly site?: string
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
const BLOCKED_ORIGIN: Reason = {
  status: 403,
  code: 'origin',
  message: 'This site takes no events from that origin. Add it to its list of origins.',
}
