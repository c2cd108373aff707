/** Visitors as they are read: stored states brought to an instant; past instants by folding the events again. */
import type { Explanation, History, Timeline, TimelineItem, Visitor } from '../shared/answer.ts'
import { replayed } from '../shared/append.ts'
import type { LedgerEntry, Transition } from '../shared/award.ts'
import { courseOf, momentsOf } from '../shared/course.ts'
import type { VisitorEvent } from '../shared/event.ts'
import { type Packet, packetOf } from '../shared/packet.ts'
import { explain, groupsAt, isoOf, type Lens, showVisitor, toTenth } from '../shared/present.ts'
import { scoreAt } from '../shared/score.ts'
import type { VisitorState } from '../shared/state.ts'
import type { Edition } from './edition.ts'
import type { Editions } from './editions.ts'
import type { StoredMerge, StoredMessage, StoredTransition, StoredVisitor, Views } from './store/store.ts'

export interface Profiles {
  /** A stored visitor as it is at `now`. */
  readonly show: (visitor: StoredVisitor, now: number) => Visitor
  /** As it was at `at`, under the current model or another; undefined when it was not there yet. */
  readonly showAt: (visitor: StoredVisitor, at: number, under?: Edition) => Promise<Visitor | undefined>
  readonly explain: (visitor: StoredVisitor, at: number, under?: Edition) => Promise<Explanation>
  /** Every ledger row of one up to `at`. */
  readonly ledger: (visitor: StoredVisitor, at: number) => Promise<readonly LedgerEntry[]>
  /** Score and stage from one instant to another, which may be to come. */
  readonly history: (visitor: StoredVisitor, span: Span) => Promise<History>
  readonly timeline: (visitor: StoredVisitor, page: TimelinePage) => Promise<Timeline>
  /** What sales is to know of one, as of `at`; undefined when they were not there yet. */
  readonly packet: (visitor: StoredVisitor, at: number, link: string | undefined) => Promise<Packet | undefined>
}

export interface Span {
  /** From when they were first seen, if left out. */
  readonly from?: number | undefined
  readonly to: number
  /** The version that scores; the current one if left out. */
  readonly under?: Edition | undefined
}

export interface TimelinePage {
  readonly limit: number
  /** The instant of the last item seen, and how many of that instant were. */
  readonly after?: { readonly at: number; readonly seen: number } | undefined
  readonly now: number
  /** The version whose points are shown; the current one if left out. */
  readonly under?: Edition | undefined
}

export interface ProfilesOptions {
  readonly views: Views
  readonly editions: Pick<Editions, 'current' | 'of'>
}

/** A visitor's past up to an instant, folded again. */
interface Past {
  readonly state: VisitorState | undefined
  readonly ledger: readonly LedgerEntry[]
  readonly events: readonly VisitorEvent[]
}

