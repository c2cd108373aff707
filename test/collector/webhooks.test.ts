/** `/api/webhooks`: set up by those who may, checked wherever they are used, secrets told once. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSeal } from '../../collector/seal.ts'
import type { Timeline } from '../../shared/answer.ts'
import { isOnPostgres } from '../database.ts'
import { openSink, type Sink } from '../outbox/sink.ts'
import { PRIVATE, UNFIT } from '../outbox/spellings.ts'
import { BROWSER, basic, beacon, type Collector, startCollector } from './collector.ts'
import { rowsOf } from './traces.ts'

interface View {
  readonly id: string
  readonly secret?: string
  readonly state: string
  readonly url: string | null
  readonly types: readonly string[]
  readonly site: string | null
  readonly deliveries: { readonly pending: number; readonly delivered: number; readonly dead: number }
}
interface Deliveries {
  readonly items: readonly {
    readonly id: string
    readonly type: string
    readonly state: string
    readonly outcome: string | null
  }[]
  readonly nextCursor: string | null
}
interface Failed {
  readonly error: { readonly code: string; readonly message: string }
}

const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  for (let waited = 0; !(await isSo()) && waited < 10_000; waited += 5) await new Promise((go) => setTimeout(go, 5))
}

/** Asks for a demo and says who they are, as the snippet would. */
const raiseHand = (collector: Collector, email: string) =>
  collector.ask('/e', {
    method: 'POST',
    headers: BROWSER,
    body: beacon(
      collector.key(),
      [{ type: 'form', form: 'demo', step: 'submit', signal: 'demo_request', traits: { email } }],
      { visitor: Buffer.from(email.padEnd(16)).toString('hex').slice(0, 32) },
    ),
  })

