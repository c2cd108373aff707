/** The short way of `POST /e` and the long one give the same answer, to the last header. */
import { request } from 'node:http'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDirect } from '../../collector/routes/direct.ts'
import { BROWSER, beacon, type Collector, newId, startCollector } from './collector.ts'

let collector: Collector
beforeAll(async () => {
  collector = await startCollector()
  await collector.admin('/api/sites', 'POST', { name: 'fenced', origins: ['www.acme.example'] })
})
afterAll(() => collector.end())

interface Heard {
  readonly status: number | undefined
  readonly headers: object
  readonly text: string
}

/** By node:http, which adds no header of its own, so that odd ones can be sent. */
const post = (
  path: string,
  body: Uint8Array,
  headers: Record<string, string | string[]>,
  at = collector.url,
): Promise<Heard> =>
  new Promise((resolve, reject) => {
    const asked = request(`${at}${path}`, { method: 'POST', headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const { date: _, ...others } = answer.headers
        resolve({
          status: answer.statusCode,
          headers: others,
          text: Buffer.concat(chunks)
            .toString()
            .replace(/event-\d+/g, 'its id'),
        })
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })

/** Nobody is put off who asks from this machine. */
const FORWARDED = { 'x-forwarded-for': '203.0.113.9' }
const page = () => ({ type: 'page', id: newId(), at: Date.now(), url: 'https://www.acme.example/' })
const CASES: readonly (readonly [string, (key: string) => string | Uint8Array, Record<string, string | string[]>?])[] =
  [
    ['events', (key) => beacon(key, [page(), page()])],
    ['some of which are wrong', (key) => beacon(key, [page(), { type: 'page' }, { type: 'odd', id: 'x', at: 1 }])],
    ['no events', (key) => beacon(key, [])],
    ['an unknown key', () => beacon('nobody', [page()])],
    ['an origin', (key) => beacon(key, [page()]), { origin: 'https://www.acme.example' }],
    ['an origin that may not', () => beacon(collector.key('fenced'), [page()]), { origin: 'https://evil.example' }],
    ['no user agent', (key) => beacon(key, [page()]), { 'user-agent': '' }],
    ['two user agents', (key) => beacon(key, [page()]), { 'user-agent': ['a', 'b'] }],
    ['an opt-out', (key) => beacon(key, [page()]), { 'sec-gpc': '1' }],
    ['a prefetch', (key) => beacon(key, [page()]), { 'sec-purpose': 'prefetch' }],
    ['nothing', () => ''],
    ['no JSON', () => '{"site"'],
    ['no object', () => '[]'],
    ['bytes that are no text', () => Uint8Array.of(0xff, 0xfe, 0x7b)],
    ['gzip that says so', (key) => gzipSync(beacon(key, [page()])), { 'content-encoding': 'gzip' }],
    ['gzip that does not', (key) => gzipSync(beacon(key, [page()]))],
    ['brotli', (key) => brotliCompressSync(beacon(key, [page()])), { 'content-encoding': 'br' }],
    ['an encoding that is none', (key) => beacon(key, [page()]), { 'content-encoding': 'rot13' }],
    ['gzip that is broken', (key) => gzipSync(beacon(key, [page()])).subarray(0, 40)],
    ['a bomb', () => gzipSync(Buffer.alloc(600 * 1024))],
    ['a body at its limit', () => `{"a":"${'x'.repeat(500 * 1024 - 8)}"}`],
    ['a body over it', () => 'x'.repeat(500 * 1024 + 1)],
  ]

describe('the two ways answer alike:', () => {
  it.each(CASES.map(([what, ...rest]) => ({ what, rest })))('$what', async ({ rest: [body, headers = {}] }) => {
    const send = (path: string) => {
      const bytes = Buffer.from(body(collector.key()))
      return post(path, bytes, { ...BROWSER, ...headers, 'content-length': String(bytes.length) })
    }
    const [long, short] = [await send('/e?'), await send('/e')]
    expect(short).toEqual(long)
  })

  it('a body in chunks', async () => {
    const send = (path: string) =>
      post(path, Buffer.from(beacon(collector.key(), [page()])), { ...BROWSER, 'transfer-encoding': 'chunked' })
    expect(await send('/e')).toEqual(await send('/e?'))
  })
})

it('and who asks too often is put off alike', async () => {
  const busy = await startCollector({ LEADLIGHT_TRUST_PROXY: 'on', LEADLIGHT_RATE_ADDRESS: '1' })
  const send = (path: string) => {
    const body = Buffer.from(beacon(busy.key(), [page()]))
    return post(path, body, { ...BROWSER, ...FORWARDED, 'content-length': String(body.length) }, busy.url)
  }
  expect((await send('/e')).status).toBe(200)
  const [short, long] = [await send('/e'), await send('/e?')]
  expect(short.status).toBe(429)
  expect(short).toEqual(long)
  await busy.end()
})

it('the short way is the one that a browser takes, and others are left alone', () => {
  const direct = createDirect({
    take: () => new Promise(() => {}),
    meet: () => ({ ruling: 'in', stranger: undefined }),
    now: Date.now,
    log: () => {},
  })
  const asks = (method: string, url: string, ...rawHeaders: string[]) =>
    direct(
      { method, url, rawHeaders: ['Host', 'a.example', ...rawHeaders], on: () => {}, socket: {} } as never,
      undefined as never,
    )
  expect(asks('POST', '/e', 'User-Agent', 'x', 'Content-Length', '12', 'Content-Type', 'text/plain')).toBe(true)
  expect(asks('POST', '/e?', 'Content-Length', '12')).toBe(false)
  expect(asks('GET', '/e')).toBe(false)
  expect(asks('POST', '/v1/track', 'Content-Length', '12')).toBe(false)
  expect(asks('POST', '/e', 'Content-Encoding', 'gzip')).toBe(false)
  expect(asks('POST', '/e', 'Transfer-Encoding', 'chunked')).toBe(false)
  expect(asks('POST', '/e', 'Host', 'b.example')).toBe(false)
})
