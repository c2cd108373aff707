/** The document tells every route, every answer it tells is seen here, and no other is. */

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type AppOptions, routesOf } from '../../collector/app.ts'
import { type OpenApi, openApiOf } from '../../collector/routes/openapi.ts'
import { faultsOf, type Route, route } from '../../collector/routes/route.ts'
import { Failure } from '../../shared/answer.ts'
import { presetNamed } from '../../shared/presets.ts'
import { isOnPostgres } from '../database.ts'
import { openSink, type Sink } from '../outbox/sink.ts'
import { ADMIN, BROWSER, basic, beacon, type Collector, minimalDist, startCollector } from './collector.ts'

const dist = minimalDist(mkdtempSync(join(tmpdir(), 'leadlight-')))
const options = { pages: { dist, demo: () => ({}), siteOfKey: () => undefined }, version: '1' } as unknown as AppOptions
const routes = routesOf(options)
const shown = routes.filter(({ about }) => about !== undefined)

let collector: Collector
let sink: Sink
let document: OpenApi
let readKey: string
let writeKey: string
beforeAll(async () => {
  sink = await openSink()
  collector = await startCollector({ LEADLIGHT_ALLOW_PRIVATE_WEBHOOKS: 'on' })
  document = (await collector.ask<OpenApi>('/api/openapi.json')).body
  const make = async (kind: string) =>
    (await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind })).body.secret
  ;[readKey, writeKey] = [await make('read'), await make('write')]
  const events = [{ type: 'page', url: 'https://www.acme.example/pricing', signal: 'pricing' }]
  for (const visitor of ['ann', 'bob'])
    await collector.ask('/e', { method: 'POST', headers: BROWSER, body: beacon(collector.key(), events, { visitor }) })
  const identify = [{ type: 'identify', traits: { email: 'ann@acme.co' } }]
  await collector.ask('/e', {
    method: 'POST',
    headers: BROWSER,
    body: beacon(collector.key(), identify, { visitor: 'ann' }),
  })
})
afterAll(async () => {
  await collector.end()
  await sink.close()
})

const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`
const toldOf = ({ method, path }: Route): readonly string[] =>
  Object.keys(document.paths[path.replace(/:(\w+)/g, '{$1}')]![method.toLowerCase()]!.responses).filter(
    (status) => status !== 'default',
  )

const codesOf = (route: Route, status: number) =>
  faultsOf(route)
    .get(status)!
    .map(({ code }) => code)

/** Jobs that were not waited for. */
const jobs: string[] = []

/** Statuses seen of each route. */
const seen = new Map<string, Set<string>>()
/** Routes with the media types they answered in. */
const seenTypes = new Set<string>()

interface Call {
  readonly base?: string
  readonly path?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
  /** None, if empty. */
  readonly token?: string
}

/** Calls a route and holds the answer against what is told of it. */
const call = async (
  name: string,
  { base = collector.url, path, body, headers = {}, token = ADMIN }: Call = {},
): Promise<Call & { status: number; body: never }> => {
  const route = shown.find((each) => nameOf(each) === name)!
  expect(route, name).toBeDefined()
  const gone = new AbortController()
  const answer = await fetch(base + (path ?? route.path), {
    method: route.method,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    signal: gone.signal,
  })
  const status = String(answer.status)
  seen.set(name, (seen.get(name) ?? new Set()).add(status))
  expect(toldOf(route), `${name} answered`).toContain(status)
  const type = answer.headers.get('content-type') ?? ''
  const told = route.answers[answer.status]
  if (type.startsWith('text/event-stream')) {
    gone.abort()
    return { status: answer.status, body: undefined as never }
  }
  const text = await answer.text()
  seenTypes.add(`${name} ${type.split(';')[0]}`)
  if (told?.texts?.includes(type.split(';')[0]!)) return { status: answer.status, body: undefined as never }
  const schema = told ? told.schema : Failure
  const parsed = schema && JSON.parse(text)
  // A field that is not told would be missing in what the schema makes of the answer.
  if (schema) expect(schema.parse(parsed), name).toEqual(parsed)
  if (!told) expect(codesOf(route, answer.status), `${name} answered`).toContain(parsed.error.code)
  else if (!schema && !told.type) expect(text, name).toBe('')
  if (told?.type) expect(type).toBe(told.type)
  return { status: answer.status, body: parsed as never }
}

describe('what the document tells', () => {
  it('is every route that is not a page, and no other', () => {
    const told = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    )
    expect(told.toSorted()).toEqual(shown.map(nameOf).toSorted())
    const pages = routes.filter(({ about }) => about === undefined).map(nameOf)
    expect(pages.filter((name) => !/ \/(demo|dashboard|signin|api\/docs\.css)|^GET \/$/.test(name))).toEqual([])
  })

  it('is OpenAPI 3.1, and what it refers to is there', () => {
    expect(document.openapi).toBe('3.1.0')
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref!)
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`)
    expect([...new Set(refs)].filter((ref) => !known.includes(ref))).toEqual([])
    expect(refs.length).toBeGreaterThan(100)
    const ids = Object.values(document.paths).flatMap((each) =>
      Object.values(each).map(({ operationId }) => operationId),
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('has one name for what several routes take or answer', () => {
    const both = z.object({ x: z.string() })
    const routeAt = (path: string) =>
      route(
        {
          method: 'POST',
          path,
          who: 'admin',
          about: path,
          body: both,
          answers: { 200: { about: 'It.', schema: both } },
        },
        ({ c }) => c.json({}),
      )
    const { paths, components } = openApiOf([routeAt('/api/one'), routeAt('/api/two')], '1')
    const refs = new Set([...JSON.stringify(paths).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, ref]) => ref))
    expect([...refs].toSorted()).toEqual(['Failure', 'postOneAnswer', 'postOneBody'])
    expect(Object.keys(components.schemas).toSorted()).toEqual([...refs, 'Visitor'].toSorted())
  })
})

