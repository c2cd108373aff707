/**
 * Whether the collector grows: `node bench/soak.ts [minutes]`. Finds the most it takes, then sends half of that, every
 * tenth request by somebody new, and watches its resident memory. Warm-up ends when more people came than it remembers:
 * what it remembers fills up and is dropped whole, so it is peaks that are compared. The engine takes what the machine has
 * before it collects garbage: it is given little here, or that would be all there is to see. Ends with 1 when the highest
 * after the warm-up lies a tenth or more above the highest in it, when anything was refused, or when answers came ever
 * later: then something queues up. Soak for at least as many requests as the warm-up took.
 */
import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { bodiesOf, HEADERS } from './load.ts'
import { median, printTable } from './measure.ts'

const SECONDS = 60 * Number(process.argv[2] ?? 10)
const CONNECTIONS = 64
const MOST_GROWTH = 0.1

const folder = mkdtempSync(join(tmpdir(), 'leadlight-soak-'))
const LITTLE = ['--max-semi-space-size=8', '--max-old-space-size=256']
const child = fork(join(import.meta.dirname, 'servers/collector.ts'), [folder], { execArgv: LITTLE })
const { port, key } = await new Promise<{ port: number; key: string }>((resolve) =>
  child.once('message', (message) => resolve(message as { port: number; key: string })),
)

const body = bodiesOf(key, { isBatch: true, connections: CONNECTIONS })

/** `rate` 0: as many as it takes. */
const load = (seconds: number, rate: number) =>
  autocannon({
    url: `http://127.0.0.1:${port}/e`,
    connections: CONNECTIONS,
    duration: seconds,
    ...(rate > 0 && { overallRate: rate }),
    requests: [{ method: 'POST', headers: HEADERS, setupRequest: (request: object) => ({ ...request, body: body() }) }],
  })

/** MB, from the kernel's table. */
const resident = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024

interface Stretch {
  readonly memory: number
  readonly p99: number
  readonly requests: number
  readonly refused: number
}

const stretch = async (seconds: number, rate: number): Promise<Stretch> => {
  const samples: number[] = []
  const timer = setInterval(() => samples.push(resident()), 250)
  const { latency, non2xx, errors, '2xx': requests } = await load(seconds, rate)
  clearInterval(timer)
  return { memory: median(samples), p99: latency.p99, requests, refused: non2xx + errors }
}

/** Ten times what the writer remembers (see `REMEMBERED` in sqlite-log.ts): with half as many, memory was not level yet. */
const PEOPLE = 50_000

const tell = (what: string, { memory, p99, requests, refused: off }: Stretch): void =>
  console.log(`${what}  ${memory.toFixed(0)} MB  p99 ${p99} ms  ${requests} requests  ${off} refused`)

const warming: Stretch[] = []
while (warming.reduce((sum, { requests }) => sum + requests, 0) < 10 * PEOPLE) {
  warming.push(await stretch(10, 0))
  tell('warming', warming.at(-1)!)
}
const most = Math.max(...warming.map(({ requests }) => requests)) / 10
const half = Math.floor(most / 2)
console.log(`At most ${Math.round(most)} requests a second; now ${half} for ${SECONDS} s.`)

const PARTS = 8
const soaked: Stretch[] = []
for (let n = 0; n < PARTS; n += 1) {
  soaked.push(await stretch(SECONDS / PARTS, half))
  tell('soaking', soaked.at(-1)!)
}
child.kill('SIGTERM')
await new Promise((resolve) => child.once('exit', resolve))
rmSync(folder, { recursive: true, force: true })

const [first, last] = [soaked.slice(0, 2), soaked.slice(-2)]
const of = (some: readonly Stretch[], what: keyof Stretch) =>
  some.reduce((sum, each) => sum + each[what], 0) / some.length
const peak = (some: readonly Stretch[]): number => Math.max(...some.map(({ memory }) => memory))
const growth = peak(soaked) / peak(warming) - 1
const refused = soaked.reduce((sum, each) => sum + each.refused, 0)
// A queue that grows shows as answers that come ever later; the noise of a machine does not reach this.
const isLate = of(last, 'p99') > 10 * of(first, 'p99') + 100
printTable([
  {
    what: 'resident memory',
    value: `${peak(soaked).toFixed(0)} MB`,
    baseline: `${peak(warming).toFixed(0)} MB`,
    ratio: `${growth >= 0 ? '+' : ''}${(100 * growth).toFixed(1)} %`,
    note: 'the highest, against the highest of the warm-up',
  },
  {
    what: 'p99',
    value: `${of(last, 'p99').toFixed(0)} ms`,
    baseline: `${of(first, 'p99').toFixed(0)} ms`,
    ratio: (of(last, 'p99') / of(first, 'p99')).toFixed(2),
    note: `${refused} refused`,
  },
])
process.exitCode = growth < MOST_GROWTH && refused === 0 && !isLate ? 0 : 1
