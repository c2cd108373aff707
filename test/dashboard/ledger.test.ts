/** The explanation adds up. */
import { expect, it } from 'vitest'
import { byGroup, fateOf, type LedgerRow, looksRounded } from '../../collector/dashboard/ledger.ts'
import { standing } from './fake-ledger.ts'
import { makePerson } from './fake-people.ts'

const row = (group: LedgerRow['group'], value: number, applied = value, points = applied): LedgerRow => ({
  ...{ event: 'e', at: '2026-03-10T12:00:00Z', signal: 's', group, points, applied, factor: 1, value, rule: 'r' },
})

it('orders the groups as they are, and their rows by weight', () => {
  const groups = byGroup([row('intent', 1), row('penalty', -9), row('discover', 2), row('intent', 5)])
  expect(groups.map(({ group, sum }) => [group, sum])).toEqual([
    ['discover', 2],
    ['intent', 6],
    ['penalty', -9],
  ])
  expect(groups[1]!.rows.map(({ value }) => value)).toEqual([5, 1])
})

it('sums to the score over all groups', () => {
  const { rows, visitor } = makePerson(3, Date.now())
  const sum = byGroup(rows).reduce((total, group) => total + group.sum, 0)
  expect(sum).toBeCloseTo(visitor.score, 9)
  expect(sum).toBeGreaterThan(0)
})

it('tells the whole from the cut from the capped', () => {
  expect([row('intent', 5), row('intent', 3, 3, 5), row('intent', 0, 0, 5), row('intent', 0)].map(fateOf)).toEqual([
    ...['whole', 'cut', 'cap', 'whole'],
  ])
})

it('notices when what is read adds up to something else', () => {
  const thirds = [row('intent', 0.34), row('intent', 0.34), row('intent', 0.34)]
  expect(looksRounded({ items: thirds, sum: 1.02, score: 1.02 })).toBe(true)
  expect(looksRounded({ items: [row('intent', 0.5)], sum: 0.5, score: 0.5 })).toBe(false)
})

it('has made-up visitors at every stage, each within the caps', () => {
  const people = Array.from({ length: 40 }, (_, n) => makePerson(n, Date.now()))
  expect(new Set(people.map(({ visitor }) => visitor.stage)).size).toBe(6)
  for (const { rows, visitor } of people) {
    expect(standing(rows).score).toBe(visitor.score)
    expect(visitor.score).toBeLessThanOrEqual(100)
  }
})
