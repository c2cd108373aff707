/**
 * Durable ingest against the same handler without storage and against bare node:http, measured in turns in one run.
 * `node bench/durable.ts [seconds per measurement] [rounds]`. The load comes from autocannon: 64 connections, batches of
 * two events and a half, every id new, one visitor in ten requests.
 */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'

const SECONDS = Number(process.argv[2] ?? 5)
const ROUNDS = Number(process.argv[3] ?? 3)
const CONNECTIONS = 64
const EVENTS = 2.5
const PATHS = ['/blog/a', '/pricing', '/product', '/case-studies/b', '/docs', '/']

interface Server {
  readonly name: string
  readonly url: string
  readonly key: string
  /** CPU seconds used so far. */
  readonly cpu: () => number
  readonly stop: () => void
}

const start = (name: string, args: readonly string[] = []): Promise<Server> =>
  new Promise((resolve) => {
    const child = fork(join(import.meta.dirname, `servers/${name}.ts`), args)
    child.once('message', (message) => {
      const { port, key = 'bench' } = message as { port: number; key?: string }
      const cpu = () => cpuOf(child.pid!)
      resolve({ name, url: `http://127.0.0.1:${port}/e`, key, cpu, stop: () => child.kill('SIGTERM') })
    })
  })

/** User and system time from the kernel's table, which counts in hundredths of a second; 0 where there is none. */
const cpuOf = (pid: number): number => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return 0
  }
}

const body = (key: string, n: number): string => {
  const at = Date.now()
  const view = randomBytes(8).toString('hex')
  const visitor = Math.floor(n / 10)
    .toString(16)
    .padStart(32, '0')
  const id = () => randomBytes(12).toString('base64url')
  const page = {
    id: id(),
    type: 'page',
    at,
    view,
    url: `https://shop.example${PATHS[n % PATHS.length]}`,
    title: 'A page of the shop',
  }
  const read = { id: id(), type: 'engagement', at, view, seconds: (n % 60) + 0.5, scroll: n % 100 }
  const more = n % 2 ? [{ id: id(), type: 'track', at, view, name: 'faq_opened', props: { n } }] : []
  return JSON.stringify({ site: key, visitor, sent: at, events: [page, read, ...more] })
}

interface Figures {
  readonly requests: number
  readonly p50: number
  readonly p99: number
  readonly cpuPerEvent: number
  readonly failed: number
}

let count = 0
const measure = async ({ url, key, cpu }: Server): Promise<Figures> => {
  const before = cpu()
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests: [
      {
        method: 'POST',
        headers: {
          'content-type': 'text/plain',
          'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36',
        },
        setupRequest: (request: object) => {
          count += 1
          return { ...request, body: body(key, count) }
        },
      },
    ],
  })
  const total = result['2xx']
  return {
    requests: total / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpuPerEvent: ((cpu() - before) / total / EVENTS) * 1e6,
    failed: result.non2xx + result.errors,
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

const folder = mkdtempSync(join(tmpdir(), 'leadlight-bench-'))
const servers = [await start('bare'), await start('memory'), await start('collector', [folder])]
const figures = new Map<string, Figures[]>(servers.map(({ name }) => [name, []]))
for (let round = 0; round < ROUNDS; round += 1)
  for (const server of servers) {
    figures.get(server.name)!.push(await measure(server))
    process.stderr.write('.')
  }
process.stderr.write('\n')

const of = (name: string, what: keyof Figures): number => median(figures.get(name)!.map((each) => each[what]))
const stored = figures.get('collector')!.reduce((sum, { requests }) => sum + requests * SECONDS * EVENTS, 0)
const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)

console.table(
  Object.fromEntries(
    servers.map(({ name }) => [
      name,
      {
        'requests/s': Math.round(of(name, 'requests')),
        'events/s': Math.round(of(name, 'requests') * EVENTS),
        'p50 ms': of(name, 'p50'),
        'p99 ms': of(name, 'p99'),
        'CPU µs/event': Math.round(of(name, 'cpuPerEvent') * 10) / 10,
        failed: of(name, 'failed'),
        '÷ memory': Math.round((of(name, 'requests') / of('memory', 'requests')) * 100) / 100,
        '÷ bare': Math.round((of(name, 'requests') / of('bare', 'requests')) * 100) / 100,
      },
    ]),
  ),
)
console.log(`about ${Math.round(bytes / stored)} bytes on disk per event, WAL included`)
for (const { stop } of servers) stop()
rmSync(folder, { recursive: true, force: true })
