/**
 * One collector on SQLite against one, two and four on one PostgreSQL, all measured in turns in one run: events, processor
 * time of the collectors and of the server, how long answers take, bytes that an event takes. Then what the dashboard
 * asks, of many visitors on both.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '../collector/store/postgres.ts'
import { missing, startPostgres } from '../test/postgres.ts'
import { cpuOfAll, type Load, type Measured, measureLoad, type Server, startServer } from './load.ts'
import { type Figure, median, type Sizes } from './measure.ts'
import { benchStoreReads } from './store-reads.ts'

const COLLECTORS = [1, 2, 4]
/** With each collector: as many as in the other benchmarks, and enough that transactions are well filled. */
const [CONNECTIONS, MANY] = [64, 256]
/**
 * Events that each collector takes first: what a program compiles for itself while it is new is the same for all, and
 * would count for more where fewer events are taken in the same time.
 */
const WARM = 100_000

/** Collectors that share what they keep. */
interface Fleet {
  readonly name: string
  readonly servers: readonly Server[]
  /** Bytes of tables and of indexes. */
  readonly bytes: () => Promise<{ readonly tables: number; readonly indexes: number }>
  events: number
}

type Result = Omit<Measured, 'requests'> & { readonly database: number }

export const benchStores = async (sizes: Sizes): Promise<readonly Figure[]> => {
  const server = await startPostgres(['max_connections=200', 'shared_buffers=256MB', 'max_wal_size=4GB'])
  if (!server?.folder) throw new Error(`PostgreSQL is needed for this. ${missing}`)
  const folders: string[] = []
  const newFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'leadlight-bench-'))
    folders.push(folder)
    return folder
  }
  const pid = Number(readFileSync(join(server.folder, 'data/postmaster.pid'), 'utf8').split('\n')[0])
  const fleets = [await onSqlite(newFolder())]
  for (const count of COLLECTORS) fleets.push(await onPostgres(count, await server.newDatabase(), newFolder))
  const load: Load = { seconds: sizes.seconds, connections: CONNECTIONS, isBatch: true }
  const measure = (load: Load) => measureInTurn(fleets, load, { rounds: sizes.rounds, pid })
  const figures = [
    ...rowsOf('batches', fleets, await measure(load)),
    ...rowsOf(`batches, ${MANY} connections`, fleets, await measure({ ...load, connections: MANY })),
    ...rowsOf('single events', fleets, await measure({ ...load, isBatch: false })),
  ]
  for (const { servers } of fleets) for (const { stop } of servers) await stop()
  // Only now is all that SQLite has written in its file.
  const bytes = await sizeRows(fleets)
  const reads = await benchStoreReads(await server.newDatabase(), sizes)
  await server.stop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  return [...figures, ...bytes, ...reads]
}

const onSqlite = async (folder: string): Promise<Fleet> => ({
  name: 'SQLite',
  servers: [await startServer('collector', [folder])],
  bytes: async () => ({
    tables: ['', '-wal'].reduce((sum, end) => sum + (sizeOf(join(folder, `bench.db${end}`)) ?? 0), 0),
    indexes: 0,
  }),
  events: 0,
})

const sizeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.size

const onPostgres = async (count: number, url: string, newFolder: () => string): Promise<Fleet> => {
  const servers: Server[] = []
  for (let i = 0; i < count; i += 1) servers.push(await startServer('collector', [newFolder(), url]))
  const bytes = async () => {
    const sql = connect({ url, connections: 1, name: 'bench' })
    const [row] = await sql<{ tables: number; indexes: number }[]>`
      SELECT sum(pg_table_size(oid))::bigint AS tables, sum(pg_indexes_size(oid))::bigint AS indexes
      FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`
    await sql.end()
    return row!
  }
  return { name: `PostgreSQL, ${count}`, servers, bytes, events: 0 }
}

/** All at once, each with as many connections as one has alone: a commit of few bodies costs more per event. */
const measureFleet = async ({ servers }: Fleet, load: Load, pid: number): Promise<Result> => {
  const before = cpuOfAll(pid)
  const all = await Promise.all(servers.map((server) => measureLoad(server, load)))
  const sum = (of: (one: Measured) => number): number => all.reduce((total, one) => total + of(one), 0)
  const events = sum((one) => one.events)
  return {
    events,
    p50: Math.max(...all.map(({ p50 }) => p50)),
    p99: Math.max(...all.map(({ p99 }) => p99)),
    cpu: sum(({ cpu, events: own }) => (cpu * own) / events),
    failed: sum(({ failed }) => failed),
    database: ((cpuOfAll(pid) - before) / events / load.seconds) * 1e6,
  }
}

const measureInTurn = async (
  fleets: readonly Fleet[],
  load: Load,
  { rounds, pid }: { readonly rounds: number; readonly pid: number },
): Promise<readonly Result[]> => {
  const measured: Result[][] = fleets.map(() => [])
  const one = async (fleet: Fleet): Promise<Result> => {
    const result = await measureFleet(fleet, load, pid)
    fleet.events += result.events * load.seconds
    process.stderr.write('.')
    return result
  }
  for (const fleet of fleets) while (fleet.events < WARM * fleet.servers.length) await one(fleet)
  // One round only to get used to this load.
  for (let round = 0; round <= rounds; round += 1)
    for (const [i, fleet] of fleets.entries()) {
      const result = await one(fleet)
      if (round > 0) measured[i]!.push(result)
    }
  return measured.map((each) => {
    const middle = (what: keyof Result): number => median(each.map((one) => one[what]))
    return {
      events: middle('events'),
      p50: middle('p50'),
      p99: middle('p99'),
      cpu: middle('cpu'),
      failed: middle('failed'),
      database: middle('database'),
    }
  })
}

const rowsOf = (what: string, fleets: readonly Fleet[], measured: readonly Result[]): readonly Figure[] => {
  const base = measured[0]!
  const noteOf = ({ p50, p99, cpu, database, failed }: Result): string =>
    `p50 ${p50} p99 ${p99} ms, ${cpu.toFixed(0)} µs/event in collectors, ${database.toFixed(0)} in the server` +
    (failed ? `, ${failed} FAILED` : '')
  return measured.slice(1).map((ours, i) => ({
    what: `${what}, ${fleets[i + 1]!.name}: events ÷ SQLite`,
    value: `${Math.round(ours.events).toLocaleString('en')}/s`,
    baseline: `${Math.round(base.events).toLocaleString('en')}/s`,
    ratio: (ours.events / base.events).toFixed(2),
    note: i === 0 ? `${noteOf(ours)}; SQLite: ${noteOf({ ...base, database: 0 })}` : noteOf(ours),
  }))
}

const sizeRows = async ([sqlite, ...others]: readonly Fleet[]): Promise<readonly Figure[]> => {
  const base = (await sqlite!.bytes()).tables / sqlite!.events
  const rows: Figure[] = []
  for (const { name, bytes, events } of others.slice(0, 1)) {
    const { tables, indexes } = await bytes()
    const ours = (tables + indexes) / events
    rows.push({
      what: `bytes per event, ${name}: ÷ SQLite`,
      value: ours.toFixed(0),
      baseline: base.toFixed(0),
      ratio: (ours / base).toFixed(2),
      note: `tables ${(tables / events).toFixed(0)}, indexes ${(indexes / events).toFixed(0)}; before any vacuum`,
    })
  }
  return rows
}
