/** Brings stage, qualification and flags in line with what is now true of a visitor. The only code that moves them. */
import { type Effects, lastProof } from './award.ts'
import { createCalendar, DAY } from './calendar.ts'
import { assessFit, type Fit } from './fit.ts'
import type { Group, Model, Stage } from './model.ts'
import { HAND_RAISED, isSqlPending, nextStep, type Qualification, type QualificationFacts } from './qualification.ts'
import { scoreAt } from './score.ts'
import { createSlaClock, SLA_FLAGS } from './sla.ts'
import { floorOf, highest, leaveScore, nextStage, rank } from './stage.ts'
import type { VisitorState } from './state.ts'

/** Why things may have changed: an event, or time alone. */
export interface Occasion {
  readonly at: number
  readonly event?: string | undefined
  readonly effects: Effects
}

export interface Settle {
  (state: VisitorState, occasion: Occasion): void
  readonly moveQualification: (state: VisitorState, to: Qualification, occasion: Occasion & { rule: string }) => void
  readonly setFlag: (state: VisitorState, flag: string, on: boolean, occasion: Occasion & { rule: string }) => void
  /** Nobody waits for an answer any more. */
  readonly stopClock: (state: VisitorState, occasion: Occasion & { rule: string }) => void
  /** Until when the present stage is held whatever the score; undefined where it is not. */
  readonly heldUntil: (state: VisitorState) => number | undefined
  readonly fitOf: (state: VisitorState) => Fit
}

