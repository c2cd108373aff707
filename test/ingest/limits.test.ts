/** The boundaries: exactly at passes, one over does not. Hostile nesting never breaks the reader. */
import { expect, it, test } from 'vitest'
import { deeper, exceeds, LIMITS } from '../../collector/ingest/limits.ts'
import { parseSegment } from '../../collector/ingest/segment.ts'
import { parseSnippet } from '../../collector/ingest/snippet.ts'
import { browser, call, RECEIVED, read, seen, segment, server, snippet } from './arrival.ts'

const bytes = (value: unknown) => Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value))
const track = (props: object) => seen({ type: 'track', name: 'x', props })
const nest = (levels: number): unknown => (levels === 0 ? 0 : [nest(levels - 1)])

/** An event of exactly so many bytes; `unit` fills it. */
const sized = (size: number, unit = 'x') => {
  const room = size - bytes(track({ fill: '' }))
  const fill = unit.repeat(Math.floor(room / bytes(unit)))
  const event = track({ fill: fill + 'x'.repeat(room - bytes(fill)) })
  expect(bytes(event)).toBe(size)
  return event
}

const codes = (events: readonly unknown[]) => snippet(events).rejected.map(({ code }) => code)

it.each(['x', 'ü', '€', '😀'])('an event of 32 KB in %j passes, of one byte more does not', (unit) => {
  expect(codes([sized(LIMITS.event, unit)])).toEqual([])
  expect(codes([sized(LIMITS.event + 1, unit)])).toEqual(['too_large'])
})

test('an event too large loses no other', () => {
  const { events, rejected } = snippet([sized(LIMITS.event + 1), { ...sized(100), id: 'e2' }])
  expect(events.map(({ index, event }) => [index, event.id])).toEqual([[1, 'e2']])
  expect(rejected.map(({ index, id }) => [index, id])).toEqual([[0, 'e1']])
})

test('numbers that grow when written again count as written', () => {
  const text = (count: number) =>
    `{"visitor":"V","events":[{"id":"e","type":"track","at":1,"name":"x","props":{"n":[${'1e20,'.repeat(count)}1]}}]}`
  const written = (count: number) =>
    bytes({ id: 'e', type: 'track', at: 1, name: 'x', props: { n: [...Array(count).fill(1e20), 1] } })
  const most = Math.floor((LIMITS.event - written(0)) / 22)
  expect(written(most)).toBeLessThanOrEqual(LIMITS.event)
  expect(read(parseSnippet(text(most), browser)).events).toHaveLength(1)
  expect(read(parseSnippet(text(most + 1), browser)).rejected[0]?.code).toBe('too_large')
})

test('what a call inherits from its batch counts as part of it', () => {
  const item = { type: 'track', userId: 'u', event: 'x' }
  const context = (size: number) => ({ fill: 'x'.repeat(size - bytes({ fill: '' })) })
  const room = LIMITS.event - bytes(item)
  expect(segment({ batch: [item], context: context(room) }).rejected).toEqual([])
  expect(segment({ batch: [item], context: context(room + 1) }).rejected[0]?.code).toBe('too_large')
})

test('an event of 32 levels passes, of 33 does not', () => {
  expect(codes([track({ deep: nest(30) })])).toEqual([])
  expect(codes([track({ deep: nest(31) })])).toEqual(['too_deep'])
  expect(call({ userId: 'u', event: 'x', properties: { deep: nest(30) } }, 'track')).toHaveProperty('event')
  expect(call({ userId: 'u', event: 'x', properties: { deep: nest(31) } }, 'track')).toHaveProperty('code', 'too_deep')
})

test('inherited nesting counts from the event', () => {
  const batch = [{ type: 'track', userId: 'u', event: 'x' }]
  expect(segment({ batch, context: { deep: nest(30) } }).rejected).toEqual([])
  expect(segment({ batch, context: { deep: nest(31) } }).rejected[0]?.code).toBe('too_deep')
})

