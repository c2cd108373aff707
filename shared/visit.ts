/** A visit: sessions, days, page views and the time spent on them, and the signals that follow from these. */
import { type Cause, createAward, type Effects } from './award.ts'
import { createCalendar, DAY } from './calendar.ts'
import type { EngagementEvent, PageEvent } from './event.ts'
import type { Model } from './model.ts'
import { noteSight } from './seen.ts'
import type { Firing, PageMeaning, Reader } from './signal.ts'
import { touchOf } from './source.ts'
import type { OpenView, VisitorState } from './state.ts'

/** Views whose late engagement reports still count, and views of commercial pages that are remembered. */
const OPEN_VIEWS = 20
const COMMERCIAL_VIEWS = 100
/** Most seconds one view can count: a day. */
const LONGEST_VIEW = 86_400

/** On whose account something happens, and where its effects go. */
export interface Doing {
  readonly cause: Cause
  readonly effects: Effects
  /** What it is about. */
  readonly topic?: string | undefined
}

/** Fires signals, and does what goes beyond points. */
export type Fire = (state: VisitorState, firings: readonly Firing[], doing: Doing) => void

export interface Visits {
  readonly page: (state: VisitorState, event: PageEvent, doing: Doing) => void
  readonly engagement: (state: VisitorState, event: EngagementEvent, doing: Doing) => void
  /** They are here themselves: on a new day within two weeks, that is a signal. */
  readonly present: (state: VisitorState, doing: Doing) => void
}

export const createVisits = (model: Model, reader: Reader, fire: Fire): Visits => {
  const award = createAward(model)
  const dayOf = createCalendar(model.timeZone)

  const present: Visits['present'] = (state, { cause, effects }) => {
    const last = state.presentAt
    state.presentAt = cause.at
    if (last === undefined || cause.at - last >= model.returnWithinDays * DAY || dayOf(last) === dayOf(cause.at)) return
    award(state, { signal: 'return_day', rule: 'back on another day' }, cause, effects)
  }

  /** Goes on with the session, or opens one; answers whether it did. */
  const enter = (state: VisitorState, { at, session: id }: PageEvent | EngagementEvent): boolean => {
    const { session, customer } = state
    const isSame =
      session && (id === undefined ? at - session.lastAt <= model.sessionGapMinutes * 60_000 : id === session.id)
    if (isSame) session.lastAt = at
    else state.session = { number: (session?.number ?? 0) + 1, id, lastAt: at, engaged: 0 }
    if (customer && state.session!.number > customer.session) customer.relationship = true
    return !isSame
  }

  const page: Visits['page'] = (state, event, by) => {
    const opens = enter(state, event)
    present(state, by)
    if (opens) noteTouch(state, event)
    const meaning = reader.page(event)
    const doing = { ...by, topic: meaning.topic }
    const view = viewOf(state, event.view)
    view.commercial = meaning.commercial
    view.content = meaning.content?.signal
    view.topic = meaning.topic
    state.views += 1
    const { tagged, content: found } = meaning
    if (meaning.counts) noteSight(state, { kind: 'page', tagged, signal: found?.signal ?? null }, event)
    if (meaning.commercial) noteCommercial(state, event.at)
    fire(state, arrivalOf(event, meaning), doing)
    if (meaning.content) content(state, { ...doing, view, firing: meaning.content })
    engage(state, view, { ...doing, seconds: event.seconds ?? 0, scroll: event.scroll ?? 0 })
  }

  const noteTouch = (state: VisitorState, event: PageEvent): void => {
    const touch = touchOf(event)
    state.source = { first: state.source.first ?? touch, last: touch }
  }

  const noteCommercial = (state: VisitorState, at: number): void => {
    const since = at - model.qualification.evidenceDays * DAY
    const { commercial } = state
    commercial.push(at)
    while (commercial.length > COMMERCIAL_VIEWS || commercial[0]! <= since) commercial.shift()
  }

  /** What the view says apart from the page's content: that it happened, and what led to it. */
  const arrivalOf = (event: PageEvent, { counts }: PageMeaning): readonly Firing[] => {
    const adWords = reader.adWords(event.url)
    return [
      counts ? { signal: 'page_view', rule: 'page view' } : undefined,
      reader.campaign(event.url),
      adWords === undefined ? undefined : reader.words(adWords),
    ].filter((firing) => firing !== undefined)
  }

  const content = (state: VisitorState, doing: Doing & Content): void => {
    const { view, firing } = doing
    if (firing.signal === model.pricing.signal) pricing(state, doing)
    else if (model.signals[firing.signal]?.read) view.unread = firing
    else fire(state, [firing], doing)
  }

  /** The first look at a price in a while, or another one in another session. */
  const pricing = (state: VisitorState, doing: Doing): void => {
    const { at } = doing.cause
    const session = state.session!.number
    const past = state.pricing
    const otherAt = past && (past.session === session ? past.otherAt : past.at)
    state.pricing = { at, session, otherAt }
    const isRecent = (time: number | undefined) => time !== undefined && at - time < model.pricing.withinDays * DAY
    if (!isRecent(past?.at)) fire(state, [{ signal: model.pricing.first, rule: 'first look at prices' }], doing)
    else if (isRecent(otherAt))
      fire(state, [{ signal: model.pricing.repeat, rule: 'prices again, in another session' }], doing)
  }

  /** Raises the totals of a view; they never fall, so a late, lost or doubled report does no harm. */
  const engage = (state: VisitorState, view: OpenView, doing: Doing & Totals): void => {
    const { seconds, scroll } = doing
    const total = Math.max(view.seconds, Math.min(LONGEST_VIEW, seconds))
    const gained = total - view.seconds
    view.seconds = total
    view.scroll = Math.max(view.scroll, scroll)
    state.engagedSeconds += gained
    const { unread } = view
    if (unread && (view.seconds >= model.reading.seconds || view.scroll >= model.reading.scroll)) {
      view.unread = undefined
      fire(state, [unread], doing)
    }
    if (view.commercial && view.session === state.session?.number) deepen(state, gained, doing)
  }

  const deepen = (state: VisitorState, gained: number, doing: Doing): void => {
    const session = state.session!
    const { minutes } = model.deepSession
    const crosses = session.engaged < minutes * 60 && session.engaged + gained >= minutes * 60
    session.engaged += gained
    if (crosses) fire(state, [{ signal: 'deep_session', rule: `${minutes} min on pages about buying` }], doing)
  }

  return {
    page,
    present,
    engagement: (state, event, doing) => {
      enter(state, event)
      present(state, doing)
      const view = viewOf(state, event.view)
      engage(state, view, { ...doing, topic: view.topic, seconds: event.seconds, scroll: event.scroll })
    },
  }
}

/** The view of that id, opened if need be: its totals may arrive before it does. */
const viewOf = (state: VisitorState, id: string | undefined): OpenView => {
  const known = id === undefined ? undefined : state.open.findLast((view) => view.id === id)
  if (known) return known
  const view = { id: id ?? '', session: state.session!.number, seconds: 0, scroll: 0, commercial: false }
  state.open.push(view)
  if (state.open.length > OPEN_VIEWS) state.open.shift()
  return view
}

interface Content {
  readonly view: OpenView
  readonly firing: Firing
}

interface Totals {
  readonly seconds: number
  readonly scroll: number
}
