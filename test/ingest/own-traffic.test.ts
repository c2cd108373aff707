/** What a site does not count of itself: its own hosts, paths and people. */
import { describe, expect, it } from 'vitest'
import { IGNORE_PATTERN, isIgnored, isStaff, STAFF_PATTERN } from '../../collector/ingest/own-traffic.ts'

describe('a host or path that is not counted', () => {
  it.each([
    ['localhost', 'http://localhost:3000/pricing', true],
    ['localhost', 'http://localhost.acme.example/', false],
    ['staging.*', 'https://staging.acme.example/', true],
    ['staging.*', 'https://www.acme.example/staging.html', false],
    ['*.internal.example', 'https://a.b.internal.example/x', true],
    ['*.internal.example', 'https://internal.example/', false],
    ['/admin*', 'https://www.acme.example/admin/users', true],
    ['/admin', 'https://www.acme.example/admin/users', false],
    ['/admin', 'https://www.acme.example/admin', true],
    ['/admin/*', 'https://www.acme.example/help/admin/x', false],
    ['www.acme.example/preview*', 'https://www.acme.example/preview?x=1', true],
    ['www.acme.example/preview*', 'https://acme.example/preview', false],
    ['acme.example', 'https://acmeXexample/', false],
    ['acme.(a+)+', 'https://acme.aaaaaaaaaaaaaaaaaaaaaaaa!/', false],
    ['[::1]', 'http://[::1]:8787/', true],
    ['*', 'not an address', false],
  ])('%s and %s: %s', (pattern, address, expected) => {
    expect(isIgnored(address, [pattern])).toBe(expected)
  })

  it.each([
    ['localhost', true],
    ['staging.*', true],
    ['/admin*', true],
    ['a.example/x*', true],
    ['', false],
    ['*', false],
    ['*/*', false],
    ['https://a.example', false],
    ['a*b*c*d*e', false],
    ['a b', false],
    ['(a+)+$', false],
  ])('is taken as a setting or not: %s, %s', (pattern, expected) => {
    expect(IGNORE_PATTERN.test(pattern)).toBe(expected)
  })
})

describe('own people', () => {
  const staff = ['acme.example', 'c0ffee00c0ffee00c0ffee00c0ffee00']
  it.each([
    [{ anonymous: 'a' }, ['ann@acme.example'], true],
    [{ anonymous: 'a' }, ['ann@ACME.example'], true],
    [{ anonymous: 'a' }, ['ann@mail.acme.example'], true],
    [{ anonymous: 'a' }, ['ann@notacme.example'], false],
    [{ anonymous: 'a' }, ['ann@acme.example.org'], false],
    [{ anonymous: 'a' }, ['acme.example@mail.example'], false],
    [{ user: 'ann@acme.example' }, [], true],
    [{ anonymous: 'c0ffee00c0ffee00c0ffee00c0ffee00' }, [], true],
    [{ anonymous: 'c0ffee' }, [undefined], false],
  ])('%j with %j: %s', (who, emails, expected) => {
    expect(isStaff(who, emails, staff)).toBe(expected)
  })

  it.each([
    ['acme.example', true],
    ['@acme.example', true],
    ['c0ffee00c0ffee00c0ffee00c0ffee00', true],
    ['com', false],
    ['', false],
    ['ann@acme.example', false],
  ])('%s is a setting: %s', (text, expected) => {
    expect(STAFF_PATTERN.test(text)).toBe(expected)
  })
})
