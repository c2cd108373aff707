/** What the counts say: rates of the closed, lengths of time, lifts, and what an untagged page may be. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketOf, isWithin, quantileOf } from '../../shared/bucket.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { liftOf, passageOf, speedOf } from '../../shared/report.ts'
import { contentReport, signalsReport } from '../../shared/report-content.ts'
import { sourcesReport } from '../../shared/report-funnel.ts'
import { readSight, WINDOW, writeSight } from '../../shared/seen.ts'
import { createSuggest } from '../../shared/suggest-tag.ts'

const row = (of: string, end: string, n: number, closed = n) => ({ of, end, n, closed })

describe('a length of time', () => {
  it('is within the window exactly when its class is', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 3 * WINDOW }), (ms) => {
        expect(isWithin(bucketOf(ms))).toBe(ms <= WINDOW)
      }),
    )
    expect([WINDOW - 1, WINDOW, WINDOW + 1].map((ms) => isWithin(bucketOf(ms)))).toEqual([true, true, false])
  })

  it('is read within 5 % of what it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3000, max: 400 * 86_400_000 }), (ms) => {
        const read = quantileOf(new Map([[bucketOf(ms), 1]]), 0.5)!
        expect(Math.abs(read - ms) / ms).toBeLessThan(0.05)
      }),
    )
  })

  it('has the median and the ninth decile of all, within 5 %', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 3000, max: WINDOW }), { minLength: 1, maxLength: 60 }), (all) => {
        const buckets = new Map<number, number>()
        for (const ms of all) buckets.set(bucketOf(ms), (buckets.get(bucketOf(ms)) ?? 0) + 1)
        const sorted = all.toSorted((a, b) => a - b)
        for (const share of [0.5, 0.9]) {
          const exact = sorted[Math.ceil(all.length * share) - 1]!
          expect(Math.abs(quantileOf(buckets, share)! - exact) / exact).toBeLessThan(0.05)
        }
      }),
    )
  })

  it('of nobody is none', () => expect(speedOf(new Map())).toEqual({ moved: 0, medianSeconds: null, p90Seconds: null }))
})

it('a rate is of those whose window has closed, and counts who moved on within it', () => {
  const rows = [row('interest', '0', 10, 8), row('interest', '1', 5, 4), row('intent', '1', 9)]
  expect(passageOf(rows, 'interest')).toEqual({ people: 15, closed: 12, moved: 4 })
  expect(passageOf(rows, 'nowhere')).toEqual({ people: 0, closed: 0, moved: 0 })
})

it.each([
  [0, 0, 0.1, 1], // nobody: like the average
  [10, 100, 0.1, 1],
  [20, 99, 0.1, 2.01],
  [1, 1, 0.1, 5.5], // one person proves little
  [5, 10, 0, null],
  [5, 10, null, null],
])('%i of %i against an average of %j is a lift of %j', (some, all, average, lift) => {
  const found = liftOf(some, all, average)
  if (lift === null) expect(found).toBeNull()
  else expect(found).toBeCloseTo(lift, 10)
})

describe('content', () => {
  const sight = (path: string, tagged: 'tag' | 'rule' | 'none', signal: string | null = null) =>
    `awareness\t${writeSight({ kind: 'page', tagged, signal, path })}`
  const report = contentReport(
    {
      steps: [row('awareness', '0', 180), row('awareness', '1', 20)],
      sights: [
        row(sight('/blog', 'rule', 'tofu_page'), '0', 95),
        row(sight('/blog', 'rule', 'tofu_page'), '1', 5),
        row(sight('/why-us', 'none'), '0', 20, 10),
        row(sight('/why-us', 'none'), '1', 20),
        row(sight('/rare', 'none'), '1', 24),
      ],
    },
    DEFAULT_MODEL,
  )

  it('is compared with the average of its stage, and left out where too few saw it', () => {
    expect(report.stages[0]).toEqual({ stage: 'awareness', people: 200, moved: 20, rate: 0.1 })
    expect(report.items.map(({ path, people, moved, share }) => ({ path, people, moved, share }))).toEqual([
      { path: '/why-us', people: 30, moved: 20, share: 0.15 },
      { path: '/blog', people: 100, moved: 5, share: 0.5 },
    ])
    expect(report.items[0]!.lift).toBeCloseTo(20.1 / 31 / 0.1, 10)
    expect(report.hidden).toBe(1)
  })

  it('without a tag comes with the line to paste', () => {
    expect(report.untagged.map(({ path, people, line }) => [path, people, line])).toEqual([
      ['/why-us', 40, '<meta name="leadlight" content="mofu">'],
      ['/rare', 24, '<meta name="leadlight" content="tofu">'],
    ])
  })

  it('is written short, and read back', () => {
    const path = fc.string({ maxLength: 50 }).map((text) => `/${text}`)
    const signal = fc.constantFrom(null, 'pricing', 'case_study')
    const kind = fc.constantFrom('page' as const, 'download' as const)
    const tagged = fc.constantFrom('tag' as const, 'rule' as const, 'none' as const)
    fc.assert(
      fc.property(fc.record({ kind, tagged, signal, path }), (seen) => {
        expect(readSight(writeSight(seen))).toEqual(seen)
      }),
    )
  })
})

it.each([
  ['/our-pricing-explained', 0, 'bofu', 'pricing'],
  ['/ways-to-improve-sleep', 0, 'tofu', null],
  ['/best-backup-software-reviews', 0, 'bofu', null],
  ['/xyz', 1.6, 'mofu', null],
  ['/xyz', 1.4, 'tofu', null],
])('%s, with a lift of %j, may be %s', (path, lift, funnel, signal) => {
  expect(createSuggest(DEFAULT_MODEL)(path, lift)).toMatchObject({ funnel, signal })
})

describe('sources and signals', () => {
  const sql = String(1 << 6)
  const origins = [
    row('cpc\tgoogle', sql, 10),
    row('cpc\tgoogle', '0', 90),
    row('direct\t', '0', 300),
    row('x\ty', sql, 10),
  ]

  it('tell how many became an SQL, where there are enough to tell', () => {
    const { base, items } = sourcesReport(origins)
    expect(base).toEqual({ closed: 410, sql: 20, rate: 20 / 410 })
    expect(items.map(({ medium, source, visitors, rate }) => [medium, source, visitors, rate])).toEqual([
      ['direct', null, 300, 0],
      ['cpc', 'google', 100, 0.1],
      ['x', 'y', 10, null],
    ])
  })

  it('are named with their group, the most telling first', () => {
    const signals = [
      row('pricing_first', '1', 20),
      row('pricing_first', '0', 30),
      row('page_view', '0', 400),
      row('comparison', '1', 9),
    ]
    const { items, hidden } = signalsReport({ signals, origins }, DEFAULT_MODEL)
    expect(items.map(({ signal, group, people, sql: became }) => [signal, group, people, became])).toEqual([
      ['pricing_first', 'evaluate', 50, 20],
      ['page_view', 'discover', 400, 0],
    ])
    expect(hidden).toBe(1)
  })
})
