/** Where a visitor stands in the funnel: evidence to enter a stage, a band of score to stay in it. */
import { STAGES } from './answer.ts'
import type { Funnel } from './event.ts'
import type { Group, Model, Stage } from './model.ts'

export interface StageEvidence {
  readonly score: number
  /** Groups that fired within the evidence window. */
  readonly groups: Pick<ReadonlySet<Group>, 'has'>
  /** A stage that is held, whatever the score. */
  readonly held?: Stage | undefined
  /** What a purchase has made of them. */
  readonly customer?: 'conversion' | 'relationship' | undefined
}

const BANDS = ['interest', 'evaluation', 'intent'] as const

/** Where a visitor stands, given where they stood. A customer's stage is left only by what ends the purchase. */
export const nextStage = (stage: Stage, evidence: StageEvidence, { stages }: Pick<Model, 'stages'>): Stage => {
  if (evidence.customer) return evidence.customer
  let to: Stage = evidence.held ?? 'awareness'
  for (const band of BANDS) {
    const { enter, leave, evidence: groups } = stages[band]
    const stays = rank(band) <= rank(stage) && evidence.score >= leave
    const enters = evidence.score >= enter && groups.some((group) => evidence.groups.has(group))
    if (stays || enters) to = highest(to, band)
  }
  return to
}

/** The score below which a stage is left; undefined where no score ends it. */
export const leaveScore = (stage: Stage, { stages }: Pick<Model, 'stages'>): number | undefined => {
  const band = BANDS.find((name) => name === stage)
  return band && stages[band].leave
}

/** The stage that a firing of `signal` holds for a while, if any. */
export const floorOf = (signal: string, { stages }: Pick<Model, 'stages'>): Stage | undefined =>
  BANDS.findLast((band) => stages[band].floors.includes(signal))

export const funnelOf = (stage: Stage, { stages }: Pick<Model, 'stages'>): Funnel => stages[stage].funnel

const RANKS = Object.fromEntries(STAGES.map((stage, i) => [stage, i])) as Record<Stage, number>
export const rank = (stage: Stage): number => RANKS[stage]

export const highest = (...all: readonly Stage[]): Stage => all.reduce((a, b) => (rank(a) >= rank(b) ? a : b))
