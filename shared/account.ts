/** A company by what its people do: the engine of a visitor over all their applied points, with room for more of them. */
import type { LedgerEntry } from './award.ts'
import type { Model, Stage } from './model.ts'
import { adjust, coldAt, fade, type Heat, rawAt, type Scale } from './score.ts'
import { rank } from './stage.ts'

export interface Colleague {
  readonly visitor: string
  readonly ledger: readonly LedgerEntry[]
}

/** One row per applied signal of anybody: `points` is what it brought them, `applied` what it brought the account. */
export interface AccountRow extends LedgerEntry {
  readonly visitor: string
}

export interface AccountLedger {
  readonly heat: Heat
  readonly rows: readonly AccountRow[]
}

export const scaleOf = ({ caps, accounts: { capFactor }, ...model }: Model): Scale => ({
  ...model,
  caps: {
    discover: caps.discover * capFactor,
    engage: caps.engage * capFactor,
    evaluate: caps.evaluate * capFactor,
    intent: caps.intent * capFactor,
    penalty: caps.penalty * capFactor,
  },
})

/** Applies what was applied to each of the people, in the order of time, under the caps of an account. */
export const accountLedger = (people: readonly Colleague[], scale: Scale): AccountLedger => {
  const rows = people
    .toSorted((a, b) => (a.visitor < b.visitor ? -1 : 1))
    .flatMap(({ visitor, ledger }) => ledger.map((row) => ({ ...row, visitor })))
    .sort((a, b) => a.at - b.at)
  const heat = coldAt(rows[0]?.at ?? 0)
  const applied = rows.map((row): AccountRow => {
    const points = row.applied
    return { ...row, points, applied: adjust(heat, { group: row.group, points, at: row.at }, scale) }
  })
  return { heat, rows: applied }
}

/** The live score of an account at `at`, from 0 to the sum of its caps. */
export const accountScoreAt = (heat: Heat, at: number, scale: Scale): number => Math.max(0, rawAt(heat, at, scale))

/** What is left at `at` of what was applied, by the signal or the person it came from, the most first. */
export const sharesAt = (
  rows: readonly AccountRow[],
  of: 'signal' | 'visitor',
  { at, scale }: { readonly at: number; readonly scale: Scale },
): readonly (readonly [name: string, value: number])[] => {
  const shares = new Map<string, number>()
  for (const row of rows)
    shares.set(row[of], (shares.get(row[of]) ?? 0) + row.applied * fade(at - row.at, scale.halfLifeDays))
  return [...shares].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
}

export interface Check {
  readonly rule: string
  readonly met: boolean
}

/** What makes an account ready to be approached, and which of it is so. */
export const checksOf = (
  { score, people, stages }: { readonly score: number; readonly people: number; readonly stages: readonly Stage[] },
  { accounts: { ready } }: Model,
): readonly Check[] => [
  { rule: `a score of ${ready.score}`, met: score >= ready.score },
  { rule: `${ready.people} people`, met: people >= ready.people },
  { rule: `somebody at ${ready.stage} or beyond`, met: stages.some((stage) => rank(stage) >= rank(ready.stage)) },
]
