/**
 * `npm run bench -- [part …] [--events N] [--visitors N] [--stored N] [--seconds N] [--rounds N]`: figures, each as a
 * ratio to a bare baseline of the same run.
 */
import { parseArgs } from 'node:util'
import { benchDurable } from './durable.ts'
import { benchFold } from './fold.ts'
import { benchFull } from './full.ts'
import { type Figure, printTable, type Sizes } from './measure.ts'
import { benchMove } from './move.ts'
import { benchReads } from './reads.ts'
import { benchReplay } from './replay.ts'
import { benchReports } from './reports.ts'
import { benchStorage } from './storage.ts'
import { benchStores } from './stores.ts'

const PARTS: Readonly<Record<string, (sizes: Sizes) => readonly Figure[] | Promise<readonly Figure[]>>> = {
  fold: benchFold,
  replay: benchReplay,
  reads: benchReads,
  reports: benchReports,
  storage: benchStorage,
  durable: benchDurable,
  full: benchFull,
  move: benchMove,
  stores: benchStores,
}

const number = (usual: number) => ({ type: 'string', default: String(usual) }) as const
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: number(100_000),
    visitors: number(10_000),
    stored: number(1_000_000),
    seconds: number(3),
    rounds: number(3),
  },
})
const sizes: Sizes = {
  events: Number(values.events),
  visitors: Number(values.visitors),
  stored: Number(values.stored),
  seconds: Number(values.seconds),
  rounds: Number(values.rounds),
}

const figures: Figure[] = []
for (const part of positionals.length ? positionals : Object.keys(PARTS)) {
  const bench = PARTS[part]
  if (!bench) throw new Error(`There is no part "${part}"; there are: ${Object.keys(PARTS).join(', ')}.`)
  figures.push(...(await bench(sizes)))
}
printTable(figures)
