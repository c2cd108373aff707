/** Random histories: everything a visitor can do, in bursts and after long silences, told in any order. */
import fc from 'fast-check'
import { DEFAULT_MODEL, presetModel } from '../../shared/default-model.ts'
import { inOrder, VERDICTS, type VisitorEvent } from '../../shared/event.ts'
import type { Model } from '../../shared/model.ts'
import { DAY, NOON } from './given.ts'

const HOUR = DAY / 24
const SIGNALS = Object.keys(DEFAULT_MODEL.signals)

/** Models that differ in memory, presets and zone. */
export const MODELS: readonly Model[] = [
  DEFAULT_MODEL,
  { ...presetModel('short', 'strict'), timeZone: 'America/New_York' },
  { ...presetModel('long'), timeZone: 'Australia/Lord_Howe' },
]

const FUNNEL = fc.constantFrom(undefined, 'tofu', 'mofu', 'bofu')
const VIEW = fc.constantFrom(undefined, 'v1', 'v2', 'v3')
const URL = fc.constantFrom(
  'https://x.example/',
  'https://x.example/pricing',
  'https://x.example/blog/a',
  'https://x.example/case-studies/b',
  'https://x.example/cart',
  'https://x.example/careers',
  'https://x.example/login',
  'https://x.example/?utm_medium=email&utm_term=buy+software',
)
const tag = {
  funnel: FUNNEL,
  signal: fc.option(fc.constantFrom(...SIGNALS, 'demo_video', 'nonsense'), { nil: undefined }),
  topic: fc.constantFrom(undefined, 'backup', 'archive'),
  view: VIEW,
}
const type = <Type extends string>(name: Type) => fc.constant(name)

const page = fc.record({
  type: type('page'),
  ...tag,
  url: URL,
  session: fc.constantFrom(undefined, undefined, undefined, 's1', 's2'),
  flagged: fc.constantFrom(undefined, undefined, undefined, undefined, 'bot'),
  seconds: fc.constantFrom(undefined, 10, 45, 400),
  scroll: fc.constantFrom(undefined, 20, 80),
})
const bodies = {
  page,
  track: fc.record({ type: type('track'), name: fc.constantFrom(...SIGNALS, 'Order Completed', 'nonsense') }),
  engagement: fc.record({
    type: type('engagement'),
    view: fc.constantFrom('v1', 'v2', 'v3'),
    seconds: fc.integer({ min: 0, max: 500 }),
    scroll: fc.integer({ min: 0, max: 100 }),
  }),
  search: fc.record({ type: type('search'), query: fc.constantFrom('improve', 'software', 'reviews', 'buy', 'zzz') }),
  identify: fc.record({
    type: type('identify'),
    traits: fc.constantFrom(
      { email: 'ann@acme.example' },
      { email: 'ann@gmail.com', companySize: 10 },
      { jobTitle: 'student' },
      { contract_size_ok: true, need_now: true, motivation: 'yes' },
    ),
  }),
  feedback: fc.record({
    type: type('feedback'),
    verdict: fc.constantFrom(...VERDICTS),
    reason: fc.constant('said so'),
  }),
  adjust: fc.record({
    type: type('adjust'),
    group: fc.constantFrom('discover', 'engage', 'evaluate', 'intent', 'penalty'),
    points: fc.integer({ min: -600, max: 600 }).map((tenths) => tenths / 10),
    reason: fc.constant('by hand'),
  }),
  download: fc.record({ type: type('download'), ...tag, url: URL }),
  form: fc.record({ type: type('form'), ...tag, form: fc.constant('f'), step: fc.constantFrom('start', 'submit') }),
  media: fc.record({
    type: type('media'),
    signal: fc.constant('demo_video'),
    name: fc.constant('tour'),
    percent: fc.constantFrom(10, 50, 95),
  }),
  click: fc.record({ type: type('click'), ...tag, url: fc.constantFrom(undefined, 'https://y.example/') }),
  group: fc.record({ type: type('group'), account: fc.constantFrom('acme', 'other') }),
  consent: fc.record({ type: type('consent'), state: fc.constantFrom('granted', 'denied') }),
}
const WEIGHTS: Partial<Record<keyof typeof bodies, number>> = {
  page: 8,
  track: 8,
  engagement: 4,
  search: 2,
  identify: 2,
}
const body: fc.Arbitrary<object> = fc.oneof(
  ...Object.entries(bodies).map(([name, arbitrary]) => ({
    weight: WEIGHTS[name as keyof typeof bodies] ?? 1,
    arbitrary: arbitrary as fc.Arbitrary<object>,
  })),
)

/** Milliseconds between two things that happen: none, seconds, an hour, days, a long silence. */
export const gap: fc.Arbitrary<number> = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 60_000 }),
  fc.integer({ min: 60_000, max: 2 * HOUR }),
  fc.integer({ min: HOUR, max: 3 * DAY }),
  fc.integer({ min: DAY, max: 45 * DAY }),
)

/** One thing that happens, and how the news of it travels. */
export interface Step {
  readonly event: VisitorEvent
  /** Arrives so many events later. */
  readonly late: number
  readonly twice: boolean
  /** Before it arrives, time is let run to so long after the newest event that has. */
  readonly wake: number | undefined
}

const step = fc.record({
  gap,
  body,
  late: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 12 }) }),
  twice: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  wake: fc.option(gap, { nil: undefined, freq: 3 }),
})

/** Ids do not ascend with time, so that events of one instant come in an order that nothing but the id gives. */
const idOf = (index: number): string => String((index * 7919 + 13) % 10_007).padStart(5, '0')

export const history = (maxLength = 30): fc.Arbitrary<readonly Step[]> =>
  fc.array(step, { minLength: 1, maxLength }).map((steps) => {
    let at = NOON
    return steps.map(({ gap, body, ...travel }, index) => {
      at += gap
      return { ...travel, event: { id: idOf(index), at, source: 'server', ...body } as VisitorEvent }
    })
  })

export const eventsOf = (steps: readonly Step[]): readonly VisitorEvent[] =>
  steps.map(({ event }) => event).toSorted(inOrder)

/** The steps in the order in which they arrive. */
export const arrivals = (steps: readonly Step[]): readonly Step[] =>
  steps
    .flatMap((step, index) => {
      const due = { step, at: index + step.late }
      return step.twice ? [due, { ...due, at: due.at + 2 }] : [due]
    })
    .sort((a, b) => a.at - b.at)
    .map(({ step }) => step)
