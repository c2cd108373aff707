/** Hostile input: a refusal, a verdict, or a sound event; never a throw. */
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseSegment, type SegmentKind } from '../../collector/ingest/segment.ts'
import { parseSnippet } from '../../collector/ingest/snippet.ts'
import { browser, RECEIVED, read, segment, server, snippet } from './arrival.ts'
import { dataFile, jsonFile, jsonLines, untar } from './data.ts'
import { checkResult } from './inert.ts'

const RUNS = Number(process.env.FUZZ_RUNS ?? 5000)
const KINDS: readonly SegmentKind[] = ['track', 'page', 'screen', 'identify', 'group', 'alias', 'batch', 'import']

const everyWay = (text: string) => [
  parseSnippet(text, browser),
  ...KINDS.map((kind) => parseSegment(text, kind, browser)),
  ...KINDS.map((kind) => parseSegment(text, kind, server)),
]

const suite = dataFile('robustness/jsontestsuite.tar.gz')
const grammar = [...untar(suite)].filter(([name]) => name.endsWith('.json'))
const cases = grammar.map(([name, bytes]) => [name.replace(/^.*\//, ''), new TextDecoder().decode(bytes)] as const)
const starting = (prefix: string) => cases.filter(([name]) => name.startsWith(prefix))

describe.skipIf(!suite)('the JSON grammar suite', () => {
  test('is there', () => {
    expect(cases.length).toBeGreaterThanOrEqual(318)
    expect(starting('n_').length).toBeGreaterThanOrEqual(180)
  })

  it.each(starting('n_'))('%s is refused', (_, text) => {
    for (const result of everyWay(text)) expect(result).toMatchObject({ status: 400, code: 'bad_json' })
  })

  it.each(cases)('%s never throws', (_, text) => {
    everyWay(text).forEach(checkResult)
  })

  it.each(starting('y_'))('%s is taken inside an event', (_, text) => {
    const event = `{"id":"e","type":"track","at":${RECEIVED},"name":"x","props":{"value":${text}}}`
    const batch = read(parseSnippet(`{"visitor":"V","events":[${event}]}`, browser))
    checkResult(batch)
    expect(batch.events).toHaveLength(1)
  })
})

const blns = dataFile('robustness/blns.json')
const naughty = jsonFile(blns) as readonly string[]

/** A string in every field that takes text, of every type. */
const inEveryField = (text: string) => ({
  view: text,
  title: text,
  signal: text,
  topic: text,
  name: text,
  form: text,
  field: text,
  purpose: text,
  query: text,
  props: { [text]: text, list: [text] },
  traits: { [text]: text, email: text, name: text, company: text },
  url: `https://a.example/${text}?q=${text}#${text}`,
  referrer: `https://b.example/${text}`,
})
const TYPED = [
  { type: 'page' },
  { type: 'engagement', seconds: 1, scroll: 1 },
  { type: 'download' },
  { type: 'click' },
  { type: 'form', step: 'submit' },
  { type: 'search' },
  { type: 'media', percent: 1 },
  { type: 'track' },
  { type: 'identify' },
]

describe.skipIf(!blns)('naughty strings', () => {
  const spoken = naughty.filter((text) => text.replaceAll('\0', '') !== '')

  test('are there', () => {
    expect(spoken.length).toBeGreaterThan(500)
  })

  test('in every field of the snippet are stored inert', () => {
    for (const text of spoken) {
      const batch = snippet(
        TYPED.map((event, n) => ({ id: `${n}${text}`.slice(0, 255), at: 1, ...inEveryField(text), ...event })),
      )
      checkResult(batch)
      expect(batch.events).toHaveLength([...text].length > 255 ? 0 : TYPED.length)
    }
  })

  test('in an SDK come out byte by byte as they went in, but for what is documented', () => {
    for (const text of spoken.filter(({ length }) => length <= 255)) {
      const batch = segment(
        { messageId: text, userId: text, event: text, properties: { text }, context: { sessionId: text } },
        'track',
      )
      checkResult(batch)
      const [{ who, event } = expect.fail()] = batch.events
      const documented = text.toWellFormed().replaceAll('\0', '')
      expect(event).toMatchObject({
        id: documented,
        name: documented,
        session: documented,
        props: { text: documented },
      })
      expect(who.user).toBe(documented)
    }
  })

  test('as keys, heads and places never throw', () => {
    for (const text of naughty) {
      const fields = inEveryField(text)
      checkResult(snippet([], { site: text, visitor: text, sent: text, automated: text, [text]: text }))
      for (const kind of KINDS)
        for (const arrival of [browser, server])
          checkResult(
            parseSegment(
              JSON.stringify({
                ...fields,
                userId: text,
                anonymousId: text,
                groupId: text,
                previousId: text,
                event: text,
                timestamp: text,
                properties: { ...fields, path: text, search: text, funnel: text },
                context: { page: fields, campaign: fields, traits: fields },
                batch: [{ type: text }, text, { ...fields, type: 'page', userId: text, timestamp: undefined }],
              }),
              kind,
              arrival,
            ),
          )
    }
  })
})

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
