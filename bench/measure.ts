/** Times and memory, and the table they are shown in. */

export interface Figure {
  readonly what: string
  /** Ours, and the bare baseline of the same run, both per second or both in ms. */
  readonly value: string
  readonly baseline: string
  readonly ratio: string
  readonly note?: string
}

export interface Sizes {
  readonly events: number
  readonly visitors: number
  /** Events that are there already when ingest is measured. */
  readonly stored: number
  /** Of one measurement, and how many are taken of each thing. */
  readonly seconds: number
  readonly rounds: number
}

/** How much history there is. */
export type Amount = Pick<Sizes, 'events' | 'visitors'>

/** Milliseconds of processor time that `run` takes, in all threads: what others do on the machine counts less so. */
export const time = (run: () => unknown): number => {
  const start = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN

/** The medians of two things measured in turn, so that a busy machine troubles both alike. */
export const inTurn = (ours: () => unknown, bare: () => unknown, rounds = 5): { ours: number; bare: number } => {
  const pairs = Array.from({ length: rounds + 1 }, () => ({ bare: time(bare), ours: time(ours) })).slice(1)
  return { ours: median(pairs.map((pair) => pair.ours)), bare: median(pairs.map((pair) => pair.bare)) }
}

export const perSecond = (count: number, ms: number): string =>
  `${Math.round((count / ms) * 1000).toLocaleString('en')}/s`
export const inMs = (ms: number): string => `${ms < 10 ? ms.toFixed(3) : ms.toFixed(0)} ms`

/** Resident memory in MB. */
const memory = (): number => Math.round(process.memoryUsage.rss() / 1024 / 1024)

/** One long run, in ms, and the most memory seen at the samples it takes. */
export interface Measured {
  readonly cpu: number
  readonly wall: number
  readonly before: number
  readonly memory: number
}

export const measureOnce = async (run: (sample: () => void) => void | Promise<void>): Promise<Measured> => {
  const before = memory()
  let most = before
  const sample = (): void => {
    most = Math.max(most, memory())
  }
  const start = performance.now()
  const spent = process.cpuUsage()
  await run(sample)
  const { user, system } = process.cpuUsage(spent)
  return { cpu: (user + system) / 1000, wall: performance.now() - start, before, memory: most }
}

export const printTable = (figures: readonly Figure[]): void => {
  const rows = [
    ['', 'ours', 'baseline', 'ratio', ''],
    ...figures.map((f) => [f.what, f.value, f.baseline, f.ratio, f.note ?? '']),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  for (const row of rows)
    console.log(
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : i === 4 ? cell : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
}
