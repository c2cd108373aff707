/** Real bodies, mutated: a refusal, a verdict, or a sound event; never a throw. */
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseSegment, type SegmentKind } from '../../collector/ingest/segment.ts'
import { parseSnippet } from '../../collector/ingest/snippet.ts'
import { browser, RECEIVED, server } from './arrival.ts'
import { dataFile, jsonLines } from './data.ts'
import { inEveryField, KINDS, TYPED } from './field.ts'
import { checkResult } from './inert.ts'

/** Of each of five kinds. */
const RUNS = process.env.GATES === 'full' ? 200_000 : 10_000

const spec = dataFile('spec/segment_spec_payloads.jsonl')
const own = [
  {
    site: 'S',
    visitor: 'V',
    sent: RECEIVED,
    events: TYPED.map((event, n) => ({ id: `e${n}`, at: RECEIVED - n, ...inEveryField('text'), ...event })),
  },
  {
    userId: 'u',
    event: 'Order Completed',
    properties: { revenue: 25, products: [{ id: 1 }] },
    timestamp: '2026-09-21T11:00:00Z',
  },
  {
    batch: [{ type: 'identify', userId: 'u', traits: { email: 'a@b.co', company: { name: 'I' } } }],
    context: { page: { url: 'https://a.example/' } },
  },
]
const bodies: readonly unknown[] = [
  ...own,
  ...jsonLines(spec).flatMap(({ payload }) => [payload, { batch: [payload], sentAt: '2026-09-21T11:00:00Z' }]),
]

/** JSON text, for `__proto__` as a key and 1e400 cannot be written as a value. */
const NASTY = [
  '{"length":{"toString":null}}',
  '{"length":{"valueOf":null,"toString":null},"size":{"toString":null}}',
  'null',
  'true',
  '0',
  '-1',
  '1e400',
  '-1e400',
  '1e308',
  '9007199254740993',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udfff\\ud800"',
  '"__proto__"',
  '"constructor"',
  '[]',
  '{}',
  '[[[[[[]]]]]]',
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"a":{"__proto__":null}}',
  '{"toString":1,"hasOwnProperty":2,"valueOf":3,"then":4,"length":-1}',
  `"${'x'.repeat(300)}"`,
  `"${'@'.repeat(2000)}"`,
  `"${'a@b.'.repeat(500)}"`,
  '"9999-12-31T23:59:59Z"',
  '"0000-01-01"',
  '"https://a.example/?q=%ff&utm_source=%00"',
  '"http://"',
  '"javascript:alert(1)"',
  '"blob:null/x"',
  '"https://[::1]:99999/"',
  '{"type":"page"}',
  '[{"type":"track"}]',
  `${'['.repeat(40)}${']'.repeat(40)}`,
  `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`,
  '"=1+1"',
  '"<script>"',
  '"\\r\\nSet-Cookie: a=b"',
] as const

const MARK = '@@nasty@@'

/** Every place in a value: its own, and all below. */
const places = (value: unknown): readonly (readonly (string | number)[])[] => {
  if (typeof value !== 'object' || value === null) return [[]]
  return [
    [],
    ...Object.keys(value).flatMap((key) =>
      places((value as Record<string, unknown>)[key]).map((path) => [key, ...path]),
    ),
  ]
}

const replaceAt = (value: unknown, [key, ...rest]: readonly (string | number)[]): unknown => {
  if (key === undefined) return MARK
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>
  copy[key] = replaceAt(copy[key], rest)
  return copy
}

const structural = fc
  .record({
    body: fc.constantFrom(...bodies),
    spots: fc.array(fc.tuple(fc.nat(), fc.constantFrom(...NASTY)), { minLength: 1, maxLength: 4 }),
  })
  .map(({ body, spots }) => {
    let text = JSON.stringify(body)
    for (const [at, nasty] of spots) {
      const value: unknown = JSON.parse(text)
      const all = places(value)
      text = JSON.stringify(replaceAt(value, all[at % all.length] ?? [])).replace(`"${MARK}"`, () => nasty)
    }
    return text
  })

const textual = fc
  .record({
    body: fc.constantFrom(...bodies),
    cuts: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 9 }), fc.string({ unit: 'binary', maxLength: 6 })), {
      minLength: 1,
      maxLength: 5,
    }),
  })
  .map(({ body, cuts }) =>
    cuts.reduce((text, [at, length, insert]) => {
      const start = at % (text.length + 1)
      return text.slice(0, start) + insert + text.slice(start + length)
    }, JSON.stringify(body)),
  )

const renamed = fc
  .record({
    body: fc.constantFrom(...bodies),
    at: fc.nat(),
    key: fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', '__defineGetter__'),
  })
  .map(({ body, at, key }) => {
    const text = JSON.stringify(body)
    const keys = [...text.matchAll(/"[^"\\]*":/g)]
    const found = keys[at % Math.max(1, keys.length)]
    return found ? `${text.slice(0, found.index)}"${key}":${text.slice(found.index + found[0].length)}` : text
  })

const anyKind = fc.constantFrom<SegmentKind | 'snippet'>('snippet', ...KINDS)
const anyArrival = fc.constantFrom(browser, server)

describe('mutated bodies', () => {
  it.each([
    ['values replaced', structural],
    ['text cut and pasted', textual],
    ['keys renamed', renamed],
    ['any text', fc.string({ unit: 'binary', maxLength: 400 })],
    ['any JSON', fc.json({ maxDepth: 6 })],
  ])(
    '%s',
    (_, texts) => {
      fc.assert(
        fc.property(texts, anyKind, anyArrival, (text, kind, arrival) => {
          checkResult(kind === 'snippet' ? parseSnippet(text, arrival) : parseSegment(text, kind, arrival))
        }),
        { numRuns: RUNS },
      )
    },
    RUNS * 20,
  )

  test('and the same text is always read the same way', () => {
    fc.assert(
      fc.property(structural, anyKind, (text, kind) => {
        const parse = () => (kind === 'snippet' ? parseSnippet(text, browser) : parseSegment(text, kind, browser))
        expect(parse()).toEqual(parse())
      }),
      { numRuns: 500 },
    )
  })
})
