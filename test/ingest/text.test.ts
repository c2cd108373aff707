/** Text and values as any store can keep them. */
import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { clean, cleanIf, idOf, tagOf } from '../../collector/ingest/text.ts'
import { plainObject } from '../../collector/ingest/value.ts'

it.each([
  ['plain', 'plain', 99],
  ['a\0b', 'ab', 99],
  ['\ud800', '\ufffd', 99],
  ['x\udc00y', 'x\ufffdy', 99],
  ['😀', '😀', 2],
  ['a😀', 'a', 2], // never half a character
  ['a😀', 'a😀', 3],
  ['abc', 'abc', 3],
  ['abcd', 'abc', 3],
  ['\0\0abc', 'abc', 3],
])('%j becomes %j within %d', (text, expected, cap) => {
  expect(clean(text, cap)).toBe(expected)
})

it.each([
  [tagOf('  pricing '), 'pricing'],
  [tagOf('  '), undefined],
  [tagOf(null), undefined],
  [cleanIf('\0', 9), undefined],
  [cleanIf('', 9), undefined],
  [idOf(42), '42'],
  [idOf(0), '0'],
  [idOf(''), undefined],
  [idOf(null), undefined],
])('%j is %j', (actual, expected) => {
  expect(actual).toBe(expected)
})

test('clean text is well-formed, without NUL, within its cap, and stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, cap) => {
      const once = clean(text, cap)
      expect(once.isWellFormed() && !once.includes('\0') && once.length <= cap).toBe(true)
      expect(clean(once, cap)).toBe(once)
    }),
    { numRuns: 2000 },
  )
})

it.each([
  ['{"__proto__":{"polluted":1},"a":1}', { a: 1 }],
  ['{"constructor":{"prototype":{"polluted":1}},"prototype":2}', {}],
  ['{"a":{"__proto__":{"polluted":1},"b":[{"__proto__":1}]}}', { a: { b: [{}] } }],
  ['{"__pro\\u0000to__":{"polluted":1}}', {}], // NUL is stripped before the key is looked at
  ['{"n":1e400,"m":-1e400,"o":[1e999]}', { n: null, m: null, o: [null] }],
  ['{"\\ud800":"\\udfff","toString":"x"}', { '\ufffd': '\ufffd', toString: 'x' }],
  ['{"t":true,"z":null,"s":"","d":1.5}', { t: true, z: null, s: '', d: 1.5 }],
])('the object %s', (json, expected) => {
  const value = plainObject(JSON.parse(json))
  expect(JSON.stringify(value)).toBe(JSON.stringify(expected))
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})
