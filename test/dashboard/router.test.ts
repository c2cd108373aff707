/** Addresses and what they mean. */
import { expect, it } from 'vitest'
import { href, matchPath, parsePlace, visitorHref } from '../../collector/dashboard/router.ts'
import { filtersOf, listHref } from '../../collector/dashboard/state/filters.ts'

it('reads path and query', () => {
  expect(parsePlace('').path).toBe('/')
  expect(parsePlace('#/visitors/a?tab=b?').path).toBe('/visitors/a')
  expect(parsePlace('#/?stage=intent&q=a%26b').query.get('q')).toBe('a&b')
})

it.each(['plain', 'ada@acme.example', 'a/b?c#d&e', '%', 'ü 😀', '..'])('finds the visitor %s again', (id) => {
  expect(matchPath('/visitors/:id', parsePlace(visitorHref(id)).path)).toEqual({ id })
})

it('takes no other path, and no broken one', () => {
  expect(matchPath('/visitors/:id', '/visitors')).toBeUndefined()
  expect(matchPath('/visitors/:id', '/visitors/a/b')).toBeUndefined()
  expect(matchPath('/visitors/:id', '/visitors/%E0%A4')).toBeUndefined()
})

it('leaves what is empty out of the address', () => {
  expect(
    href('/', [
      ['stage', ''],
      ['q', 'a b'],
    ]),
  ).toBe('#/?q=a+b')
})

it('carries the filters there and back, and drops what is none', () => {
  const filters = { stage: 'intent', qualification: 'mql', site: 'demo', q: 'a&b', sort: 'lastSeen' } as const
  expect(filtersOf(parsePlace(listHref(filters)).query)).toEqual(filters)
  expect(filtersOf(new URLSearchParams('stage=hot&sort=id')).stage).toBe('')
  expect(listHref(filtersOf(new URLSearchParams('sort=id')))).toBe('#/')
})
