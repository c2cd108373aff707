/** A lead as a row tells of it, whatever the store. */
import { HAND_RAISED } from '../../shared/qualification.ts'
import type { Answered } from '../../shared/sla-report.ts'

export interface LeadRow {
  readonly seq: number
  readonly at: number
  readonly target: 'mql' | 'sql'
  readonly rule: string
  readonly model: number
  readonly touched: number | null
  readonly flag: string | null
  readonly verdict: string | null
  readonly bought: 0 | 1 | boolean
}

export const answeredOf = ({ at, target, rule, model, touched, flag, verdict, bought }: LeadRow): Answered => ({
  kind: target === 'sql' && rule === HAND_RAISED ? 'handRaise' : target,
  modelVersion: model,
  at,
  touchedAt: touched ?? undefined,
  wasInTouch: flag === 'sales_active',
  outcome:
    verdict === 'accepted' || verdict === 'won' ? 'good' : verdict !== null ? 'bad' : bought ? 'good' : undefined,
})