describe('a webhook', () => {
  let collector: Collector
  let sink: Sink
  beforeEach(async () => {
    sink = await openSink()
    collector = await startCollector({ LEADLIGHT_ALLOW_PRIVATE_WEBHOOKS: 'on' })
  })
  afterEach(async () => {
    await collector.end()
    await sink.close()
    expect(collector.problems).toEqual([])
  })
  const add = async (fields: object = {}) =>
    (await collector.admin<View>('/api/webhooks', 'POST', { url: sink.url, ...fields })).body

  it('gets what happens, signed with the secret that was told once', async () => {
    const { id, secret } = await add()
    await raiseHand(collector, 'ann@acme.example')
    await until(() => sink.received.length >= 6)
    const handoff = sink.received.find(({ body }) => JSON.parse(body).type === 'lead.handoff')!
    const told = new Webhook(secret!).verify(handoff.body, handoff.headers as Record<string, string>)
    expect(told).toMatchObject({ data: { visitor: { qualification: 'sql' }, packet: { qualification: 'sql' } } })
    await until(async () => (await collector.admin<View>(`/api/webhooks/${id}`)).body.deliveries.delivered === 6)
    const { body } = await collector.admin<Deliveries>(`/api/webhooks/${id}/deliveries?limit=4`)
    expect(body.items).toHaveLength(4)
    const rest = await collector.admin<Deliveries>(`/api/webhooks/${id}/deliveries?cursor=${body.nextCursor}`)
    const ids = [...body.items, ...rest.body.items].map((item) => item.id)
    expect(new Set(ids).size).toBe(6)
    expect(ids.toSorted()).toEqual(sink.received.map(({ headers }) => String(headers['webhook-id'])).toSorted())
  })

  it('is in the timeline of whom it was told of: to whom, and what became of it, never the words', async () => {
    const { secret } = await add({ label: 'CRM', types: ['lead.handoff'] })
    const dead = await add({ url: `${sink.url}/dead`, types: ['lead.handoff', 'visitor.identified'] })
    sink.answer = (response, _, { path }) => response.writeHead(path.endsWith('/dead') ? 500 : 204).end()
    await raiseHand(collector, 'ann@acme.example')
    await raiseHand(collector, 'bob@acme.example')
    const told = async (who: string) => {
      const { body, text } = await collector.admin<Timeline>(`/api/visitors/${who}/timeline`)
      for (const never of [secret!, sink.url, 'packet']) expect(text).not.toContain(never)
      return body.items.flatMap((item) => (item.kind === 'handoff' ? [item] : []))
    }
    await until(async () => (await told('ann@acme.example'))[0]!.deliveries[0]!.state === 'delivered')
    const items = await told('ann@acme.example')
    expect(items).toMatchObject([
      {
        type: 'lead.handoff',
        deliveries: [
          { label: 'CRM', state: 'delivered' },
          { label: '', state: 'pending' },
        ],
      },
      { type: 'visitor.identified', deliveries: [{ kind: 'webhook', label: '', state: 'pending' }] },
    ])
    const ids = (await collector.admin<Deliveries>(`/api/webhooks/${dead.id}/deliveries`)).body.items.map(
      ({ id }) => id,
    )
    const both = [...items, ...(await told('bob@acme.example'))]
    expect(both.map((item) => item.id).toSorted()).toEqual(ids.toSorted())
    await collector.admin(`/api/webhooks/${dead.id}`, 'DELETE')
    expect((await told('ann@acme.example')).map(({ deliveries }) => deliveries.length)).toEqual([1, 0])
    await collector.admin('/api/visitors/merge', 'POST', { from: 'bob@acme.example', into: 'ann@acme.example' })
    expect((await told('ann@acme.example')).map((item) => item.id).toSorted()).toEqual(ids.toSorted())
  })

  it('is in the timeline above what it tells of, and on one page of it', async () => {
    await add({ types: ['lead.handoff'] })
    await raiseHand(collector, 'ann@acme.example')
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const path: string = `/api/visitors/ann@acme.example/timeline?limit=1${cursor && `&cursor=${cursor}`}`
      const { body } = await collector.admin<Timeline>(path)
      seen.push(...body.items.map(({ kind }) => kind))
      cursor = body.nextCursor
    }
    expect(seen[0]).toBe('handoff')
    expect(seen.filter((kind) => kind === 'handoff')).toHaveLength(1)
    expect(seen.slice(1)).toContain('transition')
    expect(seen.at(-1)).toBe('event')
  })

  it('tells its secret when it is made and never again', async () => {
    const { id, secret } = await add()
    expect(secret).toMatch(/^whsec_/)
    for (const path of ['/api/webhooks', `/api/webhooks/${id}`, `/api/webhooks/${id}/deliveries`])
      expect((await collector.admin(path)).text).not.toContain(secret)
    const kept = isOnPostgres
      ? (await rowsOf(collector)).map(({ text }) => text)
      : readdirSync(collector.folder)
          .filter((name) => name.startsWith('test.db'))
          .map((name) => readFileSync(join(collector.folder, name), 'latin1'))
    expect(kept.some((text) => text.includes(id))).toBe(true)
    expect(kept.filter((text) => text.includes(secret!.slice(6)) || text.includes(sink.url))).toEqual([])
    // Where it is not given.
    if (!isOnPostgres) expect(statSync(join(collector.folder, 'secret-key')).mode & 0o777).toBe(0o600)
  })

  it('is signed for with both secrets after a change of them', async () => {
    const { id, secret } = await add({ types: ['lead.handoff'] })
    const changed = await collector.admin<View>(`/api/webhooks/${id}`, 'PATCH', { rotate: true })
    expect(changed.body.secret).toMatch(/^whsec_/)
    expect(changed.body.secret).not.toBe(secret)
    await raiseHand(collector, 'ann@acme.example')
    await until(() => sink.received.length > 0)
    const { body, headers } = sink.received[0]!
    for (const each of [secret!, changed.body.secret!])
      expect(new Webhook(each).verify(body, headers as Record<string, string>)).toBeTypeOf('object')
  })

  it('gets what it asked for: types, a site', async () => {
    const other = await collector.admin('/api/sites', 'POST', { name: 'other' })
    expect(other.status).toBe(201)
    const { id } = await add({ types: ['lead.handoff'], site: 'other' })
    await raiseHand(collector, 'ann@acme.example')
    const everywhere = await collector.admin<View>(`/api/webhooks/${id}`, 'PATCH', { site: null })
    expect(everywhere.body.site).toBeNull()
    await raiseHand(collector, 'bob@acme.example')
    await until(() => sink.received.length > 0)
    expect(sink.received.map(({ body }) => JSON.parse(body).data.visitor.traits.email)).toEqual(['bob@acme.example'])
  })

  it('switched off gets nothing, and refuses to redeliver until it is on', async () => {
    const { id } = await add({ types: ['lead.handoff'] })
    await collector.admin(`/api/webhooks/${id}`, 'PATCH', { enabled: false })
    await raiseHand(collector, 'ann@acme.example')
    expect((await collector.admin<Failed>(`/api/webhooks/${id}/redeliver`, 'POST')).body.error.code).toBe(
      'switched_off',
    )
    await collector.admin(`/api/webhooks/${id}`, 'PATCH', { enabled: true })
    expect((await collector.admin(`/api/webhooks/${id}/redeliver`, 'POST')).body).toEqual({ redelivered: 0 })
    for (const body of ['nonsense', { id: 'x' }, { all: true }])
      expect((await collector.admin(`/api/webhooks/${id}/redeliver`, 'POST', body)).status).toBe(400)
    expect(sink.received).toEqual([])
  })

  it('can be tried out at once, with a message that is marked as a test', async () => {
    const { id, secret } = await add()
    const tested = await collector.admin(`/api/webhooks/${id}/test`, 'POST')
    expect(tested.body).toEqual({ delivered: true, outcome: 'answered 204' })
    const { body, headers } = sink.received[0]!
    expect(new Webhook(secret!).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'webhook.test',
      data: { packet: { who: { email: 'test@example.com' } } },
    })
    sink.answer = (response) => response.writeHead(302, { location: '/' }).end()
    expect((await collector.admin(`/api/webhooks/${id}/test`, 'POST')).body).toMatchObject({ delivered: false })
  })

  it('is gone when it is deleted, with what was on its way', async () => {
    const { id } = await add()
    sink.answer = (response) => response.writeHead(500).end()
    await raiseHand(collector, 'ann@acme.example')
    expect((await collector.admin(`/api/webhooks/${id}`, 'DELETE')).status).toBe(204)
    for (const [path, method] of [
      ['', 'GET'],
      ['', 'DELETE'],
      ['/test', 'POST'],
      ['/deliveries', 'GET'],
      ['/redeliver', 'POST'],
    ] as const)
      expect((await collector.admin(`/api/webhooks/${id}${path}`, method)).status).toBe(404)
  })

  it('may be of another kind: leads alone to Slack, whose address is not shown again', async () => {
    sink.answer = (response) => response.writeHead(200).end('ok')
    const made = await collector.admin<View>('/api/webhooks', 'POST', { kind: 'slack', url: sink.url })
    expect(made.body).toMatchObject({
      ...{ kind: 'slack', types: ['lead.handoff', 'lead.sla_breached'] },
      url: `http://127.0.0.1:${sink.port}/…`,
    })
    expect(made.body).not.toHaveProperty('secret')
    await raiseHand(collector, 'ann@acme.example')
    await until(() => sink.received.length > 0)
    expect(JSON.parse(sink.received[0]!.body).text).toBe('New SQL: ann@acme.example')
    const changed = await collector.admin<View>(`/api/webhooks/${made.body.id}`, 'PATCH', { label: 'Sales' })
    expect(changed.body).toMatchObject({ label: 'Sales', url: `http://127.0.0.1:${sink.port}/…` })
  })

  it('keeps what a change does not name', async () => {
    const salesforce = { kind: 'salesforce', url: sink.url, clientId: 'id-1', clientSecret: 'secret-1' }
    const { body } = await collector.admin<View>('/api/webhooks', 'POST', salesforce)
    await collector.admin(`/api/webhooks/${body.id}`, 'PATCH', { clientId: 'id-2' })
    sink.answer = (response) => response.writeHead(400).end()
    await collector.admin(`/api/webhooks/${body.id}/test`, 'POST')
    expect(sink.received[0]!.body).toBe('grant_type=client_credentials&client_id=id-2&client_secret=secret-1')
    expect((await collector.admin('/api/webhooks')).text).not.toMatch(/secret-1|id-2/)
  })

  it('hears nothing of imported history, nor of a change of model', async () => {
    const { id } = await add()
    const key = await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'write' })
    const timestamp = new Date(Date.now() - 40 * 86_400_000).toISOString()
    const batch = [
      { type: 'identify', userId: 'old', messageId: 'm1', timestamp, traits: { email: 'old@acme.example' } },
      { type: 'track', userId: 'old', messageId: 'm2', timestamp, event: 'demo_request' },
    ]
    const imported = await collector.ask('/v1/import', {
      method: 'POST',
      headers: { authorization: basic(key.body.secret) },
      body: JSON.stringify({ batch }),
    })
    expect(imported.body.accepted).toBe(2)
    const draft = await collector.admin<{ version: number }>('/api/models', 'POST', { preset: 'short', reason: 'try' })
    const published = await collector.admin(`/api/models/${draft.body.version}/publish`, 'POST', {
      approver: 'eve',
      reason: 'try',
    })
    expect(published.status).toBeLessThan(300)
    await until(
      async () =>
        (await collector.admin<{ modelVersion: number }>('/api/visitors/old')).body.modelVersion === draft.body.version,
    )
    const { body } = await collector.admin<{ items: { cause?: string }[] }>('/api/visitors/old/timeline')
    expect(body.items.some(({ cause }) => cause === 'live')).toBe(true)
    expect((await collector.admin<Deliveries>(`/api/webhooks/${id}/deliveries`)).body.items).toEqual([])
  })
})

