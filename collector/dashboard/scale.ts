/** The fixed scales of the page: stages in their bands, groups with their caps. Types hold them to the API's words. */
import type { Explanation, Visitor } from '../../shared/answer.ts'

export type Stage = Visitor['stage']
export type Band = Visitor['funnel']
export type Qualification = Visitor['qualification']
export type Group = Explanation['items'][number]['group']

/** Which band a stage is drawn in; the order of the keys is the order of the stages. */
const BAND_OF = {
  awareness: 'tofu',
  interest: 'tofu',
  evaluation: 'mofu',
  intent: 'mofu',
  conversion: 'bofu',
  relationship: 'bofu',
} as const satisfies Record<Stage, Band>

export const STAGES = Object.keys(BAND_OF) as readonly Stage[]
export const BANDS = ['tofu', 'mofu', 'bofu'] as const satisfies readonly Band[]
export const stagesOf = (band: Band): readonly Stage[] => STAGES.filter((stage) => BAND_OF[stage] === band)

const STEPS = {
  anonymous: 0,
  iql: 1,
  mql: 2,
  recycled: 3,
  sql: 4,
  customer: 5,
} as const satisfies Record<Qualification, number>
export const QUALIFICATIONS = Object.keys(STEPS) as readonly Qualification[]

/** The most that a group can add; for the penalty, the most that it can take. */
export const CAPS = {
  discover: 10,
  engage: 15,
  evaluate: 25,
  intent: 50,
  penalty: -25,
} as const satisfies Record<Group, number>
export const GROUPS = Object.keys(CAPS) as readonly Group[]

/** Signals by which somebody asks to be called. */
export const HAND_RAISES: readonly string[] = [
  'demo_request',
  'callback_request',
  'quote_request',
  'contact_sales',
  'pricing_question',
]

/** Whether a change leads up its scale; undefined where neither end is on it. */
export const leadsUp = (from: string, to: string): boolean | undefined => {
  const scale = [STAGES, QUALIFICATIONS].find((names) => (names as readonly string[]).includes(to)) as
    | readonly string[]
    | undefined
  return scale?.includes(from) ? scale.indexOf(to) > scale.indexOf(from) : undefined
}
