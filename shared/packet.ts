/**
 * What sales gets to see of a lead on one page: who, how good a fit, what they did and why it matters now. Pure: from
 * the events of one visitor under a model, and never over 20 KB, whatever those events hold.
 */
import type { Visitor } from './answer.ts'
import { replayed } from './append.ts'
import type { LedgerEntry, Transition } from './award.ts'
import type { VisitorEvent } from './event.ts'
import { isoOf, type Lens, showVisitor, toTenth } from './present.ts'
import { fade } from './score.ts'
import { rank } from './stage.ts'
import type { VisitorState } from './state.ts'
import type { Fold } from './visitor.ts'

/** Bytes of JSON. */
export const PACKET_LIMIT = 20_000

export interface Packet {
  readonly id: string
  readonly site: string
  /** To the visitor in the dashboard; null where its address is not known. */
  readonly link: string | null
  readonly at: string
  readonly who: { readonly [name: string]: string }
  readonly account: string | null
  readonly owner: Visitor['owner']
  readonly fit: Visitor['fit']
  readonly priority: string
  readonly qualification: Visitor['qualification']
  readonly stage: Visitor['stage']
  readonly flags: readonly string[]
  readonly score: number
  readonly groups: Visitor['groups']
  readonly momentum: Visitor['momentum']
  /** In sentences. */
  readonly whyNow: readonly string[]
  /** The signals that carry most of the score. */
  readonly contributions: readonly Contribution[]
  /** What they read, watched and downloaded, the most often first. */
  readonly content: readonly Content[]
  /** What took them further down the funnel, and when. */
  readonly path: readonly PathStep[]
  readonly topics: Visitor['topics']
  readonly searches: readonly { readonly query: string; readonly times: number; readonly lastAt: string }[]
  readonly sources: Visitor['source']
  readonly consent: 'granted' | 'denied' | null
  /** What sales said of them last. */
  readonly lastFeedback: { readonly verdict: string; readonly reason: string | null; readonly at: string } | null
  readonly next: Visitor['next']
  readonly firstSeen: string
  readonly lastSeen: string
  readonly sessions: number
  readonly views: number
  readonly engagedSeconds: number
  /** When the stage will be left if nothing more happens. */
  readonly coolsAt: string | null
}

interface Contribution {
  readonly signal: string
  readonly group: string
  readonly times: number
  readonly value: number
  readonly lastAt: string
}
interface Content {
  readonly title: string
  readonly url: string
  readonly times: number
  readonly seconds: number
  readonly lastAt: string
}
interface PathStep {
  readonly at: string
  readonly from: string
  readonly to: string
  readonly rule: string
  readonly by: string | null
}

export interface Lead {
  readonly id: string
  readonly site: string
  readonly events: readonly VisitorEvent[]
  readonly at: number
  readonly link: string | undefined
}

/** A visitor's whole past under a model, and how it is shown. */
interface Past {
  readonly visitor: Visitor
  readonly state: VisitorState
  readonly events: readonly VisitorEvent[]
  readonly ledger: readonly LedgerEntry[]
  readonly transitions: readonly Transition[]
  readonly at: number
  readonly halfLifeDays: number
}

/** Undefined for one who was not there yet. */
export const packetOf = ({ id, site, events: all, at, link }: Lead, fold: Fold, lens: Lens): Packet | undefined => {
  const events = all.filter((event) => event.at <= at)
  const effects = { ledger: [] as LedgerEntry[], transitions: [] as Transition[] }
  const state = replayed(fold, events, effects)
  if (!state) return undefined
  fold.advance(state, at, effects)
  const visitor = showVisitor({ id, site, state, at }, lens)
  const past = { visitor, state, events, ...effects, at, halfLifeDays: lens.model.halfLifeDays }
  return within(PACKET_LIMIT, { link: link ?? null, ...factsOf(visitor), ...deedsOf(past) })
}