export const createSettle = (model: Model, isFreeMail: (domain: string) => boolean): Settle => {
  const { qualification: rules, stages } = model
  const startClock = createSlaClock(model)
  const dayOf = createCalendar(model.timeZone)
  const floors = Object.entries(model.signals).flatMap(([signal, { group }]) => {
    const stage = floorOf(signal, model)
    return stage ? [{ signal, stage, group }] : []
  })
  const floorGroups = [...new Set(floors.map(({ group }) => group))]
  /** Whether a floor signal can have fired: most visitors never showed such a thing, and are spared the search. */
  const mayBeHeld = ({ evidence }: VisitorState): boolean =>
    floorGroups.some((group) => group === undefined || evidence[group] !== undefined)
  /** What each signal counts as. */
  const roles = new Map(
    Object.entries(model.signals).map(([signal, { group }]) => [
      signal,
      [
        ...(rules.mql.kinds.includes(signal) ? (['mql'] as const) : []),
        ...(group === 'intent' ? (['intent'] as const) : []),
        ...(rules.sql.handRaises.includes(signal) ? (['hand'] as const) : []),
        ...(rules.sql.pattern.kinds.includes(signal) ? (['pattern'] as const) : []),
      ],
    ]),
  )
  const fitOf = (state: VisitorState): Fit => assessFit(state.traits, model, isFreeMail)

  const note = (
    state: VisitorState,
    change: Change,
    { at, event, effects, rule }: Occasion & { rule: string },
  ): void => {
    effects.transitions.push({ ...change, at, event, rule, score: scoreAt(state.heat, at, model) })
  }

  const floorEnd = (state: VisitorState, { signal }: { signal: string }): number =>
    (lastProof(state, signal, model) ?? Number.NEGATIVE_INFINITY) + stages.floorDays * DAY

  const heldUntil = (state: VisitorState): number | undefined => {
    if (!mayBeHeld(state)) return undefined
    let end = Number.NEGATIVE_INFINITY
    for (const floor of floors) if (rank(floor.stage) >= rank(state.stage)) end = Math.max(end, floorEnd(state, floor))
    return Number.isFinite(end) ? end : undefined
  }

  const settleStage = (state: VisitorState, occasion: Occasion): void => {
    const { at } = occasion
    const since = at - stages.evidenceDays * DAY
    const groups = { has: (group: Group) => (state.evidence[group] ?? Number.NEGATIVE_INFINITY) > since }
    const holding = mayBeHeld(state) ? floors.filter((floor) => at < floorEnd(state, floor)) : []
    const held = holding.length ? highest(...holding.map(({ stage }) => stage)) : undefined
    const customer = state.customer && (state.customer.relationship ? 'relationship' : 'conversion')
    const to = nextStage(state.stage, { score: scoreAt(state.heat, at, model), groups, held, customer }, model)
    if (to !== state.stage) moveStage(state, to, { ...occasion, rule: stageRule(state, to, holding.at(-1)?.signal) })
  }

  const moveStage = (state: VisitorState, to: Stage, occasion: Occasion & { rule: string }): void => {
    note(state, { what: 'stage', from: state.stage, to }, occasion)
    state.stage = to
    state.stageSince = occasion.at
    state.furthest = highest(state.furthest, to)
    for (const stage of ['awareness', 'interest', 'evaluation', 'intent', 'conversion', 'relationship'] as const)
      if (rank(stage) <= rank(to)) state.entered[stage] ??= occasion.at
  }

  const stageRule = (state: VisitorState, to: Stage, floor: string | undefined): string => {
    if (to === 'conversion') return 'bought'
    if (to === 'relationship') return 'a customer who stays'
    if (rank(to) < rank(state.stage)) {
      const leave = leaveScore(state.stage, model)
      return leave === undefined ? 'the purchase was undone' : `score below ${leave}`
    }
    const band = to === 'awareness' ? undefined : stages[to]
    const reached = band && scoreAt(state.heat, state.heat.at, model) >= band.enter
    return reached ? `score of ${band.enter} with evidence` : `held by ${floor}`
  }

  const moveQualification: Settle['moveQualification'] = (state, to, occasion) => {
    if (to === state.qualification) return
    note(state, { what: 'qualification', from: state.qualification, to }, occasion)
    state.qualification = to
    state.qualified ??= {}
    state.qualified[to] ??= occasion.at
    state.qualificationSince = occasion.at
    setFlag(state, 'recycled', to === 'recycled', occasion)
    if (to === 'recycled') state.recycledAt = occasion.at
    if (to === 'recycled' || to === 'customer') setFlag(state, 'sales_active', false, occasion)
    stopClock(state, occasion)
    if ((to === 'mql' || to === 'sql') && !('sales_active' in state.flags))
      state.sla = startClock(to === 'sql' && occasion.rule === HAND_RAISED ? 'handRaise' : to, occasion.at)
  }

  const stopClock: Settle['stopClock'] = (state, occasion) => {
    state.sla = undefined
    for (const flag of SLA_FLAGS) setFlag(state, flag, false, occasion)
  }

  const setFlag: Settle['setFlag'] = (state, flag, on, occasion) => {
    if (on === flag in state.flags) return
    note(state, { what: 'flag', from: on ? '' : flag, to: on ? flag : '' }, occasion)
    if (on) state.flags[flag] = occasion.at
    else delete state.flags[flag]
  }

  const factsOf = (state: VisitorState, at: number, fit: Fit): QualificationFacts => {
    const since = Math.max(at - rules.evidenceDays * DAY, state.recycledAt ?? Number.NEGATIVE_INFINITY)
    const shown = { mql: 0, intent: 0, hand: 0, pattern: 0 }
    for (const signal in state.firings) {
      if ((lastProof(state, signal, model) ?? Number.NEGATIVE_INFINITY) <= since) continue
      for (const role of roles.get(signal) ?? []) shown[role] += 1
    }
    const commercial = state.commercial.filter((time) => time > since)
    return {
      identified: typeof state.traits.email === 'string',
      disqualified: fit.disqualified,
      grade: fit.grade,
      score: scoreAt(state.heat, at, model),
      mqlKinds: shown.mql,
      intentKinds: shown.intent,
      handRaised: shown.hand > 0,
      patternKinds: shown.pattern,
      commercialViews: commercial.length,
      commercialDays: new Set(commercial.map(dayOf)).size,
      confirmed: rules.sql.confirmations.every((trait) => isYes(state.traits[trait])),
      fresh: state.recycledAt === undefined || shown.mql + shown.intent > 0,
    }
  }

  const settleQualification = (state: VisitorState, occasion: Occasion): void => {
    if (state.customer) {
      moveQualification(state, 'customer', { ...occasion, rule: 'bought' })
      settleExpansion(state, occasion)
    } else if (typeof state.traits.email === 'string') settleLead(state, occasion)
  }

  const settleLead = (state: VisitorState, occasion: Occasion): void => {
    const fit = fitOf(state)
    const facts = factsOf(state, occasion.at, fit)
    setFlag(state, 'disqualified', fit.disqualified, { ...occasion, rule: fit.reasons.join(', ') || 'qualifies again' })
    for (
      let step = nextStep(state.qualification, facts, model);
      step;
      step = nextStep(state.qualification, facts, model)
    )
      moveQualification(state, step.to, { ...occasion, rule: step.rule })
    const pending = isSqlPending(state.qualification, facts, model)
    setFlag(state, 'sql_pending', pending, { ...occasion, rule: pending ? 'awaits confirmation' : 'no longer awaited' })
    const review = state.qualification === 'sql' && fit.grade === 'D'
    setFlag(state, 'review', review, { ...occasion, rule: review ? 'hand raised, but fit D' : 'fit no longer D' })
  }

  const settleExpansion = (state: VisitorState, occasion: Occasion): void => {
    const boughtAt = state.customer!.at
    const hot = scoreAt(state.heat, occasion.at, model) >= rules.mql.score * rules.expansion.scoreFactor
    const raised = rules.sql.handRaises.some((name) => (lastProof(state, name, model) ?? boughtAt) > boughtAt)
    if (hot || raised)
      setFlag(state, 'expansion', true, {
        ...occasion,
        rule: raised ? 'a customer raised their hand' : 'a hot customer',
      })
  }

  const settleTrial = (state: VisitorState, occasion: Occasion): void => {
    const { on, trial, activation } = rules.pql
    if (on && state.firings[trial] && state.firings[activation])
      setFlag(state, 'pql', true, { ...occasion, rule: `${trial} and ${activation}` })
  }

  const settle = (state: VisitorState, occasion: Occasion): void => {
    settleStage(state, occasion)
    settleTrial(state, occasion)
    settleQualification(state, occasion)
  }
  return Object.assign(settle, { moveQualification, setFlag, stopClock, heldUntil, fitOf })
}

interface Change {
  readonly what: 'stage' | 'qualification' | 'flag'
  readonly from: string
  readonly to: string
}

const isYes = (value: unknown): boolean => value === true || value === 'true' || value === 'yes' || value === 1
