/** A collector in this process, on a free port, with a folder and a clock of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../collector/config.ts'
import { type Running, serve } from '../../collector/serve.ts'
import { databaseIn } from '../database.ts'

export const ADMIN = 'admin_token_for_tests_0123456789'

export interface Answered<Body = unknown> {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; undefined where it is none. */
  readonly body: Body
}

export interface Verdict {
  readonly success?: true
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: readonly { readonly index: number; readonly id: string | null; readonly code: string }[]
}

export interface Ask {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream | undefined
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string | undefined
}

export interface Collector {
  /** Where its data is, as `DATABASE_URL` tells. */
  readonly database: string
  readonly url: string
  readonly folder: string
  readonly running: Running
  /** The public key of a site. */
  readonly key: (site?: string) => string
  readonly ask: <Body = Verdict>(path: string, ask?: Ask) => Promise<Answered<Body>>
  /** As the administrator. */
  readonly admin: <Body>(path: string, method?: string, body?: unknown) => Promise<Answered<Body>>
  /** What it said went wrong. */
  readonly problems: readonly string[]
  readonly clock: { ahead: number; readonly now: () => number }
  readonly end: () => Promise<void>
}

/** What `build.mjs` would make, as small as can be. */
export const minimalDist = (folder: string): string => {
  const dist = join(folder, 'dist')
  mkdirSync(join(dist, 'dashboard'), { recursive: true })
  for (const name of ['leadlight.js', 'dashboard/main.js', 'dashboard/main.css'])
    writeFileSync(join(dist, name), '/**/')
  return dist
}

export const startCollector = async (
  environment: Record<string, string> = {},
  folder = mkdtempSync(join(tmpdir(), 'leadlight-')),
): Promise<Collector> => {
  const problems: string[] = []
  const clock = { ahead: 0, now: () => Date.now() + clock.ahead }
  const settings: Record<string, string> = { PORT: '0', ...(await databaseIn(folder, 'test.db')), ...environment }
  const running = await serve({
    config: readConfig(settings),
    adminToken: ADMIN,
    dist: minimalDist(folder),
    now: clock.now,
    log: (problem) => problems.push(problem),
  })
  const url = `http://localhost:${running.port}`

  const ask: Collector['ask'] = async (path, { method = 'GET', headers = {}, body, token } = {}) => {
    const bearer: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const init = { method, headers: { ...bearer, ...headers }, redirect: 'manual', body: body ?? null } as const
    const answer = await fetch(url + path, { ...init, ...(body instanceof ReadableStream && { duplex: 'half' }) })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, body: parsed(text) as never }
  }

  return {
    url,
    database: settings.DATABASE_URL!,
    folder,
    running,
    problems,
    clock,
    ask,
    key: (site = 'default') => running.sites().find(({ name }) => name === site)!.key,
    admin: (path, method = 'GET', body) =>
      ask(path, { method, token: ADMIN, ...(body !== undefined && { body: JSON.stringify(body) }) }),
    end: async () => {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Like a visitor's browser. */
export const BROWSER = {
  'user-agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
  'content-type': 'text/plain;charset=UTF-8',
} as const

let ids = 0
export const newId = (): string => {
  ids += 1
  return `event-${ids}`
}

/** What the snippet sends; events get an id and an instant. */
export const beacon = (site: string, events: readonly object[], head: object = {}): string => {
  const sent = Date.now()
  const filled = events.map((event) => ({ id: newId(), at: sent, view: 'v', ...event }))
  return JSON.stringify({ site, visitor: 'c0ffee00c0ffee00c0ffee00c0ffee00', sent, events: filled, ...head })
}

export const basic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString('base64')}`
