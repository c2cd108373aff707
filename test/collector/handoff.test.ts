/** `GET /api/visitors/:id/handoff`: the packet as data, as a mail, as Markdown. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Packet } from '../../shared/packet.ts'
import { basic, type Collector, startCollector } from './collector.ts'

let collector: Collector
let reader: string
beforeAll(async () => {
  collector = await startCollector({ LEADLIGHT_PUBLIC_URL: 'https://leads.example.com' })
  const [write, read] = await Promise.all(
    ['write', 'read'].map((kind) => collector.admin<{ secret: string }>('/api/keys', 'POST', { kind })),
  )
  reader = read!.body.secret
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
  const common = { userId: 'ann', context: {} }
  await collector.ask('/v1/batch', {
    method: 'POST',
    headers: { authorization: basic(write!.body.secret) },
    body: JSON.stringify({
      batch: [
        {
          ...common,
          type: 'page',
          messageId: '1',
          timestamp: ago(50),
          properties: { title: '<b>Prices</b>', url: 'https://x.example/pricing' },
        },
        {
          ...common,
          type: 'identify',
          messageId: '2',
          timestamp: ago(40),
          traits: { email: 'ann@acme.example', name: '<img src=x>' },
        },
        { ...common, type: 'track', messageId: '3', timestamp: ago(30), event: 'demo_request' },
      ],
    }),
  })
})
afterAll(() => collector.end())

const ask = (path = '', headers = {}) =>
  collector.ask<Packet>(`/api/visitors/ann/handoff${path}`, { token: reader, headers })

it('is JSON by default, for a reader too', async () => {
  const { status, headers, body } = await ask()
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json'])
  expect(body).toMatchObject({ qualification: 'sql', who: { email: 'ann@acme.example' }, owner: null })
  expect(body.link).toMatch(/^https:\/\/leads\.example\.com\/#\/visitors\/[0-9a-f]{32}$/)
})

it.each([
  [
    '?format=html',
    {},
    'text/html; charset=UTF-8',
    '<h1 style="font:600 22px sans-serif">SQL ?2: &lt;img src=x&gt;</h1>',
  ],
  [
    '',
    { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' },
    'text/html; charset=UTF-8',
    '&lt;b&gt;Prices&lt;/b&gt;',
  ],
  ['?format=markdown', {}, 'text/markdown; charset=utf-8', '# SQL \\?2\\: \\<img src\\=x\\>'],
  ['', { accept: 'text/markdown' }, 'text/markdown; charset=utf-8', '\\<b\\>Prices\\<\\/b\\>'],
])('can be read: %s %o', async (path, headers, type, text) => {
  const answer = await ask(path, headers)
  expect(answer.headers.get('content-type')).toBe(type)
  expect(answer.text).toContain(text)
  expect(answer.text).not.toMatch(/(?<!\\)<(img|b>Pri)/)
  if (type.startsWith('text/html')) expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
})

it('is that of a past instant, where it is asked for', async () => {
  const at = new Date(Date.now() - 45 * 60_000).toISOString()
  expect((await ask(`?at=${at}`)).body).toMatchObject({ qualification: 'anonymous', who: {} })
  expect((await ask('?at=2001-01-01')).status).toBe(404)
})

it.each([
  ['/api/visitors/nobody/handoff', 404],
  ['/api/visitors/ann/handoff?format=pdf', 400],
  ['/api/visitors/ann/handoff?at=soon', 400],
  ['/api/visitors/ann/handoff?site=demo', 404],
])('%s: %d', async (path, status) => {
  expect((await collector.ask(path, { token: reader })).status).toBe(status)
  expect((await collector.ask(path)).status).toBe(401)
})

it('tells whose they are, by the routing of the model', async () => {
  const { body } = await collector.admin<{ version: number }>('/api/models', 'POST', {
    patch: {
      routing: {
        owners: [{ id: 'ada', name: 'Ada' }],
        rules: [{ when: { account: ['acme.example'] }, owners: ['ada'] }],
      },
    },
    reason: 'route',
  })
  await collector.admin(`/api/models/${body.version}/publish?wait=10`, 'POST', { approver: 'eve', reason: 'route' })
  for (let tries = 0; tries < 200; tries++) {
    if ((await ask()).body.owner) break
    await new Promise((go) => setTimeout(go, 20))
  }
  expect((await ask()).body.owner).toEqual({ id: 'ada', name: 'Ada' })
  const visitor = await collector.admin<{ owner: unknown }>('/api/visitors/ann')
  expect(visitor.body.owner).toEqual({ id: 'ada', name: 'Ada' })
  expect((await ask('?format=markdown')).text).toContain('**owner** Ada')
})
