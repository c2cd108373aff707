/** What an event costs where much has happened already, against an empty file: both measured in turn, in one run. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fillFast } from './fill.ts'
import { type Load, type Measured, measureLoad, startServer } from './load.ts'
import { type Figure, median, type Sizes } from './measure.ts'

/** Events of a visitor. */
const EACH = 10

export const benchFull = async ({ stored, seconds, rounds }: Sizes): Promise<readonly Figure[]> => {
  const [none, much] = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'leadlight-bench-'))) as [string, string]
  const visitors = Math.max(1, Math.round(stored / EACH))
  try {
    await fillFast(join(much, 'bench.db'), { events: stored, visitors })
    const bytes = statSync(join(much, 'bench.db')).size
    const [empty, full] = [await startServer('collector', [none]), await startServer('collector', [much])]
    const load: Load = { seconds, connections: 64, isBatch: true }
    const measured: { readonly empty: Measured[]; readonly full: Measured[] } = { empty: [], full: [] }
    for (let round = 0; round <= rounds; round += 1) {
      measured.empty.push(await measureLoad(empty, load))
      measured.full.push(await measureLoad(full, { ...load, returning: visitors }))
      process.stderr.write('.')
    }
    await Promise.all([empty.stop(), full.stop()])
    // The first round compiles the code and fills the memories.
    const cpuOf = (which: keyof typeof measured): number => median(measured[which].slice(1).map(({ cpu }) => cpu))
    const failed = [...measured.empty, ...measured.full].reduce((sum, each) => sum + each.failed, 0)
    return [figureOf({ stored, visitors, bytes, failed }, { full: cpuOf('full'), empty: cpuOf('empty') })]
  } finally {
    for (const folder of [none, much]) rmSync(folder, { recursive: true, force: true })
  }
}

interface Filled {
  readonly stored: number
  readonly visitors: number
  readonly bytes: number
  readonly failed: number
}

const figureOf = (
  { stored, visitors, bytes, failed }: Filled,
  { full, empty }: { readonly full: number; readonly empty: number },
): Figure => ({
  what: `batches, ${stored.toLocaleString('en')} events stored: CPU ÷ empty`,
  value: `${full.toFixed(1)} µs/event`,
  baseline: `${empty.toFixed(1)} µs/event`,
  ratio: (full / empty).toFixed(2),
  note: `all from ${visitors.toLocaleString('en')} visitors who are known; ${Math.round(bytes / 1e6)} MB${failed ? `, ${failed} FAILED` : ''}`,
})
