/** Whom an event belongs to: which names join people, which never do. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { assign, emailIn, isJunk, isRole, type Name, type Person } from '../../shared/identity.ts'
import { createFold } from '../../shared/visitor.ts'
import { event, identify, page } from './given.ts'
import { createMemoryStore } from './memory-store.ts'

const fold = createFold(DEFAULT_MODEL)

describe('names of nobody', () => {
  it.each(['null', 'NULL', ' undefined ', '0', '-1', '', '   ', 'nan', 'anonymous', 'guest', '[object Object]'])(
    '%j is one',
    (name) => expect(isJunk(name)).toBe(true),
  )
  it.each(['00000000-0000-0000-0000-000000000000', '0'.repeat(32)])('%s is one', (name) =>
    expect(isJunk(name)).toBe(true),
  )
  it.each(['42', 'ann', 'null-island'])('%j is somebody', (name) => expect(isJunk(name)).toBe(false))
})

describe('addresses that several people read', () => {
  it.each(['info@acme.example', 'Sales@acme.example', 'no-reply@acme.example'])('%s is one', (email) =>
    expect(isRole(email)).toBe(true),
  )
  it.each(['informatics@acme.example', 'ann@info.example'])('%s is none', (email) => expect(isRole(email)).toBe(false))
})

describe('the address that an event tells', () => {
  it.each([
    ['an identify', identify(0), 'ann@acme.example'],
    ['a form sent', event(0, 'form', { form: 'f', step: 'submit', traits: { email: 'a@b.example' } }), 'a@b.example'],
    ['a form given up', event(0, 'form', { form: 'f', step: 'abandon', traits: { email: 'a@b.example' } }), undefined],
    ['an address that is none', identify(0, { email: 42 }), undefined],
    ['a page', page(0), undefined],
  ])('%s', (_, given, email) => expect(emailIn(given)).toBe(email))
})

describe('an event', () => {
  const anonymous: Person = { id: 'anonymous' }
  const ann: Person = { id: 'ann', user: 'u1', email: 'ann@acme.example' }
  const bob: Person = { id: 'bob', user: 'u2', email: 'bob@acme.example' }
  const mail: Person = { id: 'mail', email: 'ann@acme.example' }
  const known = (people: Readonly<Record<string, Person>>) => (name: Name) => people[`${name.kind} ${name.value}`]
  const to = (told: Parameters<typeof assign>[0], people: Readonly<Record<string, Person>>) => {
    const { person, absorbs, names } = assign(told, known(people))
    return [person?.id, absorbs.map(({ id }) => id), names.map(({ value }) => value)]
  }
  const trusted = false

  it('of nobody known is somebody new, by all their names', () => {
    const who = { anonymous: 'b1', user: 'u1' }
    expect(to({ who, email: 'ann@acme.example', trusted }, {})).toEqual([
      undefined,
      [],
      ['u1', 'b1', 'ann@acme.example'],
    ])
  })

  it('by a known id brings the browser along: the known id survives', () => {
    const who = { anonymous: 'b1', user: 'u1' }
    expect(to({ who, trusted }, { 'user u1': ann, 'anonymous b1': anonymous })).toEqual([
      'ann',
      ['anonymous'],
      ['u1', 'b1'],
    ])
  })

  it('by another address on a shared device is somebody new', () => {
    const told = { who: { anonymous: 'b1' }, email: 'bob@acme.example', trusted }
    expect(to(told, { 'anonymous b1': ann })).toEqual([undefined, [], ['b1', 'bob@acme.example']])
  })

  it('by another id on a shared device is theirs, and the other is left alone', () => {
    const told = { who: { anonymous: 'b1', user: 'u2' }, trusted }
    expect(to(told, { 'anonymous b1': ann, 'user u2': bob })).toEqual(['bob', [], ['u2', 'b1']])
  })

  it('by an id whose address belongs to another known person joins nobody', () => {
    const told = { who: { user: 'u2' }, email: 'ann@acme.example', trusted }
    expect(to(told, { 'user u2': bob, 'email ann@acme.example': ann })).toEqual(['bob', [], ['u2']])
  })

  it('by an id new to a known address is that person', () => {
    const told = { who: { user: 'u1' }, email: 'ann@acme.example', trusted }
    expect(to(told, { 'email ann@acme.example': mail })).toEqual(['mail', [], ['u1', 'ann@acme.example']])
  })

  it('with an address of several people joins nobody by it', () => {
    const told = { who: { anonymous: 'b2' }, email: 'info@acme.example', trusted }
    expect(to(told, { 'email info@acme.example': ann, 'anonymous b2': anonymous })).toEqual(['anonymous', [], ['b2']])
  })

  it.each(['null', '0', 'undefined'])('with the id %s joins nobody by it', (junk) => {
    const told = { who: { user: junk, anonymous: 'b1' }, trusted }
    expect(to(told, { [`user ${junk}`]: ann, 'anonymous b1': anonymous })).toEqual(['anonymous', [], ['b1']])
  })

  it('with an alias joins somebody unknown', () => {
    const told = { who: { user: 'u1', also: 'b1' }, trusted }
    expect(to(told, { 'user u1': ann, 'anonymous b1': anonymous })).toEqual(['ann', ['anonymous'], ['u1']])
  })

  it('with an alias joins somebody known only by a secret key', () => {
    const people = { 'user u1': ann, 'user u2': bob }
    expect(to({ who: { user: 'u1', also: 'u2' }, trusted: false }, people)[1]).toEqual([])
    expect(to({ who: { user: 'u1', also: 'u2' }, trusted: true }, people)[1]).toEqual(['bob'])
  })
})

describe('people over time', () => {
  const by = (who: object, given = page(0)) => [{ site: 's', who, event: given }]

  it('a shared device: who comes next is another person, and the one before keeps what was theirs', () => {
    const store = createMemoryStore(fold)
    store.append(by({ anonymous: 'b1' }, page(0, 'pricing')))
    store.append(by({ anonymous: 'b1' }, identify(1, { email: 'ann@acme.example' })))
    store.append(by({ anonymous: 'b1' }, identify(2, { email: 'bob@acme.example' })))
    store.append(by({ anonymous: 'b1' }, page(3)))
    expect(store.survivors().map(({ email, state }) => [email, state!.views])).toEqual([
      ['ann@acme.example', 1],
      ['bob@acme.example', 1],
    ])
  })

  it('a known person who moves to another address stays the same by their id', () => {
    const store = createMemoryStore(fold)
    store.append(by({ user: 'u1' }, identify(0, { email: 'ann@old.example' })))
    store.append(by({ user: 'u1' }, identify(1, { email: 'ann@new.example' })))
    expect(store.survivors().map(({ email }) => email)).toEqual(['ann@new.example'])
  })

  it('a browser of its own on each site', () => {
    const store = createMemoryStore(fold)
    store.append([...by({ anonymous: 'b1' }), { site: 'other', who: { anonymous: 'b1' }, event: page(1) }])
    expect(store.survivors().map(({ site }) => site)).toEqual(['s', 'other'])
  })
})
