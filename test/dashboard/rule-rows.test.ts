/** Page rules as rows that are changed. */
import { expect, it } from 'vitest'
import { moved, rowsOf, rulesOf, withField, withNew, without } from '../../collector/dashboard/state/rule-rows.ts'

const rules = [{ path: '/a', signal: 'pricing' }, { path: '/b' }, { path: '/c', topic: 'x' }] as const
const rows = rowsOf(rules)
const [first, second, third] = rows.map(({ key }) => key) as [number, number, number]
const paths = (some: typeof rows): readonly string[] => rulesOf(some).map(({ path }) => path)

it('are what they were made of', () => expect(rulesOf(rows)).toEqual(rules))

it('take a new one on top', () => expect(paths(withNew(rows))).toEqual(['/', '/a', '/b', '/c']))

it('lose a field that is emptied, but never their address', () => {
  expect(rulesOf(withField(rows, first, { signal: '' }))[0]).toEqual({ path: '/a' })
  expect(rulesOf(withField(rows, first, { path: '' }))[0]).toEqual({ path: '', signal: 'pricing' })
  expect(rulesOf(withField(rows, second, { funnel: 'bofu' }))[1]).toEqual({ path: '/b', funnel: 'bofu' })
})

it.each([
  [first, 1, ['/b', '/a', '/c']],
  [third, -1, ['/a', '/c', '/b']],
  [first, -1, ['/a', '/b', '/c']],
  [third, 1, ['/a', '/b', '/c']],
  [-1, 1, ['/a', '/b', '/c']],
] as const)('row %d moves by %d, and stays at either end', (key, by, expected) => {
  expect(paths(moved(rows, key, by))).toEqual(expected)
})

it('keep who they are while others go', () => {
  expect(without(rows, first).map(({ key }) => key)).toEqual([second, third])
})
