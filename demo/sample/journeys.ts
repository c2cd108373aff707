/** What kinds of visitors there are, and what each does in one visit after another. */
import type { Dice } from './dice.ts'

/** A page that is read, or something else that is done; named as the signal that it is. */
export type Step =
  | {
      readonly page: string
      readonly title: string
      readonly signal?: string
      readonly funnel?: string
      readonly topic?: string
    }
  | { readonly track: string }
  | { readonly search: string }
  | { readonly tells: true }

export interface Journey {
  /** Of all visitors, how many go this way. */
  readonly part: number
  /** One list of steps for each visit; days between two visits. */
  readonly visits: (dice: Dice) => readonly (readonly Step[])[]
  readonly pause: readonly [least: number, most: number]
}

const page = (path: string, title: string, tags: { signal?: string; funnel?: string; topic?: string } = {}): Step => ({
  ...{ page: path, title },
  ...tags,
})

const HOME = page('/', 'Backups that come back · Cairnhold')
const ARTICLES = [
  page('/blog/untested-backups', 'Nobody wants backups', { signal: 'article', topic: 'restore' }),
  page('/blog/ransomware-weekend', 'A weekend with ransomware', { signal: 'article', topic: 'ransomware' }),
  page('/guides/backup-plan', 'A backup plan in an afternoon', { signal: 'resource', topic: 'planning' }),
]
const PRODUCT = [
  page('/product', 'The product', { signal: 'commercial_page', topic: 'restore' }),
  page('/product/ransomware', 'Locked copies', { signal: 'commercial_page', topic: 'ransomware' }),
]
const PROOF = [
  page('/case-studies/hollins-verity', 'Hollins Verity restored in 40 minutes', {
    signal: 'case_study',
    topic: 'restore',
  }),
  page('/case-studies/tern-dental', 'Tern Dental', { signal: 'case_study', topic: 'healthcare' }),
  page('/compare', 'Cairnhold compared', { signal: 'comparison' }),
  page('/guides/buyers-guide', 'The buyers’ guide', { signal: 'buyers_guide' }),
]
const PRICING = page('/pricing', 'Pricing', { signal: 'pricing', funnel: 'bofu' })
/** No tag, and no page rule knows them: what the report on content suggests a tag for. */
const UNTAGGED = [page('/why-us', 'Why us'), page('/for-dentists', 'Backups for dentists')]
const CAREERS = page('/careers', 'Careers')
const DOCS = page('/docs', 'Documentation', { signal: 'tech_docs' })

const some = (dice: Dice, from: readonly Step[], most: number): readonly Step[] =>
  Array.from({ length: dice.between(1, most) }, () => dice.pick(from))

const passer = (dice: Dice): readonly (readonly Step[])[] => [
  [dice.chance(0.5) ? HOME : dice.pick(ARTICLES), ...(dice.chance(0.3) ? [dice.pick(UNTAGGED)] : [])],
]

const learner = (dice: Dice): readonly (readonly Step[])[] =>
  Array.from({ length: dice.between(2, 5) }, () => [
    ...some(dice, ARTICLES, 2),
    ...(dice.chance(0.35) ? [dice.pick(PRODUCT)] : []),
    ...(dice.chance(0.2) ? [{ search: 'how to improve backups' }] : []),
    ...(dice.chance(0.15) ? ([{ tells: true }, { track: 'email_signup' }] as const) : []),
  ])

const evaluator = (dice: Dice): readonly (readonly Step[])[] => [
  [HOME, ...some(dice, ARTICLES, 1), ...some(dice, PRODUCT, 2)],
  [...some(dice, PROOF, 2), ...(dice.chance(0.4) ? [dice.pick(UNTAGGED)] : [])],
  ...(dice.chance(0.6) ? [[...some(dice, PROOF, 2), PRICING]] : []),
  ...(dice.chance(0.5) ? [[DOCS, ...some(dice, PRODUCT, 1)]] : []),
  ...(dice.chance(0.5) ? [[{ tells: true }, { track: 'content_download' }] as const] : []),
]

const buyer = (dice: Dice): readonly (readonly Step[])[] => [
  [HOME, ...some(dice, ARTICLES, 1), ...some(dice, PRODUCT, 2)],
  [...some(dice, PROOF, 3), PRICING],
  [
    { search: 'cairnhold compared to others' },
    ...some(dice, PROOF, 2),
    PRICING,
    { tells: true },
    { track: 'email_signup' },
  ],
  [PRICING, page('/request-demo', 'Ask for a demo'), { tells: true }, { track: 'demo_request' }],
  ...(dice.chance(0.45)
    ? [[DOCS, { track: 'won' }], [DOCS]]
    : dice.chance(0.4)
      ? [[{ track: 'opportunity_lost' }]]
      : []),
]

const applicant = (dice: Dice): readonly (readonly Step[])[] => [
  [HOME, CAREERS],
  ...(dice.chance(0.5) ? [[CAREERS]] : []),
]

export const JOURNEYS: readonly Journey[] = [
  { part: 0.52, visits: passer, pause: [1, 5] },
  { part: 0.21, visits: learner, pause: [3, 14] },
  { part: 0.14, visits: evaluator, pause: [1, 7] },
  { part: 0.1, visits: buyer, pause: [1, 6] },
  { part: 0.03, visits: applicant, pause: [2, 9] },
]