export const createProfiles = ({ views, editions }: ProfilesOptions): Profiles => {
  const lensOf = (site: string, { model, version, foldOf }: Edition): Lens => ({
    model,
    modelVersion: version,
    ...foldOf(site),
  })

  const pastOf = async ({ id, site }: StoredVisitor, at: number, under: Edition): Promise<Past> => {
    const events = (await views.events(id)).map(({ event }) => event).filter((event) => event.at <= at)
    const fold = under.foldOf(site)
    const effects = { ledger: [] as LedgerEntry[], transitions: [] as Transition[] }
    const state = replayed(fold, events, effects)
    if (state) fold.advance(state, at, effects)
    return { state, ledger: effects.ledger, events }
  }

  const timeline = async (visitor: StoredVisitor, { limit, after, now, under }: TimelinePage): Promise<Timeline> => {
    const [{ events, ledger }, transitions, merges, messages] = await Promise.all([
      pastOf(visitor, now, under ?? editions.current()),
      views.transitions(visitor.id),
      views.merges(visitor.id),
      views.messages(visitor.id),
    ])
    const points = Map.groupBy(ledger, ({ event }) => event)
    const items = [
      ...events.map((event) => ({ at: event.at, item: itemOf(event, points.get(event.id) ?? []) })),
      ...transitions.map((transition) => ({ at: transition.at, item: transitionItem(transition) })),
      ...merges.flatMap(mergeItems),
      ...messages.map((message) => ({ at: message.at, item: handoffItem(message) })),
    ]
      .sort((a, b) => a.at - b.at)
      .reverse() // newest first, and what followed from an event above it
    const start = after ? items.filter(({ at }) => at > after.at).length + after.seen : 0
    const page = items.slice(start, start + limit)
    const last = page.at(-1)?.at
    const seen = items.slice(0, start + limit).filter(({ at }) => at === last).length
    const nextCursor = start + limit < items.length ? `${last}.${seen}` : null
    return { items: page.map(({ item }) => item as TimelineItem), nextCursor }
  }

  return {
    show: ({ id, site, state, modelVersion }, now) => {
      const edition = editions.of(modelVersion)
      edition.foldOf(site).advance(state, now, { transitions: [] })
      return showVisitor({ id, site, state, at: now }, lensOf(site, edition))
    },
    showAt: async (visitor, at, under = editions.current()) => {
      const { state } = await pastOf(visitor, at, under)
      return state && showVisitor({ ...visitor, state, at }, lensOf(visitor.site, under))
    },
    explain: async (visitor, at, under = editions.current()) => {
      const { ledger, events } = await pastOf(visitor, at, under)
      const pages = new Map(events.map((event) => [event.id, pageOf(event)]))
      return explain(ledger, at, { model: under.model, pages: (event) => pages.get(event) ?? {} })
    },
    ledger: async (visitor, at) => (await pastOf(visitor, at, editions.current())).ledger,
    history: async (visitor, { from = Number.NEGATIVE_INFINITY, to, under = editions.current() }) => {
      const { model, foldOf } = under
      const [events, transitions] = await Promise.all([views.events(visitor.id), views.transitions(visitor.id)])
      const all = events.map(({ event }) => event)
      const course = courseOf(momentsOf(foldOf(visitor.site), all, to), from, to)
      return {
        items: course.map(({ at, moment: { heat, stage, qualification } }) => {
          const score = toTenth(scoreAt(heat, at, model))
          return { at: isoOf(at), score, groups: groupsAt(heat, at, model), stage, qualification }
        }),
        transitions: transitions
          .filter(({ at }) => at >= from && at <= to)
          .sort((a, b) => a.at - b.at || a.seq - b.seq)
          .map(transitionItem),
      }
    },
    timeline,
    packet: async ({ id, site }, at, link) => {
      const events = (await views.events(id)).map(({ event }) => event)
      const edition = editions.current()
      return packetOf({ id, site, events, at, link }, edition.foldOf(site), lensOf(site, edition))
    },
  }
}

/** A transition as the API shows it. */
export const transitionItem = ({ seq: _, event, at, ...change }: StoredTransition) =>
  ({ kind: 'transition', at: isoOf(at), event: event ?? null, ...change }) satisfies TimelineItem

const mergeItems = ({ at, undoneAt, ...ends }: StoredMerge) => {
  const item = (at: number, undone?: true) => ({
    at,
    item: { kind: 'merge', at: isoOf(at), ...ends, ...(undone && { undone }) } satisfies TimelineItem,
  })
  return [item(at), ...(undoneAt === undefined ? [] : [item(undoneAt, true)])]
}

const handoffItem = ({ at, id, type, deliveries }: StoredMessage) =>
  ({ kind: 'handoff', at: isoOf(at), id, type, deliveries: [...deliveries] }) satisfies TimelineItem

const pageOf = (event: VisitorEvent): { url?: string; title?: string } => ({
  ...('url' in event && event.url !== undefined && { url: event.url }),
  ...('title' in event && event.title !== undefined && { title: event.title }),
})

/** What there is to say of an event beside its page. */
export const detailOf = (event: VisitorEvent): string | undefined => {
  switch (event.type) {
    case 'form':
      return `${event.form} ${event.step}`.trim()
    case 'search':
      return event.query
    case 'media':
      return `${event.name} ${event.percent} %`
    case 'track':
      return event.name
    case 'group':
      return event.account
    case 'consent':
      return event.state
    case 'feedback':
      return event.reason ? `${event.verdict}: ${event.reason}` : event.verdict
    case 'adjust':
      return event.reason
    default:
      return undefined
  }
}

const itemOf = (event: VisitorEvent, points: readonly LedgerEntry[]): TimelineItem => ({
  kind: 'event',
  at: isoOf(event.at),
  id: event.id,
  type: event.type,
  flagged: event.flagged,
  ...pageOf(event),
  detail: detailOf(event),
  topic: 'topic' in event ? event.topic : undefined,
  seconds: 'seconds' in event ? event.seconds : undefined,
  scroll: 'scroll' in event ? event.scroll : undefined,
  points: points.map(({ signal, group, applied, rule }) => ({ signal, group, applied, rule })),
})
