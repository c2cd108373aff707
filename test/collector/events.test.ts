/** `POST /e` and `/v1/*`: every answer to the letter. */
import { request } from 'node:http'
import { connect } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ADMIN,
  type Answered,
  type Ask,
  BROWSER,
  basic,
  beacon,
  type Collector,
  newId,
  startCollector,
  type Verdict,
} from './collector.ts'

let collector: Collector
let secret: string
beforeAll(async () => {
  collector = await startCollector()
  const made = await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'write' })
  secret = made.body.secret
  await collector.admin('/api/sites', 'POST', { name: 'fenced', origins: ['www.Acme.example', 'localhost:3000'] })
  await collector.admin('/api/sites', 'POST', { name: 'asking', consent: 'required' })
  await collector.admin('/api/sites', 'POST', { name: 'telling', tellsStage: true })
})
afterAll(() => collector.end())

const send = (body: Ask['body'], headers: Record<string, string> = {}): Promise<Answered<Verdict>> =>
  collector.ask('/e', { method: 'POST', body, headers: { ...BROWSER, ...headers } })
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered<Verdict>> =>
  collector.ask(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers })
const page = (more: object = {}) => ({ type: 'page', url: 'https://www.acme.example/', ...more })
const failure = (status: number, code: string) => ({ status, body: { error: { code, message: expect.any(String) } } })

interface Listed {
  readonly items: readonly { readonly site: string | null; readonly code: string; readonly message: string }[]
  readonly counts: Readonly<Record<string, number>>
}
const rejected = async (): Promise<Listed> => (await collector.admin<Listed>('/api/rejected?limit=1')).body

