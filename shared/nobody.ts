/**
 * What somebody did, when nobody is to know any more who it was: the same events at the same times, without names,
 * words and whatever in an address may tell of a person. What they count for stays, but for what their words meant.
 * Over 150 lines: what is left of each kind of event is one table.
 */
import { inOrder, type Json, type Traits, type VisitorEvent } from './event.ts'
import { stateIn } from './opening.ts'
import { pack } from './pack.ts'
import type { Touch } from './source.ts'
import type { VisitorState } from './state.ts'

export interface Disguise {
  /** What they are called: ids, addresses, names. */
  readonly names: readonly string[]
  /** Begins the new ids of their events; chosen by dice. */
  readonly prefix: string
}

export interface Disguised {
  readonly events: readonly VisitorEvent[]
  /** Takes the same names out of other text. */
  readonly mask: Mask
}

/** In the canonical order, which the new ids keep. */
export const disguise = (events: readonly VisitorEvent[], { names, prefix }: Disguise): Disguised => {
  const mask = createMask([...names, ...events.flatMap(namesIn)])
  const [views, sessions] = [createRenaming('view'), createRenaming('session')]
  const left = events.toSorted(inOrder).map((event, n) => ({
    ...contentOf(event, mask),
    id: `${prefix}-${String(n).padStart(8, '0')}`,
    at: event.at,
    source: event.source,
    ...(event.flagged !== undefined && { flagged: event.flagged }),
    ...(event.view !== undefined && { view: views(event.view) }),
    ...(event.session !== undefined && { session: sessions(event.session) }),
  }))
  return { events: left as unknown as readonly VisitorEvent[], mask }
}

export type Mask = (text: string) => string

/** Shorter words are too common to tell of anybody. */
const SHORTEST = 3
/** What numbers, tokens and addresses of people look like. */
const PERSONAL = /@|%40|\d{5,}|[0-9a-f]{16,}|[0-9a-f]{8}-[0-9a-f]{4}-/i

/** Leaves a text as it is, unless it tells of somebody: then nothing of it is left. */
export const createMask = (names: readonly string[]): Mask => {
  const words = new Set(names.map((name) => spaced(name)).filter((name) => name.trim().length >= SHORTEST))
  return (text) => {
    const plain = spaced(text)
    return PERSONAL.test(text) || [...words].some((word) => plain.includes(word)) ? '*' : text
  }
}

/** Lower case, words set apart by one blank, with a blank at either end. */
const spaced = (text: string): string =>
  ` ${
    text
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join(' ') ?? ''
  } `

/** Every text in the traits of an event, and the words of their names. */
const namesIn = (event: VisitorEvent): readonly string[] => {
  if (event.type === 'opening') return textsIn(stateIn(event.state).traits)
  if (event.type === 'group') return [event.account, ...textsIn(event.traits ?? {})]
  if (event.type !== 'identify' && event.type !== 'form') return []
  const { name, firstName, lastName, email } = event.traits ?? {}
  const local = typeof email === 'string' ? email.split('@')[0] : undefined
  const parts = [name, firstName, lastName, local].flatMap((value) =>
    typeof value === 'string' ? value.split(/[\s.]+/) : [],
  )
  return [...textsIn(event.traits ?? {}), ...parts]
}

const textsIn = (value: Json | Traits): readonly string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** The same name for the same id, and no more than its number in it. */
const createRenaming = (word: string): ((id: string) => string) => {
  const known = new Map<string, string>()
  return (id) => {
    if (!known.has(id)) known.set(id, `${word} ${known.size + 1}`)
    return known.get(id)!
  }
}

const contentOf = (event: VisitorEvent, mask: Mask): object => {
  const tags = 'signal' in event || 'topic' in event || 'funnel' in event ? tagsOf(event, mask) : {}
  return { type: event.type, ...tags, ...wordsOf(event, mask) }
}

