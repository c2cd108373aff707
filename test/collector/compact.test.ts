/** Any JSON value comes back as it was, and what is usual takes few bytes. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromCompact, type Terms, toCompact } from '../../collector/store/compact.ts'
import { WORDS } from '../../collector/store/compact-words.ts'
import type { Json } from '../../shared/event.ts'

const NOON = 1_790_000_000_000
const terms: Terms = {
  numberOf: (text) => (text.startsWith('https://') ? [...text].reduce((n, c) => n + c.charCodeAt(0), 0) : undefined),
  textOf: (n) => `term ${n}`,
}
const there = (value: Json, near = NOON): Json => fromCompact(toCompact(value, near))

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }).map((each) => each.toWellFormed()),
  fc.uuid(),
  fc.stringMatching(/^[0-9a-f]{8,40}$/),
  fc.stringMatching(/^[\w-]{8,40}$/),
  fc.constantFrom(...WORDS),
  fc.stringMatching(/^3k9vz0q8x1m2w[\w-]{0,20}$/),
)
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map((ms) => NOON + ms),
  fc.integer({ min: -5000, max: 5000 }).map((tenths) => tenths / 10),
  fc.constantFrom(0, -0, 63, 64, 2 ** 51, -(2 ** 51), 2 ** 53, 1e11, 1e300),
)
const { value: anyJson } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    number,
    text,
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(text, tie('value'), { maxKeys: 20 }),
  ),
}))

it('gives back any value, whatever time it is near', () => {
  fc.assert(
    fc.property(anyJson, fc.oneof(fc.constantFrom(NOON, 0, -5, 0.5), fc.maxSafeInteger()), (value, near) => {
      expect(there(value, near)).toEqual(value)
    }),
    { numRuns: 3000 },
  )
})

it('keeps a key that means something to the language as a plain key', () => {
  const value = JSON.parse('{"__proto__":{"polluted":1},"constructor":2}') as Json
  expect(JSON.stringify(there(value))).toBe(JSON.stringify(value))
  expect({}).not.toHaveProperty('polluted')
})

it('leaves out what is not there', () => {
  expect(fromCompact(toCompact({ a: 1, b: undefined }, 0))).toEqual({ a: 1 })
})

it('writes a text that many share as its number, and asks for it on reading', () => {
  const stored = toCompact(['https://a.example/', 'https://a.example/'], 0, terms)
  expect(fromCompact(stored, terms)).toEqual([`term ${terms.numberOf('https://a.example/')}`, expect.any(String)])
})

it('writes the id of an event as that of its view and what follows', () => {
  const ids = ['3k9vz0q8x1m2w', '3k9vz0q8x1m2w0', '3k9vz0q8x1m2w117']
  const sizes = ids.map((_, n) => toCompact(ids.slice(0, n + 1), 0).length)
  expect(there(ids)).toEqual(ids)
  expect([sizes[1]! - sizes[0]!, sizes[2]! - sizes[1]!]).toEqual([5, 7])
})

it('takes long texts and long lists', () => {
  const value = { long: 'ü€𐍈'.repeat(60_000), list: Array.from({ length: 5000 }, (_, n) => ({ n, id: `id-${n}` })) }
  expect(there(value)).toEqual(value)
})

it.each([
  ['a uuid', '0199f3a2-7c1e-7b44-9d51-3f3ac8f1e2aa', 17],
  ['a random id in hex', 'c0ffee00c0ffee00c0ffee00c0ffee00', 18],
  ['a random id in base64', 'Zm9vYmFyYmF6cXV4', 14],
  ['a word of ours', 'engagement', 1],
  ['a time within the hour', NOON + 3_599_999, 5],
])('writes %s in %s bytes', (_, value, size) => {
  expect(toCompact(value, NOON).length - toCompact(0, NOON).length + 1).toBe(size)
})

it('has no word twice, and no more than two bytes can name', () => {
  expect(new Set(WORDS).size).toBe(WORDS.length)
  expect(WORDS.length).toBeLessThanOrEqual(128 + 256)
})