describe('what the snippet sends', () => {
  it('is answered with a verdict for every event', async () => {
    const [bad, same] = [newId(), newId()]
    const events = [
      page({ id: same }),
      page({ id: bad, url: 7 }),
      page({ id: same }),
      { type: 'dance' },
      'text',
      page(),
    ]
    const body = JSON.stringify({ site: collector.key(), visitor: 'v'.repeat(32), sent: Date.now(), events })
    const { status, headers, body: answer } = await send(body.replaceAll('"type"', `"at":${Date.now()},"type"`))
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer).toEqual({
      accepted: 1,
      duplicate: 1,
      rejected: [
        { index: 1, id: bad, code: 'invalid', message: expect.any(String) },
        { index: 3, id: null, code: 'unknown_type', message: expect.any(String) },
        { index: 4, id: null, code: 'invalid', message: expect.any(String) },
        { index: 5, id: null, code: 'invalid', message: expect.any(String) },
      ],
    })
  })

  it('sent again is taken for what it is', async () => {
    const body = beacon(collector.key(), [page(), page()])
    expect((await send(body)).body).toEqual({ accepted: 2, duplicate: 0, rejected: [] })
    expect((await send(body)).body).toEqual({ accepted: 0, duplicate: 2, rejected: [] })
  })

  it('with no events, or with a text for none, is a body like others', async () => {
    expect((await send(beacon(collector.key(), []))).body).toEqual({ accepted: 0, duplicate: 0, rejected: [] })
    expect(await send(beacon(collector.key(), [], { events: 'none' }))).toMatchObject(failure(400, 'bad_body'))
  })

  it.each([
    ['no JSON', '{"site":', 400, 'bad_json'],
    ['nothing', '', 400, 'bad_json'],
    ['a list', '[]', 400, 'bad_body'],
    ['null', 'null', 400, 'bad_body'],
    ['no events', '{"site":"x"}', 400, 'bad_body'],
    ['no key', '{"events":[]}', 401, 'unknown_key'],
    ['an unknown key', '{"site":"nobody","events":[]}', 401, 'unknown_key'],
    ['a key of another kind', '{"site":7,"events":[]}', 401, 'unknown_key'],
  ])('of %s is refused and listed', async (_, body, status, code) => {
    const before = (await rejected()).counts[code] ?? 0
    expect(await send(body)).toMatchObject(failure(status, code))
    const { items, counts } = await rejected()
    expect(items[0]).toMatchObject({ code })
    expect(counts[code]).toBe(before + 1)
  })

  it.each([
    ['its own', 'https://www.acme.example', 200],
    ['its own, in capitals', 'https://WWW.ACME.example', 200],
    ['its own, with a port', 'http://localhost:3000', 200],
    ['another port', 'http://localhost:3001', 403],
    ['a lookalike', 'https://www.acme.example.evil.example', 403],
    ['one below', 'https://x.www.acme.example', 403],
    ['an opaque one', 'null', 403],
    ['rubbish', '://', 403],
  ])('from %s is let in, or is refused and listed', async (_, origin, status) => {
    const answer = await send(beacon(collector.key('fenced'), [page()]), { origin })
    expect(answer.status).toBe(status)
    if (status === 200) return
    expect(answer).toMatchObject(failure(403, 'origin'))
    expect((await rejected()).items[0]).toMatchObject({ site: 'fenced', code: 'origin' })
  })

  it('never speaks with the word of a server, whatever key it shows', async () => {
    const won = { type: 'track', name: 'won' }
    const { body } = await send(beacon(collector.key(), [won]), { authorization: basic(secret) })
    expect(body.rejected).toMatchObject([{ code: 'not_allowed' }])
  })

  it('waits for consent where the site asks, in the order in which things were sent', async () => {
    const key = collector.key('asking')
    const say = (visitor: string, event: object) => send(beacon(key, [event], { visitor }))
    expect((await say('a', page())).body.rejected).toMatchObject([{ code: 'consent' }])
    const at = Date.now()
    const both = await Promise.all([
      say('b', { type: 'consent', state: 'granted', at: at - 9 }),
      say('b', page({ at })),
    ])
    expect(both.map(({ body }) => body.accepted)).toEqual([1, 1])
    const back = [say('b', { type: 'consent', state: 'denied' }), say('b', page())]
    expect((await Promise.all(back)).map(({ body }) => body.accepted)).toEqual([1, 0])
  })

  it.each([
    ['sec-gpc', '1', 'opted_out'],
    ['dnt', '1', 'opted_out'],
    ['dnt', '0', undefined],
  ])('under %s: %s becomes %s', async (name, value, code) => {
    const { body } = await send(beacon(collector.key(), [page()]), { [name]: value })
    expect(body.rejected.map((each) => each.code)).toEqual(code ? [code] : [])
  })

  it('is stored without a score when a program sends it', async () => {
    const visitor = 'b07b07b07b07b07b07b07b07b07b07b0'
    const body = beacon(collector.key(), [page({ signal: 'pricing' })], { visitor })
    expect((await send(body, { 'user-agent': 'Googlebot/2.1' })).body.accepted).toBe(1)
    const found = await collector.admin<{ score: number; views: number; flags: string[] }>(`/api/visitors/${visitor}`)
    expect(found.body).toMatchObject({ score: 0, views: 0, flags: ['automated'] })
  })
})

describe("the visitor's own stage", () => {
  const tell = (visitor: string, ...events: readonly object[]) =>
    send(beacon(collector.key('telling'), events, { visitor }))
  const said = async (...told: Parameters<typeof tell>) => (await tell(...told)).body
  const demo = { type: 'form', form: 'demo', step: 'submit', signal: 'demo_request' }
  const ann = { type: 'identify', traits: { email: 'ann@acme.example' } }

  it('is told where the site opted in, and nothing else is', async () => {
    expect(await said('stage-a', page())).toEqual({ accepted: 1, duplicate: 0, rejected: [], stage: 'awareness' })
    expect(await said('stage-a', demo)).toEqual({ accepted: 1, duplicate: 0, rejected: [], stage: 'intent' })
    expect(await said('stage-b', page())).toMatchObject({ stage: 'awareness' })
    expect((await send(beacon(collector.key(), [page()]))).body).not.toHaveProperty('stage')
  })

  it('is not told of a person whom a browser only claims to be', async () => {
    expect(await said('stage-c', demo)).toMatchObject({ stage: 'intent' })
    expect(await said('stage-c', ann)).not.toHaveProperty('stage')
    expect(await said('stage-d', page())).toMatchObject({ stage: 'awareness' })
    expect(await said('stage-d', ann)).not.toHaveProperty('stage')
    expect(await said('stage-d', page())).not.toHaveProperty('stage')
  })

  it('is not told to who asks not to be tracked, nor to nobody', async () => {
    const optedOut = await send(beacon(collector.key('telling'), [page()], { visitor: 'stage-a' }), { 'sec-gpc': '1' })
    expect(optedOut.body).not.toHaveProperty('stage')
    expect(await said('stage-a')).toEqual({ accepted: 0, duplicate: 0, rejected: [] })
  })
})

