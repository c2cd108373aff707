/**
 * A stand-in for the collector: the page, its bundle and answers of the real shape. For tests and for looking at it:
 * `node test/dashboard/fake-api.ts 8799`, or with `empty`, `signed-out` or `slow` after the port.
 */

import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import type { LiveMessage, Visitor } from '../../shared/answer.ts'
import { accountsOf } from './fake-accounts.ts'
import { act } from './fake-activity.ts'
import { type Asked, doDeed } from './fake-deeds.ts'
import { historyOf, rowsAt, visitorAt } from './fake-history.ts'
import { makeHostile } from './fake-hostile.ts'
import { standing } from './fake-ledger.ts'
import { doModel, modelsAt } from './fake-models.ts'
import { packetOf } from './fake-packet.ts'
import { dice, type FakePerson, makePerson } from './fake-people.ts'
import { reportOf } from './fake-reports.ts'
import { auditAt, doSetup, resetSetup, setup, setupAt } from './fake-setup.ts'
import { poison } from './poison.ts'

const PAGE = new URL('../../collector/dashboard/', import.meta.url)

export const CSP = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"],
].join('; ')

export interface FakeOptions {
  readonly port?: number
  readonly people?: number
  /** What takes the role of an administrator is refused. */
  readonly readsOnly?: boolean
  readonly hostile?: boolean
  readonly signedOut?: boolean
  /** What stands in every field that a stranger could fill. */
  readonly poison?: readonly string[]
  /** Milliseconds between two live changes; none when 0. */
  readonly tick?: number
  /** Milliseconds before each answer. */
  readonly delay?: number
}

const bundle = async (): Promise<ReadonlyMap<string, string>> => {
  const { outputFiles } = await build({
    ...{ entryPoints: [new URL('main.tsx', PAGE).pathname], outdir: '/dashboard', write: false, bundle: true },
    ...{ minify: true, format: 'esm', target: 'es2022', splitting: true, jsx: 'automatic', jsxImportSource: 'preact' },
  })
  return new Map(outputFiles.map(({ path, text }) => [path, text]))
}

const SORTS = {
  score: ({ score }: Visitor) => score,
  lastSeen: ({ lastSeen }: Visitor) => Date.parse(lastSeen),
  stageSince: ({ stageSince }: Visitor) => Date.parse(stageSince),
}

/** A third of them are whom a figure counts. */
const FIGURES = ['entered', 'medium', 'reached', 'signal', 'content', 'became']

const listOf = (people: readonly FakePerson[], query: URLSearchParams) => {
  const ids = query.get('ids')?.split(',')
  if (ids) return { items: ids.flatMap((id) => personOf(people, id)?.visitor ?? []), nextCursor: null }
  const sort = SORTS[(query.get('sort') ?? 'score') as keyof typeof SORTS]
  const q = query.get('q')?.toLowerCase() ?? ''
  const from = Number(query.get('cursor') ?? 0)
  const to = from + Number(query.get('limit') ?? 50)
  const found = people
    .filter((_, n) => !FIGURES.some((name) => query.has(name)) || n % 3 === 0)
    .map(({ visitor }) => visitor)
    .filter((visitor) =>
      (['stage', 'qualification', 'site'] as const).every((name) => [null, visitor[name]].includes(query.get(name))),
    )
    .filter(({ traits }) => JSON.stringify(traits).toLowerCase().includes(q))
    .sort((a, b) => sort(b) - sort(a) || (a.id < b.id ? -1 : 1))
  return { items: found.slice(from, to), nextCursor: to < found.length ? String(to) : null }
}

const trendsOf = (people: readonly FakePerson[], query: URLSearchParams) => {
  const ids = query.get('ids')!.split(',')
  const items = ids.flatMap((id) => {
    const person = personOf(people, id)
    const trend = person && historyOf(person, Date.now()).items.map(({ at, score }) => ({ at, score }))
    return trend ? [{ id, trend }] : []
  })
  return { items }
}

/** A poisoned list is drawn out by people who have the ids of others, with a number behind. */
const personOf = (people: readonly FakePerson[], name: string): FakePerson | undefined => {
  const names = [name, name.replace(/-\d+$/, '')]
  return people.find(({ visitor }) => names.includes(visitor.id) || visitor.traits.email === name)
}

const pageOf = (items: readonly unknown[], query: URLSearchParams) => {
  const from = Number(query.get('cursor') ?? 0)
  return { items: items.slice(from, from + 30), nextCursor: from + 30 < items.length ? String(from + 30) : null }
}