it.each([5_000, 100_000, 249_000])('%d brackets are a verdict, not a crash', (count) => {
  const brackets = '['.repeat(count) + ']'.repeat(count)
  const event = `{"id":"e","type":"track","at":1,"name":"x","props":{"deep":${brackets}}}`
  expect(read(parseSnippet(`{"visitor":"V","events":[${event}]}`, browser)).rejected[0]?.code).toBe('too_deep')
  expect(
    read(parseSegment(`{"userId":"u","event":"x","properties":{"d":${brackets}}}`, 'track', server)).rejected[0]?.code,
  ).toBe('too_deep')
  expect(read(parseSnippet(`{"visitor":"V","events":[],"more":${brackets}}`, browser)).events).toEqual([])
  expect(parseSnippet(brackets, browser)).toMatchObject({ status: 400, code: 'bad_body' })
  expect(parseSnippet('['.repeat(count), browser)).toMatchObject({ status: 400, code: 'bad_json' })
})

test('2,500 events pass, the next is one too many, and each has its verdict', () => {
  const events = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ ...seen({ type: 'click' }), id: `e${n}` }))
  expect(codes(events(2500))).toEqual([])
  const { events: taken, rejected } = snippet(events(2501))
  expect(taken).toHaveLength(2500)
  expect(rejected).toMatchObject([{ index: 2500, id: 'e2500', code: 'too_many' }])
})

test('a batch of more than 10,000 is refused whole', () => {
  const body = (count: number) => JSON.stringify({ events: Array(count).fill(0) })
  expect(read(parseSnippet(body(10_000), browser)).rejected).toHaveLength(10_000)
  expect(parseSnippet(body(10_001), browser)).toMatchObject({ status: 413, code: 'too_large' })
})

it.each(['x', '€'])('a body of 500 KB in %j passes, of one byte more does not', (unit) => {
  const body = (size: number) => {
    const room = size - bytes({ visitor: 'V', events: [], fill: '' })
    const fill = unit.repeat(Math.floor(room / bytes(unit)))
    return JSON.stringify({ visitor: 'V', events: [], fill: fill + 'x'.repeat(room - bytes(fill)) })
  }
  expect(bytes(body(LIMITS.body))).toBe(512_000)
  expect(read(parseSnippet(body(LIMITS.body), browser)).events).toEqual([])
  expect(parseSnippet(body(LIMITS.body + 1), browser)).toMatchObject({ status: 413, code: 'too_large' })
  expect(parseSegment(body(LIMITS.body + 1), 'track', server)).toMatchObject({ status: 413, code: 'too_large' })
})

test('an id of 255 characters passes, of 256 does not', () => {
  const click = (length: number) => ({ id: 'i'.repeat(length), at: RECEIVED, type: 'click' })
  expect(codes([click(255)])).toEqual([])
  expect(codes([click(256)])).toEqual(['invalid'])
  expect(codes([{ ...click(1), id: '😀'.repeat(255) }])).toEqual([])
  expect(codes([{ ...click(1), id: '😀'.repeat(256) }])).toEqual(['invalid'])
  expect(snippet([click(1)], { visitor: '😀'.repeat(255) }).events[0]?.who.anonymous).toBe('😀'.repeat(255))
  expect(call({ userId: 'u'.repeat(255), event: 'x' }, 'track')).toHaveProperty('event')
  expect(call({ userId: 'u'.repeat(256), event: 'x' }, 'track')).toHaveProperty('code', 'invalid')
})

it.each([
  [0, 0, false],
  [[], 0, true],
  [[], 1, false],
  [[[]], 1, true],
  [{ a: { b: 1 } }, 2, false],
  [{ a: { b: [] } }, 2, true],
] as const)('whether %j is deeper than %d', (value, levels, expected) => {
  expect(deeper(value, levels)).toBe(expected)
})

it.each([
  ['abc', 3, false],
  ['abc', 2, true],
  ['€', 3, false],
  ['€', 2, true],
  ['😀', 4, false],
  ['😀', 3, true],
])('whether %j exceeds %d bytes', (text, limit, expected) => {
  expect(exceeds(text, limit)).toBe(expected)
})