const isGuarded = ({ who }: Route): boolean => who === 'read' || who === 'admin'
const isOfEvents = ({ method, who }: Route): boolean => method === 'POST' && (who === 'site' || who === 'write')

describe('every answer that is told', () => {
  it('to strangers', async () => {
    for (const route of shown.filter(isGuarded)) await call(nameOf(route), { token: 'unknown' })
  })

  it('to readers who want to change something', async () => {
    for (const route of shown.filter(({ who }) => who === 'admin')) await call(nameOf(route), { token: readKey })
  })

  it('to parameters and bodies that are none', async () => {
    for (const route of shown.filter(({ query }) => query)) {
      const operation = document.paths[route.path.replace(/:(\w+)/g, '{$1}')]![route.method.toLowerCase()]!
      const { name } = operation.parameters.findLast((each) => each.in === 'query')!
      for (const value of ['x'.repeat(3000), '-']) await call(nameOf(route), { path: `${route.path}?${name}=${value}` })
    }
    for (const route of shown.filter(({ body }) => body)) await call(nameOf(route), { body: '{' })
  })

  it('of visitors', async () => {
    await call('GET /api/visitors')
    const { nextCursor } = (await collector.admin<{ nextCursor: string }>('/api/visitors?limit=1')).body
    const other = { ...JSON.parse(Buffer.from(nextCursor, 'base64url').toString()), model: 9 }
    await call('GET /api/visitors', {
      path: `/api/visitors?cursor=${Buffer.from(JSON.stringify(other)).toString('base64url')}`,
    })
    await call('GET /api/trends', { path: '/api/trends?ids=x,y' })
    for (const tail of ['', '/explain', '/history', '/timeline'])
      for (const [who, query] of [
        ['ann', ''],
        ['nobody', ''],
        ['ann', '?model=99'],
      ])
        await call(`GET /api/visitors/:id${tail}`, { path: `/api/visitors/${who}${tail}${query}` })
    for (const who of ['bob', 'nobody']) {
      await call('POST /api/visitors/:id/feedback', {
        path: `/api/visitors/${who}/feedback`,
        body: { verdict: 'contacted' },
      })
      const adjust = { points: 3, group: 'engage', reason: 'met' }
      await call('POST /api/visitors/:id/adjust', { path: `/api/visitors/${who}/adjust`, body: adjust })
    }
    const unmerge = (who: string) => call('POST /api/visitors/:id/unmerge', { path: `/api/visitors/${who}/unmerge` })
    await unmerge('nobody')
    await unmerge('ann')
    const merge = (from: string, into: string) => call('POST /api/visitors/merge', { body: { from, into } })
    await merge('nobody', 'ann')
    await merge('bob', 'ann')
    await merge('bob', 'ann')
    await unmerge('ann')
  })

  it('of the packet for sales, in every form', async () => {
    const name = 'GET /api/visitors/:id/handoff'
    for (const path of ['/api/visitors/ann/handoff', '/api/visitors/nobody/handoff']) await call(name, { path })
    for (const accept of ['text/html', 'text/markdown'])
      await call(name, { path: '/api/visitors/ann/handoff', headers: { accept } })
    const forms = shown.flatMap((each) =>
      Object.values(each.answers).flatMap(({ texts = [] }) => texts.map((type) => `${nameOf(each)} ${type}`)),
    )
    expect(forms.length).toBeGreaterThan(0)
    expect(forms.filter((form) => !seenTypes.has(form))).toEqual([])
  })

  it('of what is held of a person, and its end', async () => {
    for (const who of ['ann', 'nobody'])
      await call('GET /api/visitors/:id/export', { path: `/api/visitors/${who}/export` })
    const body = beacon(collector.key(), [{ type: 'page', url: 'https://www.acme.example/' }], { visitor: 'carl' })
    await collector.ask('/e', { method: 'POST', headers: BROWSER, body })
    for (const who of ['carl', 'nobody']) await call('DELETE /api/visitors/:id', { path: `/api/visitors/${who}` })
    await call('GET /api/audit')
  })

  it('of companies, reports, the stream, health and what was refused', async () => {
    await call('GET /api/accounts')
    for (const id of ['acme.co', 'nobody']) await call('GET /api/accounts/:id', { path: `/api/accounts/${id}` })
    for (const { path } of shown.filter((each) => each.path.startsWith('/api/reports/'))) await call(`GET ${path}`)
    for (const path of [
      '/api/live',
      '/api/rejected',
      '/api/export.csv',
      '/api/export.ndjson',
      '/healthz',
      '/readyz',
      '/metrics',
      '/api/openapi.json',
      '/api/docs',
    ])
      await call(`GET ${path}`)
    await call('GET /leadlight.js')
    const etag = (await collector.ask('/leadlight.js')).headers.get('etag')!
    await call('GET /leadlight.js', { headers: { 'if-none-match': etag } })
  })

  it('of sites and keys', async () => {
    await call('GET /api/sites')
    await call('POST /api/sites', { body: { name: 'shop' } })
    await call('POST /api/sites', { body: { name: 'shop' } })
    for (const name of ['shop', 'nothing'])
      await call('PATCH /api/sites/:name', { path: `/api/sites/${name}`, body: { origins: ['www.shop.example'] } })
    await call('GET /api/keys')
    const { body } = await call('POST /api/keys', { body: { kind: 'write', site: 'shop' } })
    await call('POST /api/keys', { body: { kind: 'write', site: 'nothing' } })
    const id = (body as { id: string }).id
    for (const key of [id, 'nothing'])
      await call('PATCH /api/keys/:id', { path: `/api/keys/${key}`, body: { label: 'shop' } })
    for (let times = 0; times < 2; times += 1) await call('DELETE /api/keys/:id', { path: `/api/keys/${id}` })
    await call('POST /api/signin')
  })

  it('of made-up visitors, and of sites that go', async () => {
    await call('POST /api/sample', { body: { people: 1, days: 1 } })
    for (let times = 0; times < 2; times += 1) await call('DELETE /api/sample')
    const remove = (name: string, base = collector.url) =>
      call('DELETE /api/sites/:name', { path: `/api/sites/${name}`, base })
    await remove('demo')
    await remove('demo')
    await call('POST /api/sample', { body: { site: 'demo' } })
    const small = await startCollector()
    try {
      for (const { name } of small.running.sites()) await remove(name, small.url)
    } finally {
      await small.end()
    }
  })

  it('of webhooks', async () => {
    const make = (body: object) => call('POST /api/webhooks', { body })
    const { body } = await make({ url: sink.url })
    const id = (body as { id: string }).id
    const unfit = [{ url: 'ftp://x.example' }, { url: sink.url, site: 'nothing' }, { kind: 'pigeon' }]
    const codes = await Promise.all(unfit.map(async (each) => ((await make(each)).body as Failure).error.code))
    expect(codes).toEqual(['destination', 'no_site', 'bad_request'])
    await call('GET /api/webhooks')
    const every = async (name: string, given: Call = {}) => {
      for (const which of [id, 'nothing'])
        await call(name, { path: name.split(' ')[1]!.replace(':id', which), ...given })
    }
    await every('GET /api/webhooks/:id')
    await every('POST /api/webhooks/:id/test')
    const { received } = sink
    expect(received.map((each) => JSON.parse(each.body).type)).toEqual(['webhook.test'])
    await every('GET /api/webhooks/:id/deliveries')
    await every('PATCH /api/webhooks/:id', { body: { rotate: true } })
    await every('PATCH /api/webhooks/:id', { body: '{' })
    await every('POST /api/webhooks/:id/redeliver')
    await every('POST /api/webhooks/:id/redeliver', { body: { id: `msg_${'0'.repeat(32)}` } })
    await every('POST /api/webhooks/:id/redeliver', { body: '{' })
    await every('PATCH /api/webhooks/:id', { body: { enabled: false } })
    await every('POST /api/webhooks/:id/redeliver')
    await every('DELETE /api/webhooks/:id')
  })

  it('of models', async () => {
    for (const path of ['/api/models', '/api/models/schema.json', '/api/models/presets']) await call(`GET ${path}`)
    for (const v of ['active', '99']) await call('GET /api/models/:v', { path: `/api/models/${v}` })
    const preset = { preset: 'saas' }
    for (const body of [preset, { model: {} }]) await call('POST /api/models', { body })
    await call('POST /api/models', { body: preset })
    await call('POST /api/models/validate', { body: { model: presetNamed('shop') } })
    await call('POST /api/models/validate', { body: '{' })
    const deed = async (
      what: string,
      v: string | number,
      { body, wait = 20 }: { body?: unknown; wait?: number } = {},
    ) => {
      const answer = await call(`POST /api/models/:v/${what}`, { path: `/api/models/${v}/${what}?wait=${wait}`, body })
      if (answer.status === 202) jobs.push((answer.body as { id: string }).id)
    }
    for (const what of ['simulate', 'publish', 'revert']) await deed(what, 99, { body: { reason: 'x' } })
    const reason = { reason: 'better' }
    await Promise.all([deed('simulate', 2, { wait: 0 }), deed('simulate', 3)])
    await settled()
    await deed('simulate', 2)
    await deed('publish', 2, { body: {} })
    await deed('publish', 1, { body: reason })
    await Promise.all([deed('publish', 2, { body: reason, wait: 0 }), deed('publish', 3, { body: reason })])
    await settled()
    await deed('publish', 3, { body: reason })
    await deed('revert', 1, { body: '{"x":1}' })
    await deed('revert', 3, { body: reason })
    await collector.admin('/api/models', 'POST', preset)
    const { version } = (await collector.admin<{ version: number }>('/api/models', 'POST', preset)).body
    await deed('revert', version)
    await Promise.all([deed('revert', 2, { wait: 0 }), deed('revert', 1)])
    await settled()
    const job = (await collector.admin<{ id: string }>('/api/models/2/simulate?wait=20', 'POST')).body.id
    for (const id of [job, 'nothing']) await call('GET /api/models/jobs/:id', { path: `/api/models/jobs/${id}` })
  }, 60_000)

  it('to who sends events', async () => {
    const shop = collector.key('shop')
    await call('GET /v1/projects/:key/settings', { path: `/v1/projects/${shop}/settings` })
    await call('GET /v1/projects/:key/settings', { path: '/v1/projects/nothing/settings' })
    for (const route of shown.filter(isOfEvents)) {
      const name = nameOf(route)
      const send = (body: unknown, headers: Record<string, string> = {}) => call(name, { body, headers, token: '' })
      const isSnippet = route.who === 'site'
      const good = isSnippet
        ? beacon(collector.key(), [])
        : JSON.stringify({ writeKey, batch: [], event: 'x', userId: 'u' })
      await send(good, BROWSER)
      for (const unfit of ['{', '[]']) await send(unfit, { authorization: basic(writeKey) })
      await send(isSnippet ? beacon('unknown', []) : '{"writeKey":"unknown","batch":[],"event":"x"}')
      const elsewhere = { ...BROWSER, origin: 'https://evil.example' }
      await send(isSnippet ? beacon(shop, []) : JSON.stringify({ writeKey: shop, batch: [], event: 'x' }), elsewhere)
      await send('x'.repeat(600_000), { authorization: basic(writeKey) })
      await send(good, { 'content-encoding': 'zip' })
    }
  })

  it('to who sends too much', async () => {
    const narrow = await startCollector({ LEADLIGHT_TRUST_PROXY: 'on', LEADLIGHT_RATE_ADDRESS: '1' })
    try {
      const body = beacon(narrow.key(), [])
      const headers = { ...BROWSER, 'x-forwarded-for': '203.0.113.9' }
      for (let n = 0; n < 3; n += 1) await narrow.ask('/e', { method: 'POST', headers, body })
      for (const route of shown.filter(isOfEvents))
        await call(nameOf(route), { base: narrow.url, body, headers, token: '' })
    } finally {
      await narrow.end()
    }
  })

  it('of a body that cannot be read', async () => {
    for (const route of shown.filter((each) => !isOfEvents(each) && (each.body ?? each.takes))) {
      const path = route.path.replace(/:\w+/, 'nobody')
      expect(await call(nameOf(route), { path, body: '{' })).toMatchObject({ body: { error: { code: 'bad_json' } } })
      expect(await call(nameOf(route), { path, body: ' '.repeat(600_000) })).toMatchObject({ status: 413 })
      const headers = { 'content-encoding': 'br' }
      expect(await call(nameOf(route), { path, body: '{}', headers })).toMatchObject({ status: 415 })
    }
  })

  it.skipIf(isOnPostgres)(
    'while nothing can be written',
    async () => {
      const other = new Database(join(collector.folder, 'test.db'))
      const { version } = (await collector.admin<{ version: number }>('/api/models', 'POST', { preset: 'agency' })).body
      other.exec('BEGIN IMMEDIATE')
      try {
        const sent = shown.filter(isOfEvents).map((route) => {
          const body =
            route.who === 'site'
              ? beacon(collector.key(), [{ type: 'page', url: 'https://www.acme.example/' }])
              : { writeKey, event: 'x', userId: 'u', batch: [{ type: 'track', event: 'x', userId: 'u' }] }
          return call(nameOf(route), { body, headers: BROWSER, token: '' })
        })
        const publish = { path: `/api/models/${version}/publish?wait=20`, body: { reason: 'x' } }
        await Promise.all([...sent, call('POST /api/models/:v/publish', publish)])
        await call('GET /readyz')
        await call('POST /api/models/:v/revert', { path: '/api/models/1/revert?wait=20' })
      } finally {
        other.exec('ROLLBACK')
        other.close()
      }
    },
    60_000,
  )

  // What is answered while nothing can be written is seen where a file can be locked.
  it.skipIf(isOnPostgres)('was seen, and none that is not told', () => {
    const told = Object.fromEntries(shown.map((route) => [nameOf(route), toldOf(route)]))
    const found = Object.fromEntries([...seen].map(([name, statuses]) => [name, [...statuses].toSorted()]))
    expect(found).toEqual(told)
  })
})

/** Until every job that was begun has ended. */
const settled = async (): Promise<void> => {
  for (const id of jobs.splice(0))
    for (let state = 'running'; state === 'running'; await new Promise((resolve) => setTimeout(resolve, 50)))
      state = (await collector.admin<{ state: string }>(`/api/models/jobs/${id}`)).body.state
}

describe('the page', () => {
  it('needs nothing but itself and its style', async () => {
    const { status, text, headers } = await collector.ask('/api/docs')
    expect(status).toBe(200)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect([...text.matchAll(/(?:src|href)="([^"#]*)"/g)].map(([, to]) => to)).toEqual(
      ['/api/docs.css', '/api/openapi.json'].toSorted(),
    )
    expect(text).not.toMatch(/<script|\s(style|on\w+)=|https?:\/\//)
    for (const { path } of shown) expect(text).toContain(path.replace(/:(\w+)/g, '{$1}'))
    const targets = [...text.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id!)
    expect(targets.filter((id) => !text.includes(`id="${id}"`))).toEqual([])
  })
})
