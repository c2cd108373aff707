/** Ledger rows as the collector makes them, and the score that follows from them. */
import type { Explanation, Visitor } from '../../shared/answer.ts'

export type Row = Explanation['items'][number]
type Group = Row['group']

const HALF_LIFE = 14 * 86_400_000

export type Step = readonly [signal: string, group: Group, points: number, path: string, title: string]
const CAPS: Record<Group, number> = { discover: 10, engage: 15, evaluate: 25, intent: 50, penalty: -25 }

const decay = (age: number): number => 2 ** (-age / HALF_LIFE)

/** Rows as the collector makes them: cut by the cap at their own time, faded to now. */
export const ledgerOf = (id: string, steps: readonly { step: Step; at: number }[], now: number): Row[] => {
  const rows: Row[] = []
  for (const [i, { step, at }] of steps.entries()) {
    const [signal, group, points, path, title] = step
    const held = rows
      .filter((row) => row.group === group)
      .reduce((sum, row) => sum + row.applied * decay(at - Date.parse(row.at)), 0)
    const applied =
      group === 'penalty' ? Math.max(points, CAPS.penalty - held) : Math.max(0, Math.min(points, CAPS[group] - held))
    const factor = decay(now - at)
    rows.push({
      ...{ event: `${id}-${i}`, at: new Date(at).toISOString(), signal, group, points, applied, factor },
      ...{ value: applied * factor, rule: i % 3 ? `page rule ${path}` : `tag data-signal="${signal}"` },
      ...{ url: `https://example.com${path}`, title },
    })
  }
  return rows.reverse()
}

/** Score, groups and reasons, as they follow from the rows. */
export const standing = (rows: readonly Row[]) => {
  const sumOf = (some: readonly Row[]): number => some.reduce((sum, { value }) => sum + value, 0)
  const groups = Object.fromEntries(
    Object.keys(CAPS).map((group) => [group, sumOf(rows.filter((row) => row.group === group))]),
  ) as Visitor['groups']
  const bySignal = new Map<string, number>()
  for (const { signal, value } of rows) bySignal.set(signal, (bySignal.get(signal) ?? 0) + value)
  const why = [...bySignal].map(([signal, value]) => ({ signal, value })).sort((a, b) => b.value - a.value)
  const sum = sumOf(rows)
  return { sum, score: Math.max(0, sum), groups, why: why.filter(({ value }) => value > 0).slice(0, 5) }
}
