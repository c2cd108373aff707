/**
 * One visitor, event by event: `createFold(model)` folds events, in canonical order, into a state. Synchronous, without
 * clock or dice, so that a store can run it inside its own transaction.
 */
import { addPoints, type Cause, createAward, type Effects } from './award.ts'
import { createCalendar, DAY } from './calendar.ts'
import { type Clockwork, createClockwork } from './due.ts'
import type { EngagementEvent, FeedbackEvent, PageEvent, Traits, VisitorEvent } from './event.ts'
import type { Model } from './model.ts'
import { adjust } from './score.ts'
import { createSettle, type Settle } from './settle.ts'
import { createReader, type Firing, type PageMeaning } from './signal.ts'
import { touchOf } from './source.ts'
import { newcomer, type OpenView, type VisitorState } from './state.ts'

/** Views whose late engagement reports still count, and views of commercial pages that are remembered. */
const OPEN_VIEWS = 20
const COMMERCIAL_VIEWS = 100
/** Most seconds one view can count: a day. */
const LONGEST_VIEW = 86_400

export interface Fold extends Clockwork {
  /**
   * Folds one event that does not sort before any folded earlier. Takes the state over: it is changed in place and
   * returned. `effects` collects ledger rows and transitions.
   */
  readonly fold: (state: VisitorState | undefined, event: VisitorEvent, effects: Effects) => VisitorState
  readonly fitOf: Settle['fitOf']
}

export interface Surroundings {
  /** Tells a mailbox provider's domain from a company's. */
  readonly isFreeMail?: (domain: string) => boolean
}

