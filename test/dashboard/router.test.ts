/** Addresses and what they mean. */
import { expect, it } from 'vitest'
import { href, matchPath, parsePlace, visitorHref } from '../../collector/dashboard/router.ts'
import { figureHref } from '../../collector/dashboard/state/figure.ts'
import { apiQuery, filtersOf, listHref } from '../../collector/dashboard/state/filters.ts'

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

it('carries the figure whose people are wanted, a source without a name too, and days only with one', () => {
  const figure = { medium: 'direct', source: '', reached: 'sql', from: '2026-01-01', to: '2026-03-31' }
  const address = figureHref(figure, { from: '2026-01-01', to: '2026-03-31', site: 'demo' })!
  const found = filtersOf(parsePlace(address).query)
  expect(found).toMatchObject({ figure, site: 'demo', sort: 'stageSince' })
  expect(listHref(found)).toBe(address)
  expect(apiQuery(found).get('source')).toBe('')
  expect(filtersOf(new URLSearchParams('from=2026-01-01&to=2026-03-31&moved=yes')).figure).toEqual({})
})

it('carries the filters there and back, and drops what is none', () => {
  const filters = {
    stage: 'intent',
    qualification: 'mql',
    site: 'demo',
    q: 'a&b',
    sort: 'lastSeen',
    figure: {},
  } as const
  expect(filtersOf(parsePlace(listHref(filters)).query)).toEqual(filters)
  expect(filtersOf(new URLSearchParams('stage=hot&sort=id')).stage).toBe('')
  expect(listHref(filtersOf(new URLSearchParams('sort=id')))).toBe('#/')
})
