/** An explanation as it is read: by group, strongest first, adding up to the score. */
import type { Explanation } from '../../shared/answer.ts'
import { oneDecimal } from './figures.ts'
import { GROUPS, type Group } from './scale.ts'

export type LedgerRow = Explanation['items'][number]

export interface GroupOfRows {
  readonly group: Group
  readonly rows: readonly LedgerRow[]
  readonly sum: number
}

export const totalOf = (rows: readonly LedgerRow[]): number => rows.reduce((sum, { value }) => sum + value, 0)

/** The groups that have rows. */
export const byGroup = (items: readonly LedgerRow[]): readonly GroupOfRows[] =>
  GROUPS.map((group) => {
    const rows = items.filter((row) => row.group === group)
    rows.sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || (a.at < b.at ? 1 : -1))
    return { group, rows, sum: totalOf(rows) }
  }).filter(({ rows }) => rows.length > 0)

/** Whether somebody who adds up what they read gets another figure than the one below the line. */
export const looksRounded = ({ items, sum }: Explanation): boolean =>
  oneDecimal(items.reduce((read, { value }) => read + oneDecimal(value), 0)) !== oneDecimal(sum)

/** What became of the points of a row when it was added. */
export const fateOf = ({ points, applied }: LedgerRow): 'whole' | 'cut' | 'cap' => {
  if (points !== 0 && applied === 0) return 'cap'
  return Math.abs(points - applied) < 1e-9 ? 'whole' : 'cut'
}
