/** What people and signals are called. */
import { expect, it } from 'vitest'
import { humanise, signalName } from '../../collector/dashboard/naming.ts'
import { identityOf, pseudonym, textOf } from '../../collector/dashboard/person.ts'

it('knows the default signals by name and makes others readable', () => {
  expect(signalName('pricing_repeat')).toBe('Pricing again')
  expect(signalName('web_summit-2026')).toBe('Web summit 2026')
  expect(humanise('jobTitle')).toBe('Job title')
})

it.each(['constructor', '__proto__', 'toString'])('takes no word for %s from the language itself', (key) => {
  expect(signalName(key)).toBe(humanise(key))
})

it('gives the nameless a name that stays theirs, and spreads them', () => {
  const ids = Array.from({ length: 400 }, (_, i) => `visitor-${i}`)
  expect(ids.map(pseudonym)).toEqual(ids.map(pseudonym))
  expect(new Set(ids.map(pseudonym)).size).toBeGreaterThan(300)
})

const nobody = { id: 'a1b2c3d4', traits: {}, account: null }

it.each([
  [{ name: 'Ada', email: 'ada@acme.example', company: 'Acme' }, 'Ada', 'Acme', true],
  [{ firstName: 'Ada', lastName: 'Byron' }, 'Ada Byron', '', true],
  [{ email: 'ada@acme.example' }, 'ada@acme.example', '', true],
  [{}, pseudonym('a1b2c3d4'), 'a1b2c3', false],
  [{ company: 'Acme' }, pseudonym('a1b2c3d4'), 'Acme', false],
] as const)('calls %o %s', (traits, name, detail, known) => {
  expect(identityOf({ ...nobody, traits })).toEqual({ name, detail, known })
})

it('lets no name turn what is around it', () => {
  expect(textOf('\u202egnp.exe\u202c \u0007x')).toBe('gnp.exe   x')
})

it('reads any trait as text', () => {
  expect([textOf({ a: [1] }), textOf(0), textOf(' '), textOf(null), textOf(false)]).toEqual([
    '{"a":[1]}',
    '0',
    undefined,
    undefined,
    'false',
  ])
})