describe('a request for a webhook', () => {
  let collector: Collector
  beforeAll(async () => {
    collector = await startCollector()
  })
  afterAll(() => collector.end())

  it.each([
    [{}, 'url'],
    [{ url: 5 }, 'url'],
    [{ url: 'https://example.com', kind: 'carrier-pigeon' }, 'kind'],
    [{ url: 'https://example.com', types: [] }, 'types'],
    [{ url: 'https://example.com', types: ['lead.handoff', 'lead.handoff'] }, 'types'],
    [{ url: 'https://example.com', types: ['visitor.teleported'] }, 'types'],
    [{ url: 'https://example.com', types: { length: { valueOf: 1 } } }, 'types'],
    [{ url: 'https://example.com', label: 'two\nlines' }, 'label'],
    [{ url: 'https://example.com', secret: 'mine' }, ''],
    [[], ''],
    ['https://example.com', ''],
  ])('is not made of %j', async (body, path) => {
    const answer = await collector.admin<{ error: { code: string; details: { path: string }[] } }>(
      '/api/webhooks',
      'POST',
      body,
    )
    expect(answer.status).toBe(400)
    expect(answer.body.error.details.map((each) => each.path.split('.')[0])).toContain(path)
  })

  it('is not made for a site that is not there', async () => {
    const { status, body } = await collector.admin<Failed>('/api/webhooks', 'POST', {
      url: 'https://1.1.1.1',
      site: 'nowhere',
    })
    expect([status, body.error.code]).toEqual([400, 'no_site'])
  })

  it('is the administrator’s alone', async () => {
    const { body } = await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'read' })
    for (const [path, method] of [
      ['/api/webhooks', 'GET'],
      ['/api/webhooks', 'POST'],
      ['/api/webhooks/x', 'GET'],
      ['/api/webhooks/x', 'PATCH'],
      ['/api/webhooks/x', 'DELETE'],
      ['/api/webhooks/x/test', 'POST'],
      ['/api/webhooks/x/deliveries', 'GET'],
      ['/api/webhooks/x/redeliver', 'POST'],
    ] as const) {
      expect((await collector.ask(path, { method })).status).toBe(401)
      expect((await collector.ask(path, { method, token: body.secret })).status).toBe(403)
    }
  })
})

