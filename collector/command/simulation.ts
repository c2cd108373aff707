/** A simulation as a page of text. */
import type { Simulation } from '../../shared/simulation.ts'

/** Rules, visitors and weeks that are named. */
const NAMED = 5

export const describeSimulation = (result: Simulation): string => {
  const { visitors, events, changed, handOffs, accuracy, timeToMql } = result
  return [
    `${visitors} visitors, ${events} events; ${changed} visitors would stand elsewhere.`,
    '',
    ...matrixLines('Stage', result.stages),
    '',
    ...matrixLines('Qualification', result.qualifications),
    '',
    ...(['mql', 'sql'] as const).flatMap((rank) => [
      ...changeLines(`Would become ${rank.toUpperCase()}`, result.gains[rank]),
      ...changeLines(`Would no longer be ${rank.toUpperCase()}`, result.losses[rank]),
    ]),
    '',
    'Hand-offs to sales per week (now, then):',
    ...handOffs.slice(-NAMED).map((row) => `  ${row.week}  ${row.old} → ${row.new}`),
    '',
    `Known outcomes: ${accuracy.good} good, ${accuracy.bad} bad.`,
    ...(['mql', 'sql'] as const).map((rank) => accuracyLine(rank, accuracy[rank])),
    timeToMql.shiftDays === null
      ? 'Nobody is an MQL under both.'
      : `Median time to MQL: ${timeToMql.oldDays} → ${timeToMql.newDays} days; per visitor ${signed(timeToMql.shiftDays)} days.`,
  ].join('\n')
}

type Matrix = Readonly<Record<string, Readonly<Record<string, number>>>>

/** Rows: as it is; columns: as it would be. What is empty both ways is left out. */
const matrixLines = (title: string, matrix: Matrix): readonly string[] => {
  const names = Object.keys(matrix)
  const used = names.filter((name) => names.some((other) => matrix[name]?.[other] || matrix[other]?.[name]))
  const line = (first: string, cells: readonly (string | number)[]) =>
    `  ${first.padEnd(14)}${cells.map((cell) => String(cell).padStart(14)).join('')}`
  return [`${title}, as it is (down) and as it would be (across):`, line('', used)].concat(
    used.map((from) =>
      line(
        from,
        used.map((to) => matrix[from]?.[to] ?? 0),
      ),
    ),
  )
}

const changeLines = (title: string, { count, rules }: Simulation['gains']['mql']): readonly string[] => [
  `${title}: ${count}`,
  ...rules.slice(0, NAMED).map((each) => `  ${String(each.count).padStart(6)}  ${each.rule}`),
]

const accuracyLine = (rank: 'mql' | 'sql', sides: Simulation['accuracy']['mql']): string => {
  const { old, new: next } = sides
  return `  ${rank.toUpperCase()}: precision ${percent(old.precision)} → ${percent(next.precision)}, recall ${percent(old.recall)} → ${percent(next.recall)}`
}

const percent = (share: number | null): string => (share === null ? 'unknown' : `${Math.round(share * 100)} %`)
const signed = (days: number): string => (days > 0 ? `+${days}` : String(days))
