/**
 * One visitor, event by event: `createFold(model)` folds events, in canonical order, into a state. Synchronous, without
 * clock or dice, so that a store can run it inside its own transaction.
 */
import { addPoints, type Cause, createAward, type Effects } from './award.ts'
import { type Clockwork, createClockwork } from './due.ts'
import type { FeedbackEvent, OpeningEvent, Traits, VisitorEvent } from './event.ts'
import { isJunk } from './identity.ts'
import type { Model } from './model.ts'
import { joined, opened } from './opening.ts'
import { adjust } from './score.ts'
import { noteSight } from './seen.ts'
import { createSettle, type Settle } from './settle.ts'
import { type Action, createReader } from './signal.ts'
import { newcomer, type VisitorState } from './state.ts'
import { addInterest } from './topic.ts'
import { createVisits, type Doing, type Fire } from './visit.ts'

export interface Fold extends Clockwork {
  /**
   * Folds one event that does not sort before any folded earlier. Takes the state over: it is changed in place and
   * returned. `effects` collects ledger rows and transitions.
   */
  readonly fold: (state: VisitorState | undefined, event: VisitorEvent, effects: Effects) => VisitorState
  readonly fitOf: Settle['fitOf']
  /** The company they belong to: the one they were told to, else that of their address. */
  readonly accountOf: (state: VisitorState) => string | undefined
}

export interface Surroundings {
  /** Tells a mailbox provider's domain from a company's. */
  readonly isFreeMail?: (domain: string) => boolean
  /** The company behind an e-mail address. */
  readonly companyOf?: (email: string) => string | undefined
}

/** Compiles a model into the fold of its visitors. */
export const createFold = (model: Model, { isFreeMail = () => false, companyOf }: Surroundings = {}): Fold => {
  const reader = createReader(model)
  const award = createAward(model)
  const settle = createSettle(model, isFreeMail)
  const clockwork = createClockwork(model, settle)

  const fire: Fire = (state, firings, { cause, effects, topic }) => {
    for (const firing of firings) {
      if (!award(state, firing, cause, effects)) continue
      const { effect, points = 0 } = model.signals[firing.signal] ?? {}
      if (topic !== undefined && points > 0)
        state.topics = addInterest(state.topics, { topic, points, at: cause.at }, model.halfLifeDays)
      if (effect === 'customer') buy(state, cause)
      if (effect === 'churn' || (effect === 'refund' && state.customer?.relationship === false))
        leave(state, firing.rule, { cause, effects })
    }
  }
  const visits = createVisits(model, reader, fire)

  const buy = (state: VisitorState, { at }: Cause): void => {
    state.customer ??= { at, session: state.session?.number ?? 0, relationship: false }
    state.cart = undefined
  }

  const leave = (state: VisitorState, rule: string, { cause, effects }: Doing): void => {
    if (!state.customer) return
    const occasion = { at: cause.at, event: cause.event, effects, rule }
    state.customer = undefined
    settle.setFlag(state, 'expansion', false, occasion)
    settle.moveQualification(state, 'recycled', occasion)
  }

  const act = (state: VisitorState, event: Action, doing: Doing): void => {
    const onPage = event.view === undefined ? undefined : state.open.findLast(({ id }) => id === event.view)?.content
    const firings = reader.action(event, onPage)
    if (isPresence(event, firings)) visits.present(state, doing)
    if (event.type === 'download') {
      const tagged = event.signal || event.funnel ? 'tag' : 'rule'
      noteSight(state, { kind: 'download', tagged, signal: firings[0]?.signal ?? null }, event)
    }
    fire(state, firings, 'topic' in event ? { ...doing, topic: event.topic } : doing)
    if (event.type === 'form' && event.step === 'submit') learn(state, event.traits)
  }

  /** A browser's event shows that they are here; a server's only if it tells something that they did. */
  const isPresence = (event: Action, firings: readonly { readonly signal: string }[]): boolean => {
    const isTold = firings.some(({ signal }) => {
      const { companyOnly, group } = model.signals[signal] ?? {}
      return companyOnly || group === 'penalty'
    })
    return event.source === 'browser' || (firings.length > 0 && !isTold)
  }

  const feedback = (state: VisitorState, { verdict, reason }: FeedbackEvent, { cause, effects }: Doing): void => {
    const rule = reason ? `${verdict}: ${reason}` : verdict
    const occasion = { at: cause.at, event: cause.event, effects, rule }
    settle.stopClock(state, occasion)
    if (verdict === 'won') return fire(state, [{ signal: 'won', rule }], { cause, effects })
    if (verdict === 'lost') fire(state, [{ signal: 'opportunity_lost', rule }], { cause, effects })
    if (verdict === 'lost' || verdict === 'rejected') {
      const isLead = state.qualification === 'sql' || state.qualification === 'mql'
      if (isLead) settle.moveQualification(state, 'recycled', occasion)
      else settle.setFlag(state, 'sales_active', false, occasion)
      return
    }
    settle.setFlag(state, 'sales_active', true, occasion)
  }

  const happen = (state: VisitorState, event: Exclude<VisitorEvent, OpeningEvent>, doing: Doing): void => {
    switch (event.type) {
      case 'page':
        return visits.page(state, event, doing)
      case 'engagement':
        return visits.engagement(state, event, doing)
      case 'search': {
        visits.present(state, doing)
        const firing = reader.words(event.query)
        return firing && fire(state, [firing], { ...doing, topic: event.topic })
      }
      case 'identify':
        return learn(state, event.traits)
      case 'group':
        if (!isJunk(event.account)) state.account = event.account
        return
      case 'consent':
        state.consent = event.state
        return
      case 'feedback':
        return feedback(state, event, doing)
      case 'adjust': {
        const { id, at, points, reason, group } = event
        const award = { group, points, at, signal: 'adjustment', rule: reason, event: id, change: adjust }
        return addPoints(state, award, { model, effects: doing.effects })
      }
      default:
        return act(state, event, doing)
    }
  }

  const open = (given: VisitorState | undefined, event: OpeningEvent, effects: Effects): VisitorState => {
    const state = opened(event, effects.ledger)
    if (!given) return state
    clockwork.advance(given, event.at, effects)
    const both = joined(given, state, model)
    settle(both, { at: event.at, event: event.id, effects })
    return both
  }

  const fold: Fold['fold'] = (given, event, effects) => {
    if (event.type === 'opening') return open(given, event, effects)
    const state = given ?? newcomer(event.at)
    clockwork.advance(state, event.at, effects)
    state.lastSeen = event.at
    state.lastEvent = event.id
    if (event.type !== 'feedback' && event.type !== 'adjust') state.seenAt = event.at
    if (event.flagged !== undefined) state.flags.automated ??= event.at
    else {
      happen(state, event, { cause: { at: event.at, event: event.id }, effects })
      if (!isIdle(state, event)) settle(state, { at: event.at, event: event.id, effects })
    }
    return state
  }

  const accountOf: Fold['accountOf'] = ({ account, traits: { email } }) =>
    account ?? (typeof email === 'string' ? companyOf?.(email) : undefined)

  return { ...clockwork, fold, fitOf: settle.fitOf, accountOf }
}

/** Half of all events report more reading that fired nothing: they leave everything where it stands. */
const isIdle = ({ heat, customer }: VisitorState, { type, at }: VisitorEvent): boolean =>
  type === 'engagement' && heat.at < at && !customer

const learn = (state: VisitorState, traits: Traits | undefined): void => {
  if (traits) state.traits = { ...state.traits, ...traits }
}
