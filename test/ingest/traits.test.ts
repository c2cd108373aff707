/** One vocabulary of traits, whoever names them. */
import { expect, it, test } from 'vitest'
import { bounded, personTraits } from '../../collector/ingest/traits.ts'

it.each([
  [{ email: '  Jen@Initech.Example ' }, { email: 'jen@initech.example' }],
  [{ Email: 'a@b.co' }, { email: 'a@b.co' }],
  [{ email_address: 'a@b.co' }, { email: 'a@b.co' }],
  [{ email: 'jen' }, {}],
  [{ email: 'jen@localhost' }, {}],
  [{ email: 'a@b@c.co' }, {}],
  [{ email: 'Jen <jen@b.co>' }, {}],
  [{ email: 42 }, {}],
  [{ email: `${'a'.repeat(249)}@b.co` }, { email: `${'a'.repeat(249)}@b.co` }],
  [{ email: `${'a'.repeat(250)}@b.co` }, {}],
  [{ 'E-Mail': 'x@y.co', email: 'a@b.co' }, { email: 'a@b.co' }],
  [{ 'E-Mail': 'x@y.co', email: 'none' }, { email: 'x@y.co' }],
  [
    { first_name: ' Jen ', lastName: 'Doe' },
    { firstName: 'Jen', lastName: 'Doe' },
  ],
  [
    { 'given-name': 'Jen', 'family-name': 'Doe', name: 'Jen Doe' },
    { firstName: 'Jen', lastName: 'Doe', name: 'Jen Doe' },
  ],
  [{ name: { x: 1 } }, {}],
  [{ title: 'CTO' }, { jobTitle: 'CTO' }],
  [{ title: 'Dr', jobTitle: 'CTO' }, { jobTitle: 'CTO' }],
  [{ jobTitle: 'CTO', title: 'Dr' }, { jobTitle: 'CTO' }],
  [
    { 'organization-title': 'CTO', organization: 'Initech' },
    { jobTitle: 'CTO', company: 'Initech' },
  ],
  [{ company: 'Initech' }, { company: 'Initech' }],
  [
    { company: { name: 'Initech', industry: 'Software', employee_count: 329, id: 7 } },
    { company: 'Initech', industry: 'Software', companySize: 329 },
  ],
  [
    { industry: 'Retail', company: { name: 'Initech', industry: 'Software' } },
    { industry: 'Retail', company: 'Initech' },
  ],
  [{ company: { id: 7 } }, {}],
  [{ employees: 250 }, { companySize: 250 }],
  [{ 'company size': '51-200', employees: 9 }, { companySize: '51-200' }],
  [{ employee_count: ['many'] }, {}],
  [{ phone: 4105559412 }, { phone: '4105559412' }],
  [
    { plan: 'premium', logins: 5, vip: true, none: null },
    { plan: 'premium', logins: 5, vip: true, none: null },
  ],
  [{ address: { city: 'Berlin' } }, { address: { city: 'Berlin' } }],
])('%j is kept as %j', (given, expected) => {
  expect(personTraits(given)).toStrictEqual(expected)
})

const nest = (levels: number): unknown => (levels === 0 ? 1 : { n: nest(levels - 1) })

test('the bounds: exactly at passes, one over does not', () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]))
  expect(Object.keys(bounded(many(100)))).toHaveLength(100)
  expect(Object.keys(bounded(many(101)))).toHaveLength(100)
  expect(bounded({ a: 'x'.repeat(1024), b: 'x'.repeat(1025) })).toEqual({ a: 'x'.repeat(1024), b: 'x'.repeat(1024) })
  expect(bounded({ a: nest(4), b: nest(5) })).toEqual({ a: nest(4) })
  expect(bounded({ a: ['x'.repeat(1020)], b: ['x'.repeat(1021)] })).toEqual({ a: ['x'.repeat(1020)] })
  expect(Object.keys(bounded({ ['k'.repeat(129)]: 1 }))).toEqual(['k'.repeat(128)])
})

test('traits pollute nothing', () => {
  const traits = personTraits(
    JSON.parse('{"__proto__":{"polluted":1},"company":{"__proto__":{"name":"x"}},"toString":1}'),
  )
  expect(Object.keys(traits)).toEqual(['toString'])
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})