describe('what SDKs send', () => {
  const track = () => ({ messageId: newId(), anonymousId: 'a', event: 'Product Added' })
  const calls: readonly (readonly [string, object])[] = [
    ['track', track()],
    ['page', { messageId: newId(), anonymousId: 'a', name: 'Home' }],
    ['screen', { messageId: newId(), anonymousId: 'a', name: 'Home' }],
    ['identify', { messageId: newId(), anonymousId: 'a', traits: { plan: 'pro' } }],
    ['group', { messageId: newId(), anonymousId: 'a', groupId: 'acme' }],
    ['alias', { messageId: newId(), previousId: 'a', userId: 'u' }],
    ['batch', { batch: [{ type: 'track', ...track() }] }],
    ['import', { batch: [{ type: 'track', ...track() }] }],
  ]
  const letters: readonly (readonly [string, object])[] = calls
    .filter(([kind]) => kind !== 'import')
    .map(([kind, call]) => [kind[0]!, call])

  it.each([...calls, ...letters])('to /v1/%s is taken, once', async (path, call) => {
    const body = JSON.stringify(call).replaceAll('event-', `${path}-event-`)
    const taken = await post(`/v1/${path}`, body, { authorization: basic(secret) })
    expect(taken).toMatchObject({ status: 200, body: { success: true, accepted: 1, duplicate: 0, rejected: [] } })
    const again = await post(`/v1/${path}`, body, { authorization: basic(secret) })
    expect(again).toMatchObject({ status: 200, body: { success: true, accepted: 0, duplicate: 1, rejected: [] } })
  })

  it.each(letters)('to /%s, where an address was given without a version', async (letter, call) => {
    const body = JSON.stringify(call).replaceAll('event-', `bare-${letter}-event-`)
    expect((await post(`/${letter}`, body, { authorization: basic(secret) })).body.success).toBe(true)
  })

  it.each<readonly [string, (key: string) => Record<string, string>, (key: string) => object]>([
    ['Basic, as a user name', (key) => ({ authorization: basic(key) }), () => ({})],
    ['Basic in small letters', (key) => ({ authorization: basic(key).replace('Basic', 'basic') }), () => ({})],
    ['Bearer', (key) => ({ authorization: `Bearer ${key}` }), () => ({})],
    ['the body', () => ({}), (writeKey) => ({ writeKey })],
    ['Basic, over another in the body', (key) => ({ authorization: basic(key) }), () => ({ writeKey: 'nobody' })],
  ])('shows its key by %s', async (_, headers, head) => {
    const won = () => ({ batch: [{ type: 'track', userId: 'u', messageId: newId(), event: 'won' }] })
    const bySecret = await post('/v1/batch', { ...won(), ...head(secret) }, headers(secret))
    expect(bySecret).toMatchObject({ status: 200, body: { accepted: 1 } })
    const key = collector.key()
    const byPublic = await post('/v1/batch', { ...won(), ...head(key) }, { ...BROWSER, ...headers(key) })
    expect(byPublic).toMatchObject({ status: 200, body: { accepted: 0, rejected: [{ code: 'not_allowed' }] } })
  })

  it.each([
    ['none', {}],
    ['an unknown one', { authorization: basic('nobody') }],
    ['an empty one', { authorization: basic('') }],
    ['no base64', { authorization: 'Basic %%%' }],
    ['another scheme', { authorization: `Digest ${'x'.repeat(40)}` }],
    ['text of no encoding', { authorization: `Basic ${Buffer.from([255, 254, 0, 58]).toString('base64')}` }],
  ])('with a key that is %s is refused and listed', async (_, headers) => {
    const before = (await rejected()).counts.unknown_key ?? 0
    expect(await post('/v1/track', track(), headers)).toMatchObject(failure(401, 'unknown_key'))
    expect((await rejected()).counts.unknown_key).toBe(before + 1)
  })

  it('may tell of the past with a secret key alone', async () => {
    const timestamp = '2020-02-02T00:00:00Z'
    const call = (userId: string) => ({ batch: [{ type: 'track', userId, messageId: newId(), event: 'x', timestamp }] })
    await post('/v1/import', call('then'), { authorization: basic(secret) })
    await post('/v1/batch', call('now'), { ...BROWSER, authorization: basic(collector.key()) })
    const seen = async (id: string) =>
      (await collector.admin<{ firstSeen: string }>(`/api/visitors/${id}`)).body.firstSeen
    expect(await seen('then')).toBe('2020-02-02T00:00:00.000Z')
    expect(Date.parse(await seen('now'))).toBeGreaterThan(Date.now() - 2 * 86_400_000)
  })

  it('may be done with the admin token', async () => {
    const body = { batch: [{ type: 'track', userId: 'u', messageId: newId(), event: 'won' }] }
    expect(await post('/v1/import', body, { authorization: `Bearer ${ADMIN}` })).toMatchObject({
      body: { accepted: 1 },
    })
  })

  it('is refused where the key was taken back', async () => {
    const made = await collector.admin<{ id: string; secret: string }>('/api/keys', 'POST', { kind: 'write' })
    const authorization = basic(made.body.secret)
    expect((await post('/v1/track', track(), { authorization })).status).toBe(200)
    expect((await collector.admin(`/api/keys/${made.body.id}`, 'DELETE')).status).toBe(204)
    expect((await post('/v1/track', track(), { authorization })).status).toBe(401)
  })

  it.each([
    ['/v1/track', 'authorization,content-type'],
    ['/v1/t', 'authorization,content-type'],
    ['/t', 'authorization,content-type'],
    ['/v1/batch', 'anonymousid,authorization,content-type,isgzipped'],
    ['/v1/projects/x/settings', 'x-added-by-the-user'],
    ['/e', 'content-type'],
  ])('is asked for beforehand by a browser: %s with %s', async (path, asked) => {
    const headers = {
      origin: 'https://www.acme.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': asked,
    }
    const answer = await collector.ask(path, { method: 'OPTIONS', headers })
    expect(answer.status).toBe(204)
    const allowed = (name: string) => (answer.headers.get(`access-control-allow-${name}`) ?? '').split(',')
    expect(allowed('origin')).toEqual(['*'])
    expect(allowed('credentials')).toEqual([''])
    expect(allowed('methods')).toContain('POST')
    expect(allowed('headers')).toEqual(expect.arrayContaining(asked.split(',')))
  })

  it('may be read by the page that sent it, also when it is to come back later', async () => {
    const answer = await post('/v1/track', track(), {
      authorization: basic(secret),
      origin: 'https://www.acme.example',
    })
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-expose-headers')).toBe('retry-after')
  })

  it('is told where to send, by the settings of its key', async () => {
    const known = await collector.ask(`/v1/projects/${collector.key()}/settings`)
    expect(known).toMatchObject({
      status: 200,
      body: {
        integrations: { 'Segment.io': { apiKey: collector.key(), apiHost: `${new URL(collector.url).host}/v1` } },
      },
    })
    expect(await collector.ask('/v1/projects/nobody/settings')).toMatchObject(failure(404, 'unknown_key'))
    expect(await collector.ask(`/v1/projects/${secret}/settings`)).toMatchObject(failure(404, 'unknown_key'))
  })
})