describe('where private networks are not allowed', () => {
  let collector: Collector
  let sink: Sink
  beforeAll(async () => {
    sink = await openSink()
    collector = await startCollector()
  })
  afterAll(async () => {
    await collector.end()
    await sink.close()
  })
  const addresses = () => PRIVATE.map((text) => text.replace('PORT', String(sink.port)))

  it('no such address can be saved', async () => {
    for (const url of [...addresses(), ...UNFIT]) {
      const { status } = await collector.admin('/api/webhooks', 'POST', { url })
      expect([url, status]).toEqual([url, 400])
    }
    expect((await collector.admin<{ items: [] }>('/api/webhooks')).body.items).toEqual([])
  })

  it('nor put in the place of a good one', async () => {
    const { body } = await collector.admin<View>('/api/webhooks', 'POST', { url: 'https://1.1.1.1/hook' })
    for (const url of addresses())
      expect((await collector.admin(`/api/webhooks/${body.id}`, 'PATCH', { url })).status).toBe(400)
    expect((await collector.admin<View>(`/api/webhooks/${body.id}`)).body.url).toBe('https://1.1.1.1/hook')
    await collector.admin(`/api/webhooks/${body.id}`, 'DELETE')
  })

  it('and nobody was connected to', () => {
    expect(sink.connections()).toBe(0)
  })
})

