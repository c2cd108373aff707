/** `npm run bench -- [part …] [--events N] [--visitors N]`: figures, each as a ratio to a bare baseline of the same run. */
import { parseArgs } from 'node:util'
import { benchFold } from './fold.ts'
import { type Figure, printTable, type Sizes } from './measure.ts'
import { benchReads } from './reads.ts'
import { benchReplay } from './replay.ts'
import { benchStorage } from './storage.ts'

const PARTS: Readonly<Record<string, (sizes: Sizes) => readonly Figure[] | Promise<readonly Figure[]>>> = {
  fold: benchFold,
  replay: benchReplay,
  reads: benchReads,
  storage: benchStorage,
}

const number = { type: 'string', default: '100000' } as const
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { events: number, visitors: { ...number, default: '10000' } },
})
const sizes = { events: Number(values.events), visitors: Number(values.visitors) }

const figures: Figure[] = []
for (const part of positionals.length ? positionals : Object.keys(PARTS)) {
  const bench = PARTS[part]
  if (!bench) throw new Error(`There is no part "${part}"; there are: ${Object.keys(PARTS).join(', ')}.`)
  figures.push(...(await bench(sizes)))
}
printTable(figures)
