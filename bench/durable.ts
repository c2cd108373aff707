/**
 * Durable ingest against the same handler in memory and against bare node:http, measured in turns in one run: as fast
 * as can be and at half of that, batches and single events, and with a slow sync.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Load, type Measured, measureLoad, type Server, startServer } from './load.ts'
import { type Figure, median, type Sizes } from './measure.ts'

type Medians = Readonly<Record<keyof Measured, number>>

export const benchDurable = async (sizes: Sizes): Promise<readonly Figure[]> => {
  const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'leadlight-bench-')))
  const servers: readonly Server[] = await Promise.all([
    startServer('bare'),
    startServer('memory'),
    startServer('collector', [folders[0]!]),
    startServer('collector', [folders[1]!], 'slow-sync.ts'),
  ])
  const [bare, memory, collector, slow] = servers as [Server, Server, Server, Server]
  const load: Load = { seconds: sizes.seconds, connections: 64, isBatch: true }
  const inTurn = (pairs: readonly (readonly [Server, Load])[]) => measureInTurn(pairs, sizes.rounds)
  const all = (load: Load) => inTurn([bare, memory, collector].map((server) => [server, load] as const))

  const batches = await all(load)
  const singles = await all({ ...load, isBatch: false })
  const half = { ...load, rate: Math.max(1, Math.round(batches[2]!.requests / 2)) }
  const atHalf = await inTurn([memory, collector].map((server) => [server, half] as const))
  const many = { ...load, connections: 512 }
  const slowly = await inTurn([memory, slow].map((server) => [server, many] as const))
  for (const { stop } of servers) await stop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  return [
    ...rowsOf('batches', batches),
    ...rowsOf('single events', singles),
    p99Row(atHalf as readonly [Medians, Medians]),
    ratioRow('batches, 4 ms per sync, 512 connections', slowly as readonly [Medians, Medians]),
  ]
}

const measureInTurn = async (
  pairs: readonly (readonly [Server, Load])[],
  rounds: number,
): Promise<readonly Medians[]> => {
  const measured: Measured[][] = pairs.map(() => [])
  for (let round = 0; round <= rounds; round += 1)
    for (const [i, [server, load]] of pairs.entries()) {
      measured[i]!.push(await measureLoad(server, load))
      process.stderr.write('.')
    }
  return measured.map((each) => {
    // The first round compiles the code and fills the memories.
    const middle = (what: keyof Measured): number => median(each.slice(1).map((one) => one[what]))
    return {
      requests: middle('requests'),
      events: middle('events'),
      p50: middle('p50'),
      p99: middle('p99'),
      cpu: middle('cpu'),
      failed: middle('failed'),
    }
  })
}

const perSecond = (count: number): string => `${Math.round(count).toLocaleString('en')}/s`

const noteOf = ({ requests, p50, p99, cpu, failed }: Medians): string =>
  `${perSecond(requests)} requests, p50 ${p50} p99 ${p99} ms, ${cpu.toFixed(1)} µs/event${failed ? `, ${failed} FAILED` : ''}`

const ratioRow = (what: string, [memory, ours]: readonly [Medians, Medians]): Figure => ({
  what: `${what}: events ÷ no storage`,
  value: perSecond(ours.events),
  baseline: perSecond(memory.events),
  ratio: (ours.events / memory.events).toFixed(2),
  note: `${noteOf(ours)}; no storage: ${noteOf(memory)}`,
})

const rowsOf = (what: string, measured: readonly Medians[]): readonly Figure[] => {
  const [bare, memory, ours] = measured as readonly [Medians, Medians, Medians]
  return [
    ratioRow(what, [memory, ours]),
    {
      what: `${what}: requests ÷ bare node:http`,
      value: perSecond(ours.requests),
      baseline: perSecond(bare.requests),
      ratio: (ours.requests / bare.requests).toFixed(2),
      note: `bare: ${noteOf(bare)}`,
    },
  ]
}

const p99Row = ([memory, ours]: readonly [Medians, Medians]): Figure => ({
  what: `batches at ${perSecond(ours.requests)}: p99 ÷ no storage`,
  value: `${ours.p99} ms`,
  baseline: `${memory.p99} ms`,
  ratio: (ours.p99 / memory.p99).toFixed(2),
  note: 'half of what the collector can, sent whether or not the last was answered',
})
