/** Page rules while they are changed: rows that keep who they are while they move. */
import type { PageRule } from '../../../shared/model.ts'

export interface RuleRow {
  readonly key: number
  readonly rule: PageRule
}
export type RuleRows = readonly RuleRow[]

let made = 0
const rowOf = (rule: PageRule): RuleRow => {
  made += 1
  return { key: made, rule }
}

export const rowsOf = (rules: readonly PageRule[]): RuleRows => rules.map(rowOf)
export const rulesOf = (rows: RuleRows): readonly PageRule[] => rows.map(({ rule }) => rule)

/** A new one comes first: what is written by hand goes before what is usual. */
export const withNew = (rows: RuleRows): RuleRows => [rowOf({ path: '/' }), ...rows]
export const without = (rows: RuleRows, key: number): RuleRows => rows.filter((row) => row.key !== key)

/** An empty value leaves the field out. */
export const withField = (rows: RuleRows, key: number, field: Partial<Record<keyof PageRule, string>>): RuleRows =>
  rows.map((row) => {
    if (row.key !== key) return row
    const filled = Object.entries({ ...row.rule, ...field }).filter(([name, value]) => name === 'path' || value !== '')
    return { key, rule: Object.fromEntries(filled) as unknown as PageRule }
  })

/** Up by −1, down by 1; at either end it stays. */
export const moved = (rows: RuleRows, key: number, by: -1 | 1): RuleRows => {
  const from = rows.findIndex((row) => row.key === key)
  const to = from + by
  if (from < 0 || to < 0 || to >= rows.length) return rows
  return rows.with(from, rows[to]!).with(to, rows[from]!)
}