/** Compiles a model into the fold of its visitors. */
export const createFold = (model: Model, { isFreeMail = () => false }: Surroundings = {}): Fold => {
  const reader = createReader(model)
  const award = createAward(model)
  const settle = createSettle(model, isFreeMail)
  const clockwork = createClockwork(model, settle)
  const dayOf = createCalendar(model.timeZone)

  /** Fires what an event means, and does what goes beyond points. */
  const fire = (state: VisitorState, firings: readonly Firing[], { cause, effects }: Doing): void => {
    for (const firing of firings) {
      if (!award(state, firing, cause, effects)) continue
      const effect = model.signals[firing.signal]?.effect
      if (effect === 'customer') buy(state, cause)
      if (effect === 'churn' || (effect === 'refund' && state.customer?.relationship === false))
        leave(state, firing.rule, { cause, effects })
    }
  }

  const buy = (state: VisitorState, { at }: Cause): void => {
    state.customer ??= { at, session: state.session?.number ?? 0, relationship: false }
    state.cart = undefined
  }

  const leave = (state: VisitorState, rule: string, { cause, effects }: Doing): void => {
    if (!state.customer) return
    state.customer = undefined
    delete state.flags.expansion
    settle.moveQualification(state, 'recycled', { at: cause.at, event: cause.event, effects, rule })
  }

  /** They are here themselves: on a new day within two weeks, that is a signal. */
  const present = (state: VisitorState, { cause, effects }: Doing): void => {
    const last = state.presentAt
    state.presentAt = cause.at
    if (last === undefined || cause.at - last >= model.returnWithinDays * DAY || dayOf(last) === dayOf(cause.at)) return
    award(state, { signal: 'return_day', rule: 'back on another day' }, cause, effects)
  }

  const visit = (state: VisitorState, event: PageEvent | EngagementEvent): boolean => {
    const { session } = state
    const same =
      session &&
      (event.session === undefined
        ? event.at - session.lastAt <= model.sessionGapMinutes * 60_000
        : event.session === session.id)
    if (same) session.lastAt = event.at
    else state.session = { number: (session?.number ?? 0) + 1, id: event.session, lastAt: event.at, engaged: 0 }
    if (!same && state.customer && state.session!.number > state.customer.session) state.customer.relationship = true
    return !same
  }

  const viewOf = (state: VisitorState, id: string | undefined): OpenView => {
    const known = id === undefined ? undefined : state.open.findLast((view) => view.id === id)
    if (known) return known
    const view = { id: id ?? '', session: state.session!.number, seconds: 0, scroll: 0, commercial: false }
    state.open.push(view)
    if (state.open.length > OPEN_VIEWS) state.open.shift()
    return view
  }

  const page = (state: VisitorState, event: PageEvent, doing: Doing): void => {
    const opens = visit(state, event)
    present(state, doing)
    if (opens) {
      const touch = touchOf(event)
      state.source = { first: state.source.first ?? touch, last: touch }
    }
    const meaning = reader.page(event)
    const view = viewOf(state, event.view)
    view.commercial = meaning.commercial
    view.content = meaning.content?.signal
    state.views += 1
    if (meaning.commercial) noteCommercial(state, event.at)
    fire(state, arrivalOf(event, meaning), doing)
    if (meaning.content) content(state, { ...doing, view, firing: meaning.content })
    engage(state, view, { ...doing, seconds: event.seconds ?? 0, scroll: event.scroll ?? 0 })
  }

  const noteCommercial = (state: VisitorState, at: number): void => {
    const since = at - model.qualification.evidenceDays * DAY
    state.commercial = [...state.commercial.filter((time) => time > since), at].slice(-COMMERCIAL_VIEWS)
  }

  /** What the view says apart from the page's content: that it happened, and what led to it. */
  const arrivalOf = (event: PageEvent, { counts }: PageMeaning): readonly Firing[] => {
    const campaign = reader.campaign(event.url)
    const adWords = reader.adWords(event.url)
    const searched = adWords === undefined ? undefined : reader.words(adWords)
    return [counts ? { signal: 'page_view', rule: 'page view' } : undefined, campaign, searched].filter(
      (firing) => firing !== undefined,
    )
  }

  const content = (
    state: VisitorState,
    { view, firing, ...doing }: Doing & { view: OpenView; firing: Firing },
  ): void => {
    if (firing.signal === model.pricing.signal) return pricing(state, doing)
    if (model.signals[firing.signal]?.read) view.unread = firing
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
  const engage = (state: VisitorState, view: OpenView, { seconds, scroll, ...doing }: Doing & Totals): void => {
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
    const enough = model.deepSession.minutes * 60
    const crosses = session.engaged < enough && session.engaged + gained >= enough
    session.engaged += gained
    if (crosses)
      fire(state, [{ signal: 'deep_session', rule: `${model.deepSession.minutes} min on pages about buying` }], doing)
  }

  const learn = (state: VisitorState, traits: Traits | undefined): void => {
    if (traits) state.traits = { ...state.traits, ...traits }
  }

  const feedback = (state: VisitorState, { verdict, reason }: FeedbackEvent, { cause, effects }: Doing): void => {
    const rule = reason ? `${verdict}: ${reason}` : verdict
    const occasion = { at: cause.at, event: cause.event, effects, rule }
    if (verdict === 'won' || verdict === 'lost')
      fire(state, [{ signal: verdict === 'won' ? 'won' : 'opportunity_lost', rule }], { cause, effects })
    if (verdict === 'lost' || verdict === 'rejected') {
      const isLead = state.qualification === 'sql' || state.qualification === 'mql'
      if (isLead) settle.moveQualification(state, 'recycled', occasion)
      else settle.setFlag(state, 'sales_active', false, occasion)
    } else if (verdict !== 'won') {
      state.touchedAt ??= cause.at
      settle.setFlag(state, 'sales_active', true, occasion)
    }
  }

  const actions = (state: VisitorState, event: Parameters<typeof reader.action>[0], doing: Doing): void => {
    const onPage = event.view === undefined ? undefined : state.open.findLast(({ id }) => id === event.view)?.content
    const firings = reader.action(event, onPage)
    const isTold = firings.some(
      ({ signal }) => model.signals[signal]?.companyOnly || model.signals[signal]?.group === 'penalty',
    )
    if (event.source === 'browser' || (firings.length > 0 && !isTold)) present(state, doing)
    fire(state, firings, doing)
    if (event.type === 'form' && event.step === 'submit') learn(state, event.traits)
  }

  const happen = (state: VisitorState, event: VisitorEvent, doing: Doing): void => {
    switch (event.type) {
      case 'page':
        return page(state, event, doing)
      case 'engagement': {
        visit(state, event)
        present(state, doing)
        return engage(state, viewOf(state, event.view), { ...doing, seconds: event.seconds, scroll: event.scroll })
      }
      case 'search': {
        present(state, doing)
        const firing = reader.words(event.query)
        return firing && fire(state, [firing], doing)
      }
      case 'identify':
        return learn(state, event.traits)
      case 'group':
        state.account = event.account
        return
      case 'consent':
        state.consent = event.state
        return
      case 'feedback':
        return feedback(state, event, doing)
      case 'adjust': {
        const { points, reason, group } = event
        const award = {
          group,
          points,
          at: event.at,
          signal: 'adjustment',
          rule: reason,
          event: event.id,
          change: adjust,
        }
        return addPoints(state, award, { model, effects: doing.effects })
      }
      default:
        return actions(state, event, doing)
    }
  }

  const fold: Fold['fold'] = (given, event, effects) => {
    const state = given ?? newcomer(event.at)
    clockwork.advance(state, event.at, effects)
    state.lastSeen = event.at
    state.lastEvent = event.id
    if (event.flagged !== undefined) state.flags.automated ??= event.at
    else {
      happen(state, event, { cause: { at: event.at, event: event.id }, effects })
      settle(state, { at: event.at, event: event.id, effects })
    }
    return state
  }

  return { ...clockwork, fold, fitOf: settle.fitOf }
}

interface Doing {
  readonly cause: Cause
  readonly effects: Effects
}

interface Totals {
  readonly seconds: number
  readonly scroll: number
}
