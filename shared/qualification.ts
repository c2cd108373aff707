/** How far sales may count on a visitor: anonymous, IQL, MQL, SQL, customer, and why. */
import type { QUALIFICATIONS } from './answer.ts'
import type { Grade } from './fit.ts'
import type { Model } from './model.ts'

export type Qualification = (typeof QUALIFICATIONS)[number]

/** The rule by which somebody who asked to be called is an SQL. */
export const HAND_RAISED = 'raised their hand'

/** What the rules look at. Kinds are distinct signals within the evidence window. */
export interface QualificationFacts {
  /** An e-mail address is known. */
  readonly identified: boolean
  /** A competitor, own staff and the like: never qualifies. */
  readonly disqualified: boolean
  readonly grade: Grade
  readonly score: number
  readonly mqlKinds: number
  readonly intentKinds: number
  readonly handRaised: boolean
  readonly patternKinds: number
  readonly commercialViews: number
  readonly commercialDays: number
  /** Preset `strict`: everything sales asks for is recorded. */
  readonly confirmed: boolean
  /** Since they were recycled, if they were, they did something that counts. */
  readonly fresh: boolean
}

export interface Step {
  readonly to: Qualification
  readonly rule: string
}

type Rules = Pick<Model, 'qualification'>

/** The next step up, if a rule holds; ask again until none does. */
export const nextStep = (from: Qualification, facts: QualificationFacts, model: Rules): Step | undefined => {
  if (from === 'customer' || from === 'sql' || !facts.identified) return undefined
  if (from === 'anonymous' && model.qualification.iql.on) return { to: 'iql', rule: 'e-mail known' }
  if (facts.disqualified || !facts.fresh) return undefined
  const mql = from === 'mql' ? undefined : mqlRule(facts, model)
  if (mql) return { to: 'mql', rule: mql }
  const sql = sqlRule(facts, model)
  return sql && !isPending(facts, model) ? { to: 'sql', rule: sql } : undefined
}

/** An SQL in all but what sales has yet to confirm. */
export const isSqlPending = (from: Qualification, facts: QualificationFacts, model: Rules): boolean =>
  (from === 'iql' || from === 'mql' || from === 'recycled') &&
  facts.fresh &&
  !facts.disqualified &&
  isPending(facts, model) &&
  sqlRule(facts, model) !== undefined

const isPending = (facts: QualificationFacts, { qualification: { sql } }: Rules): boolean =>
  sql.preset === 'strict' && !facts.confirmed

const mqlRule = (facts: QualificationFacts, { qualification: { mql } }: Rules): string | undefined => {
  if (facts.grade === 'D') return undefined
  if (mql.mode !== 'actions' && facts.score >= mql.score) return `score of ${mql.score} reached`
  const enough = facts.mqlKinds >= mql.distinctKinds && facts.score >= mql.actionScore
  return mql.mode !== 'score' && enough
    ? `${facts.mqlKinds} kinds of action at a score of ${mql.actionScore}`
    : undefined
}

const sqlRule = (facts: QualificationFacts, { qualification: { sql } }: Rules): string | undefined => {
  if (facts.handRaised) return HAND_RAISED
  if (!sql.byScore || (facts.grade !== 'A' && facts.grade !== 'B')) return undefined
  if (facts.score >= sql.score && facts.intentKinds >= sql.distinctIntent)
    return `score of ${sql.score} with ${facts.intentKinds} kinds of intent, fit ${facts.grade}`
  const { pattern } = sql
  const researched =
    facts.commercialViews >= pattern.views &&
    facts.commercialDays >= pattern.days &&
    facts.patternKinds >= pattern.distinctKinds &&
    facts.score >= pattern.score
  return researched ? `researched the purchase on ${facts.commercialDays} days, fit ${facts.grade}` : undefined
}
