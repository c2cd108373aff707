/** Shows a state at an instant, as the API answers it. Points stay exact until here; this is the edge. */
import type { Explanation, Visitor } from './answer.ts'
import type { LedgerEntry } from './award.ts'
import { type Fit, priorityOf } from './fit.ts'
import type { Owner } from './handoff-model.ts'
import type { Model } from './model.ts'
import { ownerOf } from './owner.ts'
import { fade, type Heat, momentumAt, scoreAt } from './score.ts'
import type { Touch } from './source.ts'
import { funnelOf } from './stage.ts'
import type { VisitorState } from './state.ts'
import { interestsAt } from './topic.ts'

/** How many signals are named as the reason for a score. */
const REASONS = 4
/** How many topics are named. */
const TOPICS = 5

export interface Shown {
  readonly id: string
  readonly site: string
  /** Already brought to `at`. */
  readonly state: VisitorState
  readonly at: number
}

export interface Lens {
  readonly model: Model
  readonly modelVersion: number
  readonly fitOf: (state: VisitorState) => Fit
  readonly accountOf: (state: VisitorState) => string | undefined
  readonly coolsAt: (state: VisitorState) => number | undefined
}

export const isoOf = (at: number): string => new Date(at).toISOString()
const isoOrNull = (at: number | undefined): string | null =>
  at === undefined || !Number.isFinite(at) || Math.abs(at) > 8.64e15 ? null : isoOf(at)

export const toTenth = (points: number): number => Math.round(points * 10) / 10 + 0

export const showVisitor = ({ id, site, state, at }: Shown, lens: Lens): Visitor => {
  const { model } = lens
  const score = scoreAt(state.heat, at, model)
  const { grade, percent, reasons } = lens.fitOf(state)
  const account = lens.accountOf(state)
  return {
    id,
    site,
    stage: state.stage,
    funnel: funnelOf(state.stage, model),
    stageSince: isoOf(state.stageSince),
    furthestStage: state.furthest,
    score: toTenth(score),
    groups: groupsAt(state.heat, at, model),
    momentum: momentumAt(state.heat, at, model),
    coolsAt: isoOrNull(lens.coolsAt(state)),
    qualification: state.qualification,
    qualificationSince: isoOf(state.qualificationSince),
    flags: Object.keys(state.flags),
    fit: { grade, percent: percent === undefined ? null : Math.round(percent), reasons: [...reasons] },
    priority: priorityOf(grade, score),
    traits: state.traits,
    account: account ?? null,
    owner: ownerIn(ownerOf({ id, account, traits: state.traits }, model.routing)),
    firstSeen: isoOf(state.firstSeen),
    lastSeen: isoOf(state.seenAt ?? state.lastSeen),
    sessions: state.session?.number ?? 0,
    views: state.views,
    engagedSeconds: Math.round(state.engagedSeconds),
    source: { first: touch(state.source.first), last: touch(state.source.last) },
    why: reasonsFor(state, at, model),
    topics: interestsAt(state.topics, at, model.halfLifeDays)
      .slice(0, TOPICS)
      .map(({ topic, value }) => ({ topic, value: toTenth(value) })),
    next: model.nextContent[state.stage] ?? { content: '', why: '' },
    modelVersion: lens.modelVersion,
  }
}

/** What is left of each group at an instant. */
export const groupsAt = (heat: Heat, at: number, { halfLifeDays }: Pick<Model, 'halfLifeDays'>): Visitor['groups'] => {
  const left = fade(at - heat.at, halfLifeDays)
  const { discover, engage, evaluate, intent, penalty } = heat
  return {
    discover: toTenth(discover * left),
    engage: toTenth(engage * left),
    evaluate: toTenth(evaluate * left),
    intent: toTenth(intent * left),
    penalty: toTenth(penalty * left),
  }
}

const ownerIn = (owner: Owner | undefined): Visitor['owner'] =>
  owner ? { id: owner.id, name: owner.name, ...(owner.email !== undefined && { email: owner.email }) } : null

const touch = (given: Touch | undefined): Visitor['source']['first'] =>
  given === undefined ? null : { ...given, at: isoOf(given.at) }

const reasonsFor = (state: VisitorState, at: number, model: Model): Visitor['why'] =>
  Object.entries(state.carried)
    .map(([signal, [points, then]]) => ({ signal, value: toTenth(points * fade(at - then, model.halfLifeDays)) }))
    .filter(({ value }) => value !== 0)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, REASONS)

/** Ledger rows as they count at `at`. Their values, added in this order, are exactly `sum`. */
export const explain = (
  ledger: readonly LedgerEntry[],
  at: number,
  { model, pages }: { readonly model: Model; readonly pages: (event: string) => { url?: string; title?: string } },
): Explanation => {
  const items = ledger.map(({ at: then, ...row }) => {
    const factor = fade(at - then, model.halfLifeDays)
    return { ...row, at: isoOf(then), factor, value: row.applied * factor, ...pages(row.event) }
  })
  const sum = items.reduce((total, { value }) => total + value, 0)
  return { items, sum, score: Math.min(100, Math.max(0, sum)) }
}