describe('bodies', () => {
  const LIMIT = 500 * 1024
  const json = () => beacon(collector.key(), [page()])
  /** A body of exactly so many bytes. */
  const ofSize = (bytes: number): string => {
    const body = json()
    return body.slice(0, -1) + ' '.repeat(bytes - body.length) + body.slice(-1)
  }
  const inChunks = (text: string | Uint8Array): ReadableStream =>
    new ReadableStream({
      start: (controller) => {
        const bytes = Buffer.from(text)
        for (let at = 0; at < bytes.length; at += 10_000) controller.enqueue(bytes.subarray(at, at + 10_000))
        controller.close()
      },
    })

  it.each<readonly [string, (text: string) => Ask['body'], Record<string, string>]>([
    ['as they are', (text) => text, {}],
    ['in chunks', inChunks, {}],
    ['as gzip', (text) => gzipSync(text), { 'content-encoding': 'gzip' }],
    ['as gzip, in capitals', (text) => gzipSync(text), { 'content-encoding': 'GZIP' }],
    ['as gzip in chunks', (text) => inChunks(gzipSync(text)), { 'content-encoding': 'x-gzip' }],
    [
      'as gzip that nothing tells of',
      (text) => gzipSync(text),
      { 'content-type': 'application/x-www-form-urlencoded' },
    ],
    ['as gzip that claims to be a form', (text) => gzipSync(text), { 'content-encoding': 'identity' }],
    ['as they are, said to be gzip', (text) => text, { 'content-encoding': 'gzip' }],
    ['as deflate', (text) => deflateSync(text), { 'content-encoding': 'deflate' }],
    ['as Brotli', (text) => brotliCompressSync(text), { 'content-encoding': 'br' }],
  ])('%s: exactly at the limit is taken, one over is not', async (_, wrap, headers) => {
    expect(await send(wrap(json()), headers)).toMatchObject({ status: 200, body: { accepted: 1 } })
    expect(await send(wrap(ofSize(LIMIT)), headers)).toMatchObject({ status: 200, body: { accepted: 1 } })
    const before = (await rejected()).counts.too_large ?? 0
    expect(await send(wrap(ofSize(LIMIT + 1)), headers)).toMatchObject(failure(413, 'too_large'))
    expect((await rejected()).counts.too_large).toBe(before + 1)
  })

  it.each([
    ['an unknown encoding', json, { 'content-encoding': 'zstd' }],
    ['two encodings', json, { 'content-encoding': 'gzip, br' }],
    ['broken gzip', () => gzipSync(json()).subarray(0, 60), { 'content-encoding': 'gzip' }],
    ['Brotli that is none', json, { 'content-encoding': 'br' }],
    ['a name of the language', json, { 'content-encoding': '__proto__' }],
  ])('of %s are refused and listed', async (_, make, headers) => {
    const before = (await rejected()).counts.encoding ?? 0
    expect(await send(make(), headers)).toMatchObject(failure(415, 'encoding'))
    expect((await rejected()).counts.encoding).toBe(before + 1)
  })

  it.each([
    ['gzip', gzipSync, 'gzip'],
    ['deflate', deflateSync, 'deflate'],
    ['Brotli', brotliCompressSync, 'br'],
  ])('that are a bomb of %s take no more room than the limit', async (_, wrap, encoding) => {
    const bomb = wrap(Buffer.alloc(200_000_000, ' '))
    expect(bomb.length).toBeLessThan(LIMIT)
    const before = process.memoryUsage.rss()
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(bomb, { 'content-encoding': encoding })))
    for (const answer of answers) expect(answer).toMatchObject(failure(413, 'too_large'))
    expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000)
  })

  it('of 2,500 events are taken whole, the next event is not', async () => {
    const tiny = (count: number) => Array.from({ length: count }, () => ({ type: 'click', view: undefined }))
    const full = await send(beacon(collector.key(), tiny(2500)))
    expect(full.body).toEqual({ accepted: 2500, duplicate: 0, rejected: [] })
    const over = await send(beacon(collector.key(), tiny(2501)))
    expect(over.body).toMatchObject({ accepted: 2500, rejected: [{ index: 2500, code: 'too_many' }] })
  })

  it('hold events of up to 32 KB and 32 levels', async () => {
    const sized = (bytes: number) => {
      const event = { id: newId(), at: Date.now(), type: 'track', name: 'n', props: { text: '' } }
      event.props.text = 'x'.repeat(bytes - JSON.stringify(event).length)
      return event
    }
    const deep = (levels: number): object => (levels <= 1 ? {} : { a: deep(levels - 1) })
    const nested = (levels: number) => ({ id: newId(), at: 1, type: 'track', name: 'n', props: deep(levels - 1) })
    const events = [sized(32_768), sized(32_769), nested(32), nested(33)]
    const { body } = await send(JSON.stringify({ site: collector.key(), visitor: 'v', events }))
    expect(body.rejected.map(({ index, code }) => [index, code])).toEqual([
      [1, 'too_large'],
      [3, 'too_deep'],
    ])
    expect(body.accepted).toBe(2)
  })

  it('that nest without end are no more than a bad event', async () => {
    const depth = 100_000
    const open = `{"site":"${collector.key()}","events":[`
    expect((await send(`${open}${'['.repeat(depth)}${']'.repeat(depth)}]}`)).status).toBe(200)
    expect((await send(`${open}${'['.repeat(depth)}`)).status).toBe(400)
  })
})