const factsOf = (visitor: Visitor) => {
  const { id, site, fit, priority, qualification, stage, score, groups, momentum, coolsAt } = visitor
  const { firstSeen, lastSeen, sessions, views, engagedSeconds, account, owner, flags } = visitor
  return {
    ...{ id, site, priority, qualification, stage, score, groups, momentum, coolsAt },
    ...{ firstSeen, lastSeen, sessions, views, engagedSeconds, flags, owner },
    account: account && line(account, 100),
    who: whoOf(visitor.traits),
    fit: { ...fit, reasons: fit.reasons.slice(0, 10).map((reason) => line(reason, 120)) },
    topics: visitor.topics.map(({ topic, value }) => ({ topic: line(topic, 64), value })),
    sources: { first: touchOf(visitor.source.first), last: touchOf(visitor.source.last) },
    next: { content: line(visitor.next.content, 200), why: line(visitor.next.why, 300) },
  }
}

const deedsOf = (past: Past) => ({
  at: isoOf(past.at),
  whyNow: whyNow(past),
  contributions: contributionsOf(past),
  content: contentOf(past.events),
  path: pathOf(past),
  searches: searchesOf(past.events),
  consent: past.state.consent ?? null,
  lastFeedback: feedbackIn(past.events),
})

/** One line of bounded length: no control characters, no half characters. */
const line = (text: string, most: number): string => {
  const whole = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .toWellFormed()
    .trim()
  return whole.length <= most ? whole : `${whole.slice(0, most - 1).toWellFormed()}…`
}

/** What is most asked for comes first; of the rest, as much as fits. */
const FIRST = ['email', 'name', 'firstName', 'lastName', 'company', 'jobTitle', 'phone', 'country', 'companySize']

const whoOf = (traits: Visitor['traits']): Packet['who'] => {
  const known = Object.entries(traits).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
  const place = (name: string): number => (FIRST.indexOf(name) + FIRST.length + 1) % (FIRST.length + 1)
  const ordered = known.toSorted(([a], [b]) => place(a) - place(b))
  return Object.fromEntries(ordered.slice(0, 14).map(([name, value]) => [line(name, 40), line(String(value), 120)]))
}

const touchOf = (touch: Visitor['source']['first']): Visitor['source']['first'] =>
  touch && {
    at: touch.at,
    medium: line(touch.medium, 60),
    ...(touch.source !== undefined && { source: line(touch.source, 80) }),
    ...(touch.campaign !== undefined && { campaign: line(touch.campaign, 80) }),
    ...(touch.referrer !== undefined && { referrer: line(touch.referrer, 80) }),
    ...(touch.landing !== undefined && { landing: line(touch.landing, 120) }),
  }

const whyNow = ({ visitor, transitions, ledger }: Past): readonly string[] => {
  const turn = transitions.findLast(({ what }) => what === 'qualification')
  const intent = ledger.findLast(({ group, applied }) => group === 'intent' && applied > 0)
  return [
    ...(turn ? [`${turn.to.toUpperCase()} since ${isoOf(turn.at)}: ${line(turn.rule, 160)}`] : []),
    ...(intent ? [`Last sign of intent: ${intent.signal} at ${isoOf(intent.at)}`] : []),
    ...(visitor.momentum === 'rising' ? ['Interest is rising: more of the score is recent than old'] : []),
    ...(visitor.coolsAt ? [`Without another visit, ${visitor.stage} ends at ${visitor.coolsAt}`] : []),
  ]
}

const contributionsOf = ({ ledger, at, halfLifeDays }: Past): readonly Contribution[] =>
  [...Map.groupBy(ledger, ({ signal }) => signal)]
    .map(([signal, rows]) => ({
      signal: line(signal, 64),
      group: rows[0]!.group,
      times: rows.length,
      value: toTenth(rows.reduce((sum, row) => sum + row.applied * fade(at - row.at, halfLifeDays), 0)),
      lastAt: isoOf(rows.at(-1)!.at),
    }))
    .filter(({ value }) => value !== 0)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, 8)

