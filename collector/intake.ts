/** Raw bodies in, answers out: ingest, guard, append. The one way in for events. Synchronous up to the append. */
import type { Arriving } from '../shared/append.ts'
import type { ConsentEvent } from '../shared/event.ts'
import { type Batch, isRefusal, type Refusal, type Rejection } from './ingest/batch.ts'
import { type Circumstances, guard } from './ingest/guard.ts'
import { parseSegment, type SegmentKind } from './ingest/segment.ts'
import { parseSnippet } from './ingest/snippet.ts'
import { createSalvage, type Outcome, type SalvageOptions } from './salvage.ts'
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
  /** Why it could not be read; then `text` is empty, and it is only listed. */
  readonly refused?: Reason | undefined
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

export interface IntakeOptions extends Pick<SalvageOptions, 'isOutage' | 'report'> {
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

/** What visitors said of consent in the bodies of this group so far, which the log does not know yet. */
type Told = Map<string, ConsentEvent['state']>

export const createIntake = ({ log, admit, digest, signalOf, isOutage, report }: IntakeOptions): Intake => {
  const salvage = createSalvage({ append: log.append, isOutage, report })

  const parse = (body: RawBody, source: Admission['source']): Batch | Refusal => {
    const arrival = { received: body.received, source, digest, ...(body.origin && { origin: body.origin }) }
    return body.kind === 'snippet' ? parseSnippet(body.text, arrival) : parseSegment(body.text, body.kind, arrival)
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
    const isBrowser = body.kind === 'snippet' || admission.source === 'browser'
    if (isBrowser && !isAllowed(body.origin, site)) return turn({ ...BLOCKED_ORIGIN, site: site.name })
    // A secret key in the body was not known before the body was read: now its word counts for more.
    const batch = isBrowser || source === 'server' ? first : (parse(body, 'server') as Batch)
    const circumstances = await circumstancesOf(body, { site, batch, source: isBrowser ? 'browser' : 'server', told })
    const guarded = isOptedOut(body, circumstances) ? optOut(batch) : guard(batch, circumstances)
    for (const { who, event } of guarded.events)
      if (event.type === 'consent') told.set(personKey(site, who.anonymous), event.state)
    return { body, site, batch: guarded }
  }

  /** A body that makes ingest itself fail is one that nobody should send again. */
  const enterSafely = async (body: RawBody, told: Told): Promise<Entry | Turned> => {
    try {
      return await enter(body, told)
    } catch (error) {
      if (isOutage(error)) throw error
      report(error)
      return turnAway(body)(UNREADABLE)
    }
  }

  const circumstancesOf = async (
    { userAgent, purpose }: RawBody,
    { site, batch, source, told }: Admission & { readonly batch: Batch; readonly told: Told },
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
      consent: asks ? (told.get(personKey(site, anonymous)) ?? (await log.consentOf(site.name, anonymous))) : undefined,
      signalOf,
    }
  }

  return async (bodies) => {
    const told: Told = new Map()
    const entries: (Entry | Turned)[] = []
    for (const body of bodies) entries.push(await enterSafely(body, told))
    const entered = entries.filter((entry) => 'batch' in entry)
    const rejected = entries.flatMap((entry) =>
      'batch' in entry ? rejectedOf(entry, entry.batch.rejected) : [entry.rejected],
    )
    const outcomes = await salvage(entered.flatMap(arrivingOf), rejected)
    let next = 0
    const failed: Rejected[] = []
    const answers = entries.map((entry) => {
      if (!('batch' in entry)) return entry.answer
      const own = outcomes.slice(next, next + entry.batch.events.length)
      next += own.length
      const failures = failuresOf(entry, own)
      failed.push(...rejectedOf(entry, failures))
      return answerOf(entry, own, failures)
    })
    if (failed.length > 0) await log.append([], failed)
    return answers
  }
}

const personKey = (site: Site, anonymous: string | undefined): string => `${site.name}\0${anonymous}`

const arrivingOf = ({ site, batch }: Entry): readonly Arriving[] =>
  batch.events.map(({ who, event }) => ({ site: site.name, who, event }))

const rejectedOf = ({ body, site }: Entry, rejected: readonly Rejection[]): readonly Rejected[] =>
  rejected.map(({ id, code, message }) => ({ at: body.received, site: site.name, id, code, message }))

const failuresOf = ({ batch }: Entry, outcomes: readonly Outcome[]): readonly Rejection[] =>
  batch.events.flatMap(({ index, event }, i): readonly Rejection[] =>
    outcomes[i] === 'failed' ? [{ index, id: event.id, ...FAILED }] : [],
  )

const answerOf = ({ body, batch }: Entry, outcomes: readonly Outcome[], failures: readonly Rejection[]): Answer => {
  const count = (outcome: Outcome): number => outcomes.filter((each) => each === outcome).length
  const rejected = failures.length ? [...batch.rejected, ...failures].sort((a, b) => a.index - b.index) : batch.rejected
  const verdict = { accepted: count('accepted'), duplicate: count('duplicate'), rejected }
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

/** Why a body is refused whole. */
export interface Reason {
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
const UNREADABLE: Reason = {
  status: 400,
  code: 'unreadable',
  message: 'The collector failed to read this body. Its log says why; sent again, it fails again.',
}
const FAILED = { code: 'failed', message: 'the collector failed to take this event; its log says why' } as const
const BLOCKED_ORIGIN: Reason = {
  status: 403,
  code: 'origin',
  message: 'This site takes no events from that origin. Add it to its list of origins.',
}
