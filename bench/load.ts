/** Servers in processes of their own, and the load that is put on them. */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { anonymousOf } from './storage.ts'

export interface Server {
  readonly name: string
  readonly url: string
  readonly key: string
  /** CPU seconds used so far, in all threads. */
  readonly cpu: () => number
  readonly stop: () => Promise<void>
}

/** `preload` is run in each of its threads first. */
export const startServer = (name: string, args: readonly string[] = [], preload?: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const execArgv = preload === undefined ? [] : ['--import', join(import.meta.dirname, preload)]
    const child = fork(join(import.meta.dirname, `servers/${name}.ts`), args, { execArgv })
    const ended = new Promise<void>((done) => child.once('exit', () => done()))
    ended.then(() => reject(new Error(`${name} did not start. Is everything built? node build.mjs`)))
    child.once('message', (message) => {
      const { port, key = 'bench' } = message as { port: number; key?: string }
      const stop = (): Promise<void> => {
        child.kill('SIGTERM')
        return ended
      }
      resolve({ name, url: `http://127.0.0.1:${port}/e`, key, cpu: () => cpuOf(child.pid!), stop })
    })
  })

/** User and system time from the kernel's table, which counts in hundredths of a second; 0 where there is none. */
const cpuOf = (pid: number): number => {
  const [own] = timesOf(pid)
  return own
}

/** Of a process itself, and of those it started which have ended. */
const timesOf = (pid: number): readonly [own: number, ended: number] => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').map(Number)
    return [(fields[11]! + fields[12]!) / 100, (fields[13]! + fields[14]!) / 100]
  } catch {
    return [0, 0]
  }
}

/** Of a process and all that it has started, such as a PostgreSQL server. */
export const cpuOfAll = (pid: number): number => {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
    const [own, ended] = timesOf(pid)
    return children.reduce((sum, child) => sum + cpuOf(Number(child)), own + ended)
  } catch {
    return 0
  }
}

export interface Load {
  readonly seconds: number
  readonly connections: number
  /** Two events and a half in a body, or one. */
  readonly isBatch: boolean
  /** Requests per second; as many as can be answered, if left out. */
  readonly rate?: number
  /**
   * Requests come from this many visitors who are known already; else from as many at once as there are connections, each
   * of whom comes ten times.
   */
  readonly returning?: number
}

export interface Measured {
  readonly requests: number
  readonly events: number
  readonly p50: number
  readonly p99: number
  /** µs of processor time per event. */
  readonly cpu: number
  readonly failed: number
}

const PATHS = ['/blog/a', '/pricing', '/product', '/case-studies/b', '/docs', '/']
export const HEADERS = {
  'content-type': 'text/plain',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36',
}
/** Requests of one visitor before another takes their connection. */
const VISITS = 10
let people = 0

/** Bodies for one collector: as many visitors at once as there are connections, none of whom is at another collector too. */
export const bodiesOf = (
  key: string,
  { isBatch, returning, connections }: Pick<Load, 'isBatch' | 'returning' | 'connections'>,
): (() => string) => {
  const present: number[] = []
  let count = 0
  return () => {
    const [round, place] = [Math.floor(count / connections), count % connections]
    count += 1
    if (round % VISITS === 0) present[place] = people++
    const someone = present[place]!
    const visitor = anonymousOf(returning === undefined ? someone : (Math.imul(someone, 0x9e3779b1) >>> 0) % returning)
    // On each connection all pages come in turn.
    return bodyOf({ key, visitor, n: round + place, isBatch })
  }
}

interface Visit {
  readonly key: string
  readonly visitor: string
  readonly n: number
  readonly isBatch: boolean
}

const bodyOf = ({ key, visitor, n, isBatch }: Visit): string => {
  const at = Date.now()
  const view = randomBytes(8).toString('hex')
  const id = () => randomBytes(12).toString('base64url')
  const url = `https://shop.example${PATHS[n % PATHS.length]}`
  const page = { id: id(), type: 'page', at, view, url, title: 'A page of the shop' }
  const read = { id: id(), type: 'engagement', at, view, seconds: (n % 60) + 0.5, scroll: n % 100 }
  const more = n % 2 ? [{ id: id(), type: 'track', at, view, name: 'faq_opened', props: { n } }] : []
  return JSON.stringify({ site: key, visitor, sent: at, events: isBatch ? [page, read, ...more] : [page] })
}

export const measureLoad = async ({ url, key, cpu }: Server, load: Load): Promise<Measured> => {
  const before = cpu()
  const body = bodiesOf(key, load)
  const setupRequest = (request: object) => ({ ...request, body: body() })
  const result = await autocannon({
    url,
    connections: load.connections,
    duration: load.seconds,
    ...(load.rate !== undefined && { overallRate: load.rate }),
    requests: [{ method: 'POST', headers: HEADERS, setupRequest }],
  })
  const perBody = load.isBatch ? 2.5 : 1
  const total = result['2xx']
  return {
    requests: total / result.duration,
    events: (total * perBody) / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpu: ((cpu() - before) / total / perBody) * 1e6,
    failed: result.non2xx + result.errors,
  }
}