/** Views of one address are one content, whatever its query says. */
const addressOf = (url: string): string => line(url.replace(/[?#].*$/s, ''), 200)

const contentOf = (events: readonly VisitorEvent[]): readonly Content[] => {
  const seconds = new Map<string, number>()
  for (const event of events)
    if ('seconds' in event && event.view !== undefined)
      seconds.set(event.view, Math.max(seconds.get(event.view) ?? 0, event.seconds ?? 0))
  const seen = events.flatMap((event) => {
    if (event.flagged !== undefined) return []
    if (event.type === 'media') return [{ url: '', title: event.name, seconds: 0, at: event.at }]
    if (event.type !== 'page' && event.type !== 'download') return []
    const title = event.type === 'page' ? (event.title ?? '') : ''
    const read = event.type === 'page' ? (seconds.get(event.view ?? '') ?? event.seconds ?? 0) : 0
    return [{ url: addressOf(event.url ?? ''), title, seconds: read, at: event.at }]
  })
  return [...Map.groupBy(seen, ({ url, title }) => url || title)]
    .map(([, views]) => ({
      title: line(views.at(-1)!.title, 120),
      url: views[0]!.url,
      times: views.length,
      seconds: Math.round(views.reduce((sum, view) => sum + view.seconds, 0)),
      lastAt: isoOf(Math.max(...views.map(({ at }) => at))),
    }))
    .sort((a, b) => b.times - a.times || b.seconds - a.seconds)
    .slice(0, 12)
}

/** Stages entered, each with what they did at that moment. */
const pathOf = ({ transitions, events, visitor }: Past): readonly PathStep[] => {
  const byId = new Map(events.map((event) => [event.id, event]))
  const turns = transitions.filter(
    ({ what, from, to }) => what === 'qualification' || (what === 'stage' && isDown(from, to)),
  )
  const start = { at: visitor.firstSeen, from: '', to: 'awareness', rule: 'first seen', by: null }
  return [
    start,
    ...turns.slice(-14).map((turn) => ({
      at: isoOf(turn.at),
      from: turn.from,
      to: turn.to,
      rule: line(turn.rule, 120),
      by: nameOf(turn.event === undefined ? undefined : byId.get(turn.event)),
    })),
  ]
}

const isDown = (from: string, to: string): boolean => rank(to as Visitor['stage']) > rank(from as Visitor['stage'])

const nameOf = (event: VisitorEvent | undefined): string | null => {
  if (!event) return null
  if (event.type === 'page') return line(event.title || event.url || 'page', 120)
  if (event.type === 'download' || event.type === 'click') return line(event.url ?? event.type, 120)
  if (event.type === 'form') return line(`form ${event.form}`, 120)
  if (event.type === 'search') return line(`search: ${event.query}`, 120)
  return line('name' in event ? event.name : event.type, 120)
}

const searchesOf = (events: readonly VisitorEvent[]): Packet['searches'] =>
  [
    ...Map.groupBy(
      events.filter((event) => event.type === 'search'),
      ({ query }) => line(query, 100),
    ),
  ]
    .map(([query, same]) => ({ query, times: same.length, lastAt: isoOf(same.at(-1)!.at) }))
    .sort((a, b) => (a.lastAt < b.lastAt ? 1 : -1))
    .slice(0, 8)

const feedbackIn = (events: readonly VisitorEvent[]): Packet['lastFeedback'] => {
  const last = events
    .filter((event) => event.type === 'feedback')
    .toSorted((a, b) => a.at - b.at)
    .at(-1)
  return last
    ? { verdict: last.verdict, reason: last.reason ? line(last.reason, 200) : null, at: isoOf(last.at) }
    : null
}

/** What is cut first where it is too much. */
const LISTS = ['content', 'searches', 'path', 'contributions', 'topics'] as const

const within = (limit: number, packet: Packet): Packet => {
  let cut = packet
  for (let n = 0; bytesOf(cut) > limit && n < 60; n++) {
    const name = LISTS.toSorted((a, b) => bytesOf(cut[b]) - bytesOf(cut[a]))[0]!
    cut = { ...cut, [name]: cut[name].slice(0, -1) }
  }
  return cut
}

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length
