/** The worked examples of the default model, sent by HTTP as a server would and read by the API, at every instant. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Explanation, Visitor } from '../../shared/answer.ts'
import { type Program, startProgram } from './program.ts'

const DAY = 86_400_000
/** Far enough back that all of each story is past. */
const START = Date.UTC(2026, 0, 5, 12)
const iso = (days: number): string => new Date(START + Math.round(days * DAY)).toISOString()

const PAGES = 'page_view article commercial_page case_study comparison buyers_guide pricing careers'.split(' ')
const READ = { engagedSeconds: 45, scrollPercent: 80 }

type Step = readonly [days: number, ...names: readonly string[]]
interface Expected {
  readonly day: number
  readonly score: number
  readonly stage: string
  readonly qualification?: string
}

let program: Program
beforeAll(async () => {
  program = await startProgram()
})
afterAll(() => program.end())

const batchOf = (person: string, steps: readonly Step[]): readonly object[] =>
  steps.flatMap(([days, ...names]) =>
    names.map((name, i) => {
      const common = { messageId: `${person}-${days}-${i}`, anonymousId: person, timestamp: iso(days) }
      if (name === 'identify') return { ...common, type: 'identify', traits: { email: `${person}@acme.example` } }
      if (!PAGES.includes(name)) return { ...common, type: 'track', event: name }
      const properties = { ...(name !== 'page_view' && { signal: name }), ...(name === 'article' && READ) }
      return { ...common, type: 'page', properties }
    }),
  )

const STORIES: readonly (readonly [name: string, steps: readonly Step[], expected: readonly Expected[]])[] = [
  [
    'one article',
    [[0, 'search_tofu', 'article']],
    [{ day: 0, score: 4.5, stage: 'awareness', qualification: 'anonymous' }],
  ],
  [
    'a faithful reader',
    [0, 7, 14, 21, 28, 35, 42, 49].map((days) => [days, 'article', 'article'] as const),
    [
      { day: 6.9, score: 3.6, stage: 'awareness' }, // 5 · 2^(-6.9/14)
      { day: 7, score: 11.5, stage: 'interest' },
      { day: 49, score: 19.3, stage: 'interest' },
      { day: 63, score: 9.7, stage: 'interest' },
      { day: 77, score: 4.8, stage: 'interest' },
      { day: 80.7, score: 4, stage: 'interest' },
      { day: 80.9, score: 4, stage: 'awareness' },
    ],
  ],
  [
    'prices in two sessions',
    [
      [0, 'pricing'],
      [0.02, 'pricing'],
      [1, 'pricing'],
    ],
    [
      { day: 0, score: 6.5, stage: 'awareness' },
      { day: 0.02, score: 7, stage: 'awareness' },
      { day: 1, score: 22.2, stage: 'evaluation' },
    ],
  ],
  [
    'a buyer whom sales forgot',
    [
      [0, 'campaign_click', 'commercial_page'],
      [2, 'commercial_page', 'case_study', 'comparison'],
      [5, 'pricing', 'buyers_guide', 'identify', 'email_signup'],
      [9, 'pricing', 'chat_message'],
      [10, 'demo_request'],
    ],
    [
      { day: 0, score: 5.5, stage: 'awareness', qualification: 'anonymous' },
      { day: 2, score: 25.5, stage: 'evaluation', qualification: 'anonymous' },
      { day: 5, score: 42.7, stage: 'evaluation', qualification: 'mql' },
      { day: 9, score: 54.7, stage: 'intent', qualification: 'mql' },
      { day: 10, score: 91.4, stage: 'intent', qualification: 'sql' },
      { day: 36.1, score: 25.1, stage: 'intent', qualification: 'sql' },
      { day: 36.3, score: 24.8, stage: 'evaluation', qualification: 'sql' },
      { day: 54.8, score: 9.9, stage: 'interest', qualification: 'sql' },
      { day: 70.6, score: 4.5, stage: 'interest', qualification: 'sql' },
      { day: 70.8, score: 4.5, stage: 'interest', qualification: 'recycled' },
      { day: 73.3, score: 4, stage: 'awareness', qualification: 'recycled' },
    ],
  ],
  [
    'an abandoned cart',
    [
      [0, 'commercial_page', 'commercial_page', 'cart_add', 'checkout_start'],
      [1, 'identify', 'coupon_signup'],
    ],
    [
      { day: 0, score: 27, stage: 'intent', qualification: 'anonymous' },
      { day: 0.05, score: 36.9, stage: 'intent', qualification: 'anonymous' },
      { day: 1, score: 44.2, stage: 'intent', qualification: 'mql' },
    ],
  ],
  [
    'a job seeker',
    [
      [0, 'page_view', 'careers'],
      [0.01, 'commercial_page', 'page_view', 'page_view'],
    ],
    [{ day: 0.01, score: 0, stage: 'awareness', qualification: 'anonymous' }],
  ],
  ['a raised hand', [[0, 'demo_request', 'identify']], [{ day: 0, score: 45, stage: 'intent', qualification: 'sql' }]],
]

describe.each(STORIES)('%s', (name, steps, expected) => {
  const person = name.replaceAll(' ', '-')
  beforeAll(async () => {
    const batch = batchOf(person, steps)
    // Sent twice and backwards: neither may change anything.
    expect((await program.importBatch(batch.toReversed())).accepted).toBe(batch.length)
    expect((await program.importBatch(batch)).accepted).toBe(0)
  })

  it.each(expected)('on day $day: $score, $stage', async ({ day, score, stage, qualification }) => {
    const visitor = await program.get<Visitor>(`/api/visitors/${person}?at=${iso(day)}`)
    expect(visitor.stage).toBe(stage)
    expect(Math.abs(visitor.score - score)).toBeLessThanOrEqual(0.1)
    if (qualification) expect(visitor.qualification).toBe(qualification)

    const {
      items,
      sum,
      score: explained,
    } = await program.get<Explanation>(`/api/visitors/${person}/explain?at=${iso(day)}`)
    expect(items.reduce((total, { value }) => total + value, 0)).toBe(sum)
    expect(explained).toBe(Math.max(0, sum))
    expect(Math.abs(explained - visitor.score)).toBeLessThanOrEqual(0.05)
  })
})