const tagsOf = (event: { funnel?: unknown; signal?: string; topic?: string }, mask: Mask): object => ({
  ...(event.funnel !== undefined && { funnel: event.funnel }),
  ...(event.signal !== undefined && { signal: mask(event.signal) }),
  ...(event.topic !== undefined && { topic: mask(event.topic) }),
})

/** What is left of each kind, beside its tags. Text that people typed never is. */
const wordsOf = (event: VisitorEvent, mask: Mask): object => {
  switch (event.type) {
    case 'page': {
      const { url, referrer, seconds, scroll } = event
      const from = referrer === undefined ? null : URL.parse(referrer)
      return {
        ...given({ seconds, scroll, referrer: from ? originOf(from, mask) : undefined }),
        ...(url !== undefined && { url: plainUrl(url, mask) }),
      }
    }
    case 'engagement':
      return { seconds: event.seconds, scroll: event.scroll }
    case 'download':
      return { url: plainUrl(event.url, mask) }
    case 'click':
      return given({ outbound: event.outbound, url: event.url && plainUrl(event.url, mask) })
    case 'form': {
      const { step, filled, errors, purpose } = event
      return { form: mask(event.form), step, ...given({ filled, errors, purpose: purpose && mask(purpose) }) }
    }
    case 'search':
      return { query: '' }
    case 'media':
      return { name: mask(event.name), percent: event.percent }
    case 'track':
      return { name: mask(event.name) }
    case 'identify':
      return { traits: {} }
    case 'group':
      return { account: 'anonymous' }
    case 'consent':
      return { state: event.state }
    case 'feedback':
      return { verdict: event.verdict, ...given({ amount: event.amount }) }
    case 'opening':
      return { state: JSON.stringify(pack(namelessState(stateIn(event.state), mask))) }
    case 'adjust':
      return { points: event.points, group: event.group, reason: 'by hand' }
  }
}

/** Counts, times and signals; nothing that somebody named, said or looked at. */
const namelessState = (state: VisitorState, mask: Mask): VisitorState => {
  const { account: _, cart, source, session, ...rest } = state
  const plain = (touch: Touch | undefined) =>
    touch && { at: touch.at, medium: mask(touch.medium), ...(touch.source && { source: mask(touch.source) }) }
  return {
    ...rest,
    ...(cart && { cart: { at: cart.at, event: '' } }),
    ...(session && { session: { ...session, id: undefined } }),
    source: { first: plain(source.first), last: plain(source.last) },
    traits: {},
    topics: undefined,
    seen: undefined,
    open: [],
    lastEvent: '',
  }
}

const given = (fields: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** What tells which campaign it was, and nothing of who clicked. */
const CAMPAIGN = new Set(['utm_source', 'utm_medium', 'utm_campaign'])
/** Their being there tells paid from unpaid; their values tell one click from all others. */
const CLICK = /clid$|^gbraid$|^wbraid$|_id$|^epik$|^irclickid$|^cjevent$|^awc$/

const originOf = ({ protocol, host }: URL, mask: Mask): string =>
  `${protocol}//${mask(host) === '*' ? 'somewhere.invalid' : host}`

/** However often it was encoded. */
const decoded = (part: string): string => {
  try {
    const text = decodeURIComponent(part)
    return text === part ? text : decoded(text)
  } catch {
    return part.replace(/%[0-9a-f]{0,2}/gi, ' ')
  }
}

const plainUrl = (text: string, mask: Mask): string => {
  const url = URL.parse(text)
  if (!url) return '*'
  const path = url.pathname
    .split('/')
    .map((part) => (mask(decoded(part)) === '*' ? '*' : part))
    .join('/')
  const query = new URLSearchParams()
  for (const [name, value] of url.searchParams) {
    if (CAMPAIGN.has(name.toLowerCase())) query.append(name.toLowerCase(), mask(value))
    else if (CLICK.test(name.toLowerCase())) query.append(name.toLowerCase(), '1')
  }
  return originOf(url, mask) + path + (query.size > 0 ? `?${query}` : '')
}
