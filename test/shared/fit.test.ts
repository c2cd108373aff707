/** Who they are: weights, what is unknown, what rules somebody out, and the priority that follows. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { Traits } from '../../shared/event.ts'
import { assessFit, domainOf, priorityOf } from '../../shared/fit.ts'
import type { Model } from '../../shared/model.ts'
import { createFold } from '../../shared/visitor.ts'
import { event, identify, told } from './given.ts'

type Profiles = Model['fit']['profiles']
const criteria = [
  { trait: 'companySize', weight: 25, match: [[50, 500]], partial: [[10, 5000]] },
  { trait: 'jobTitle', weight: 25, match: ['head', 'chief', 'VP'], partial: ['manager'] },
  { trait: 'industry', weight: 20, match: ['health care', 'banking'], partial: [] },
  { trait: 'country', weight: 10, match: ['DE', 'AT', 'US'], partial: [] },
  { trait: 'revenue', weight: 10, match: [[1e6, 1e8]], partial: [] },
  { trait: 'technology', weight: 10, match: ['kubernetes'], partial: ['docker'] },
] satisfies Profiles[number]['criteria']

const isFreeMail = (domain: string) => domain === 'gmail.com'
const fitWith = (change: Partial<Model['fit']> = {}) => ({
  fit: { ...DEFAULT_MODEL.fit, profiles: [{ name: 'buyers', criteria }], ...change },
})
const grade = (traits: Traits, change?: Partial<Model['fit']>) => {
  const { grade, percent } = assessFit(traits, fitWith(change), isFreeMail)
  return [grade, percent === undefined ? undefined : Math.round(percent)]
}

const whole = { companySize: 200, jobTitle: 'VP Sales', industry: 'Banking', country: 'DE', revenue: 5e6 }

describe('the grade', () => {
  it.each([
    ['all matches', { ...whole, technology: 'Kubernetes' }, ['A', 100]],
    ['what is unknown is left out', whole, ['A', 100]],
    ['nothing is known', {}, ['?', undefined]],
    ['less than 40 of the weight is known', { jobTitle: 'VP', country: 'DE' }, ['?', 100]],
    ['exactly 40 is known', { industry: 'Banking', country: 'DE', revenue: 5e6 }, ['A', 100]],
    ['45 of 70 match', { companySize: 200, jobTitle: 'Clerk', industry: 'banking' }, ['B', 64]],
    ['a partial match counts half: 32.5 of 50', { companySize: 200, jobTitle: 'Clerk' }, ['B', 50]],
    ['12.5 of 50', { companySize: 20, jobTitle: 'Clerk' }, ['C', 25]],
    ['none matches', { companySize: 3, jobTitle: 'Clerk' }, ['D', 0]],
    ['an empty trait is unknown', { companySize: '', jobTitle: 'VP', industry: 'banking' }, ['A', 100]],
  ] as const)('%s', (_, traits, expected) => expect(grade(traits)).toEqual(expected))

  it('loses ten points by free mail before it is given, never below none', () => {
    const free = { email: 'a@gmail.com' }
    expect(grade({ ...whole, ...free })).toEqual(['A', 90])
    expect(grade({ companySize: 200, jobTitle: 'Clerk', ...free })).toEqual(['C', 40])
    expect(grade({ companySize: 3, jobTitle: 'Clerk', ...free })).toEqual(['D', 0])
    expect(assessFit({ ...whole, ...free }, fitWith(), isFreeMail).reasons).toContain('free mail address')
  })

  it('is by the profile that fits best, and knows enough', () => {
    const narrow = { name: 'narrow', criteria: criteria.filter(({ trait }) => trait === 'country') }
    const other = { name: 'other', criteria: criteria.filter(({ trait }) => trait !== 'jobTitle') }
    const profiles = [{ name: 'buyers', criteria }, narrow, other]
    const traits = { companySize: 200, jobTitle: 'Clerk', industry: 'banking', country: 'DE' }
    expect(grade(traits, { profiles: [profiles[0]!, narrow] })).toEqual(['B', 69])
    expect(grade(traits, { profiles })).toEqual(['A', 100])
  })

  it('is unknown as long as the company has not said whom it looks for', () => {
    expect(assessFit(whole, DEFAULT_MODEL, isFreeMail).grade).toBe('?')
  })
})

describe('a criterion', () => {
  const matches = (trait: string, value: unknown) => {
    const profiles = [{ name: 'one', criteria: criteria.filter((each) => each.trait === trait) }]
    return assessFit({ [trait]: value } as Traits, fitWith({ profiles, minKnownWeight: 0 }), isFreeMail).percent
  }
  it.each([
    ['companySize', 50, 100],
    ['companySize', 500, 100],
    ['companySize', 501, 50],
    ['companySize', '51-200', 100],
    ['companySize', '1,000+', 50],
    ['companySize', '4', 0],
    ['companySize', 'many', 0],
    ['jobTitle', 'Head of Sales', 100],
    ['jobTitle', 'CHIEF executive', 100],
    ['jobTitle', 'vp', 100],
    ['jobTitle', 'Marketing Manager', 50],
    ['jobTitle', 'Subheading writer', 0], // a word, not a part of one
    ['industry', 'Health Care', 100],
    ['industry', 'health', 0],
    ['country', 'us', 100],
    ['country', 'Australia', 0],
    ['technology', ['Docker', 'Kubernetes'], 100],
    ['technology', ['Docker'], 50],
  ])('%s %j: %d %%', (trait, value, percent) => expect(matches(trait, value)).toBe(percent))

  it('may be in a script without spaces', () => {
    const profiles = [{ name: 'one', criteria: [{ trait: 'jobTitle', weight: 50, match: ['部長'], partial: [] }] }]
    expect(assessFit({ jobTitle: '営業部長' }, fitWith({ profiles }), isFreeMail).grade).toBe('A')
  })
})

describe('who is ruled out', () => {
  const rules = { competitorDomains: ['rival.example'], staffDomains: ['own.example'], excludedCountries: ['Nowhere'] }
  it.each([
    ['a competitor', { email: 'a@rival.example' }, 'works for a competitor', true],
    ['a competitor, further down', { email: 'a@mail.rival.example' }, 'works for a competitor', true],
    ['own staff', { email: 'a@own.example' }, 'own staff', true],
    ['a student', { jobTitle: 'PhD Student' }, 'student', false],
    ['an étudiante', { jobTitle: 'Étudiant' }, 'student', false],
    ['from an excluded country', { country: 'nowhere' }, 'excluded country', true],
  ])('%s is D, and told why', (_, traits, reason, disqualified) => {
    const fit = assessFit({ ...whole, ...traits }, fitWith(rules), isFreeMail)
    expect(fit).toEqual({ grade: 'D', percent: undefined, reasons: [reason], disqualified })
  })

  it.each<Traits>([{ email: 'a@notrival.example' }, { email: 'a@rival.example.org' }, { country: 'Nowhereland' }])(
    'not %j',
    (traits) => expect(assessFit({ ...whole, ...traits }, fitWith(rules), isFreeMail).grade).toBe('A'),
  )
})

describe('priority', () => {
  it.each([
    ['A', 75, 'A1'],
    ['B', 74.9, 'B2'],
    ['B', 50, 'B2'],
    ['C', 49.9, 'C3'],
    ['D', 25, 'D3'],
    ['?', 24.9, '?4'],
    ['A', 0, 'A4'],
  ] as const)('of %s at %d points is %s', (grade, score, priority) => expect(priorityOf(grade, score)).toBe(priority))
})

describe('the account', () => {
  const fold = createFold(DEFAULT_MODEL, {
    companyOf: (email) => (isFreeMail(domainOf({ email })) ? undefined : domainOf({ email })),
  })
  const account = (...events: Parameters<typeof told>[0][number][]) => fold.accountOf(told(events, 9).state)
  const group = (account: string) => event(2, 'group', { account })

  it('is the one that was told, else that of the address', () => {
    expect(account(identify(0))).toBe('acme.example')
    expect(account(identify(0), group('acct-7'))).toBe('acct-7')
    expect(account(identify(0), identify(1, { email: 'ann@gmail.com' }))).toBeUndefined()
    expect(account(identify(0, { name: 'Ann' }))).toBeUndefined()
  })

  it.each(['', 'null', 'undefined', '0'])('is none by the name %j', (junk) => {
    expect(account(group(junk))).toBeUndefined()
  })
})