describe('one that was saved when private networks were allowed', () => {
  it('is not sent to any more where they are not, neither as a test nor for real', async () => {
    const sink = await openSink()
    const allowing = await startCollector({ LEADLIGHT_ALLOW_PRIVATE_WEBHOOKS: 'on' })
    const { body } = await allowing.admin<View>('/api/webhooks', 'POST', { url: sink.url })
    await allowing.running.stop()
    const strict = await startCollector({}, allowing.folder)
    const tested = await strict.admin(`/api/webhooks/${body.id}/test`, 'POST')
    expect(tested.body).toMatchObject({ delivered: false })
    await raiseHand(strict, 'ann@acme.example')
    await until(async () => {
      const { items } = (await strict.admin<Deliveries>(`/api/webhooks/${body.id}/deliveries`)).body
      return items.length === 6 && items.every(({ outcome }) => outcome?.includes('not on the public internet'))
    })
    const { items } = (await strict.admin<Deliveries>(`/api/webhooks/${body.id}/deliveries`)).body
    expect(new Set(items.map(({ outcome }) => outcome)).size).toBe(1)
    expect(items[0]!.outcome).toContain('not on the public internet')
    expect(sink.connections()).toBe(0)
    await strict.end()
    await sink.close()
  })
})

describe('what is sealed', () => {
  it('opens with the same secret alone, and only unchanged', () => {
    const sealed = createSeal('one secret').close('whsec_x')
    expect(createSeal('one secret').open(sealed)).toBe('whsec_x')
    expect(createSeal('another').open(sealed)).toBeUndefined()
    const bytes = Buffer.from(sealed, 'base64')
    bytes[bytes.length - 1]! ^= 1
    expect(createSeal('one secret').open(bytes.toString('base64'))).toBeUndefined()
    expect(createSeal('one secret').open('')).toBeUndefined()
    expect(createSeal('one secret').close('whsec_x')).not.toBe(sealed)
  })
})