describe('requests that are none', () => {
  const port = () => Number(new URL(collector.url).port)
  /** Writes bytes to a socket, hears what comes back until it closes. */
  const raw = (bytes: string | Uint8Array, { endsAfter = 0 } = {}): Promise<string> =>
    new Promise((resolve) => {
      let heard = ''
      const socket = connect(port(), '127.0.0.1', () => socket.write(bytes))
      if (endsAfter) setTimeout(() => socket.destroy(), endsAfter)
      socket.on('data', (data) => {
        heard += data
      })
      socket.on('error', () => {})
      socket.on('close', () => resolve(heard))
      setTimeout(() => socket.destroy(), 800)
    })
  const statusOf = (heard: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1] ?? 0)
  const isUp = async () => expect((await collector.ask('/healthz')).status).toBe(200)
  const head = (more: string) => `POST /e HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${more}\r\n\r\n`

  it.each([
    ['bytes of TLS', Buffer.from('16030100a5010000a10303', 'hex')],
    ['no HTTP', 'hello\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['a host that is none', 'GET /v1/projects/x/settings HTTP/1.1\r\nHost: a b\\c\r\nConnection: close\r\n\r\n'],
    ['a length and chunks', head('Content-Length: 3\r\nTransfer-Encoding: chunked').concat('0\r\n\r\n')],
    ['two lengths', head('Content-Length: 3\r\nContent-Length: 4').concat('{} ')],
    ['a length below nothing', head('Content-Length: -1')],
    ['chunks of no size', head('Transfer-Encoding: chunked').concat('zz\r\n{}\r\n0\r\n\r\n')],
    ['a header without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`],
    ['a path with NUL', 'GET /\0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['a path that cannot be read', 'GET /api/visitors/%E0%A4%A HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['a target elsewhere', 'GET http://evil.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['a target that is none', 'GET //[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['a method that is none', 'DANCE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['an upgrade', 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
  ])('%s: are no failure of the server', async (_, bytes) => {
    expect(statusOf(await raw(bytes))).toBeLessThan(500)
    await isUp()
  })

  it.each([
    ['a body that never comes', head('Content-Length: 100').concat('{"site"')],
    ['chunks that never end', head('Transfer-Encoding: chunked').concat('5\r\n{"sit')],
  ])('%s, broken off: harm nobody, and nothing is said of it', async (_, bytes) => {
    const before = collector.problems.length
    await Promise.all(Array.from({ length: 20 }, () => raw(bytes, { endsAfter: 30 })))
    await isUp()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(collector.problems.slice(before)).toEqual([])
  })

  it('several on one connection are answered in their order', async () => {
    const body = (key: string) => {
      const text = beacon(key, [])
      return `POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: ${text.length}\r\n\r\n${text}`
    }
    const heard = await raw(body(collector.key()) + body('nobody') + body(collector.key()) + head('Content-Length: 0'))
    expect([...heard.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '401', '200', '400'])
  })

  it('whose answer nobody reads are stored all the same', async () => {
    const visitor = 'deaf'
    const text = beacon(collector.key(), [page()], { visitor })
    const asked = request({ port: port(), path: '/e', method: 'POST', headers: BROWSER })
    asked.on('error', () => {})
    asked.end(text)
    await new Promise((resolve) => asked.on('finish', resolve))
    asked.destroy()
    const found = async () => (await collector.admin(`/api/visitors/${visitor}`)).status
    for (let tries = 0; tries < 50 && (await found()) !== 200; tries += 1) await new Promise((r) => setTimeout(r, 20))
    expect((await send(text)).body).toMatchObject({ accepted: 0, duplicate: 1 })
  })
})