/** What the API answers; undefined where it has nothing. */
const answerOf = (people: readonly FakePerson[], url: URL): unknown => {
  if (url.pathname === '/api/visitors') return listOf(people, url.searchParams)
  if (url.pathname === '/api/trends') return trendsOf(people, url.searchParams)
  const settings = setupAt(url)
  if (settings) return settings
  const audit = auditAt(url)
  if (audit) return audit
  const models = modelsAt(url.pathname)
  if (models) return models
  const accounts = accountsOf(people, url)
  if (accounts) return accounts
  const report = /^\/api\/reports\/(\w+)$/.exec(url.pathname)?.[1]
  if (report) return reportOf(report, url.searchParams, people)
  const [, id, view] = /^\/api\/visitors\/([^/]+)(?:\/(\w+))?$/.exec(url.pathname) ?? []
  const name = decodeURIComponent(id ?? '')
  const person = personOf(people, name)
  // Sites by names that somebody poisoned narrow nothing, or nobody would be found on them.
  const isElsewhere = setup.sites.some(
    (site) => site.name === url.searchParams.get('site') && site.name !== person?.visitor.site,
  )
  if (!person || isElsewhere) return undefined
  if (view === 'export') return { exportedAt: person.visitor.lastSeen, people: [person.visitor] }
  const past = url.searchParams.get('at')
  const at = past ? Date.parse(past) : Date.now()
  if (view === 'timeline') return pageOf(person.timeline, url.searchParams)
  if (view === 'handoff') return packetOf(person)
  if (view === 'history') return historyOf(person, Date.now())
  if (view !== 'explain') return past ? visitorAt(person, at) : person.visitor
  const items = past ? rowsAt(person.rows, at) : person.rows
  const { sum, score } = standing(items)
  return { items, sum, score }
}

export const startFakeApi = async (options: FakeOptions = {}) => {
  resetSetup()
  const files = await bundle()
  const now = Date.now()
  const people = Array.from({ length: options.people ?? 40 }, (_, n) => makePerson(n, now))
  if (options.hostile) people.push(makeHostile(now))
  const asked: Asked[] = []
  let answered = 0
  const listeners = new Set<ServerResponse>()
  const state = { signedOut: options.signedOut ?? false, down: 'no' as 'no' | 'gone' | 'busy' }

  const push = ({ name, ...data }: LiveMessage): void => {
    for (const listener of listeners) listener.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  const send = (response: ServerResponse, status: number, type: string, body: string): void => {
    response.writeHead(status, { 'content-type': type, 'content-security-policy': CSP, 'cache-control': 'no-store' })
    response.end(body)
  }
  const sendJson = (response: ServerResponse, status: number, value: unknown): void =>
    send(response, status, 'application/json', JSON.stringify(value))

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (state.down === 'gone') return request.socket.destroy()
    if (state.down === 'busy') return sendJson(response, 503, { error: { code: 'busy', message: 'Later.' } })
    if (url.pathname === '/')
      return send(response, 200, 'text/html', await readFile(new URL('index.html', PAGE), 'utf8'))
    const file = files.get(url.pathname)
    if (file) return send(response, 200, url.pathname.endsWith('.css') ? 'text/css' : 'text/javascript', file)
    if (state.signedOut) return sendJson(response, 401, { error: { code: 'unauthorized', message: 'Sign in.' } })
    if (url.pathname === '/api/live') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write('retry: 200\n\n')
      listeners.add(response)
      response.on('close', () => listeners.delete(response))
      return
    }
    await new Promise((resolve) => setTimeout(resolve, options.delay ?? 0))
    if (options.readsOnly && (request.method !== 'GET' || /\/export$|^\/api\/audit/.test(url.pathname)))
      return sendJson(response, 403, { error: { code: 'forbidden', message: 'This takes the admin role.' } })
    if (request.method !== 'GET') {
      const text = await new Response(request as unknown as ReadableStream).text()
      const body = text ? JSON.parse(text) : undefined
      const deed = { method: request.method!, path: url.pathname, body, query: url.search }
      asked.push(deed)
      const done = doDeed(deed, people) ??
        doModel(deed) ??
        doSetup(deed) ?? { status: 404, body: { error: { message: 'Not there.' } } }
      return sendJson(response, done.status, done.body)
    }
    const value = answerOf(people, url)
    if (value === undefined) return sendJson(response, 404, { error: { code: 'not_found', message: 'Not there.' } })
    answered += 1
    sendJson(response, 200, options.poison ? poison(value, options.poison, answered) : value)
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))

  const roll = dice(7)
  const timer = options.tick ? setInterval(() => act(people, roll, push), options.tick) : undefined
  const drop = (): void => {
    for (const listener of listeners) listener.destroy()
  }
  const coldest = (): string => listOf(people, new URLSearchParams()).items.at(-1)?.id ?? ''
  return {
    ...{ make: (n: number) => makePerson(n, now), coldest },
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, people, asked, push, state, drop, files },
    /** Nobody does anything any more. */
    rest: () => clearInterval(timer),
    close: async (): Promise<void> => {
      clearInterval(timer)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const [, , port = '8799', mode = ''] = process.argv
  const { url } = await startFakeApi({
    ...{ port: Number(port), people: mode === 'empty' ? 0 : 40, signedOut: mode === 'signed-out' },
    ...{ delay: mode === 'slow' ? 5000 : 0, tick: 1500, hostile: mode === 'hostile' },
  })
  console.log(url)
}
