/** The libraries that people have: Segment's for Node and for browsers, RudderStack's by its wire form. */
import { createServer } from 'node:http'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { Analytics } from '@segment/analytics-node'
import { build } from 'esbuild'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../chromium.ts'
import { type BadLine, type Fate, openBadLine } from './bad-line.ts'
import { basic, type Collector, startCollector } from './collector.ts'

const EVENTS = process.env.GATES === 'full' ? 10_000 : 1000

let collector: Collector
let secret: string
const lines: BadLine[] = []
beforeAll(async () => {
  collector = await startCollector()
  secret = (await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'write' })).body.secret
})
afterAll(async () => {
  for (const line of lines) await line.stop()
  await collector.end()
})

const line = async (fateOf: (n: number, body: string) => Fate): Promise<BadLine> => {
  const opened = await openBadLine(collector.url, fateOf)
  lines.push(opened)
  return opened
}

interface Item {
  readonly kind: string
  readonly id: string
  readonly type: string
  readonly title?: string
  readonly flagged?: string
}

/** Everything that is kept of a visitor, page by page. */
const eventsOf = async (visitor: string): Promise<readonly Item[]> => {
  const events: Item[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    type Page = { items: readonly Item[]; nextCursor: string | null }
    const path: string = `/api/visitors/${encodeURIComponent(visitor)}/timeline?limit=200${cursor}`
    const { status, body } = await collector.admin<Page>(path)
    expect(status).toBe(200)
    events.push(...body.items.filter(({ kind }) => kind === 'event'))
    cursor = body.nextCursor && `&cursor=${encodeURIComponent(body.nextCursor)}`
  }
  return events
}

const library = (host: string, more: object = {}) => {
  const failures: unknown[] = []
  const made = new Analytics({ writeKey: secret, host, flushInterval: 50, ...more })
  made.on('error', (error) => failures.push(error))
  return { analytics: made, failures }
}

describe("Segment's library for Node", { timeout: 120_000 }, () => {
  it('is understood, whatever it is asked to say', async () => {
    const { analytics, failures } = library(collector.url)
    const userId = 'node-user'
    analytics.identify({ userId, traits: { email: 'node@acme.example', company: { name: 'Acme' } } })
    analytics.track({ userId, event: 'Demo Requested', properties: { plan: 'pro' } })
    analytics.page({ userId, name: 'Pricing', properties: { url: 'https://www.acme.example/pricing' } })
    analytics.screen({ userId, name: 'Home' })
    analytics.group({ userId, groupId: 'acme', traits: { employees: 100 } })
    analytics.track({ anonymousId: 'node-browser', event: 'Product Viewed' })
    analytics.alias({ userId, previousId: 'node-browser' })
    await analytics.closeAndFlush()
    expect(failures).toEqual([])
    const events = await eventsOf(userId)
    expect(events.map(({ type }) => type).sort()).toEqual(
      ['identify', 'track', 'page', 'page', 'group', 'track', 'identify'].sort(),
    )
    expect(events.filter(({ flagged }) => flagged !== undefined)).toEqual([])
    const { body } = await collector.admin<{ traits: object; score: number }>(`/api/visitors/${userId}`)
    expect(body.traits).toMatchObject({ email: 'node@acme.example' })
    expect(body.score).toBeGreaterThan(0)
  })

  it('comes again after a 500 and a 429, and its event is there once', async () => {
    const first: readonly Fate[] = [{ status: 500 }, { status: 429, retryAfter: 1 }, 'unanswered']
    const bad = await line((n) => first[n] ?? 'passed')
    const { analytics, failures } = library(bad.url)
    analytics.track({ userId: 'patient', event: 'Pricing Viewed' })
    await analytics.closeAndFlush({ timeout: 60_000 })
    expect(failures).toEqual([])
    expect(bad.fates).toEqual([...first, 'passed'])
    expect(await eventsOf('patient')).toHaveLength(1)
  })

  it(`brings ${EVENTS} events over a line that loses half of what is said and repeats some, each once`, async () => {
    const overload: Fate = { status: 503, retryAfter: 1 }
    const plans: readonly (readonly Fate[])[] = [['lost', 'unanswered'], ['unanswered'], ['twice'], [overload, 'twice']]
    const tries = new Map<string, number>()
    const bad = await line((_, body) => {
      const [batch = ''] = /line-message-\d+/.exec(body) ?? []
      const attempt = tries.get(batch) ?? 0
      tries.set(batch, attempt + 1)
      return plans[[...tries.keys()].indexOf(batch) % plans.length]![attempt] ?? 'passed'
    })
    const { analytics, failures } = library(bad.url, { flushAt: EVENTS / 20, maxRetries: 30 })
    const people = 10
    for (let n = 0; n < EVENTS; n += 1)
      analytics.track({ userId: `line-${n % people}`, event: 'Seen', messageId: `line-message-${n}` })
    await analytics.closeAndFlush({ timeout: 100_000 })
    expect(failures).toEqual([])
    for (const fate of plans.flat()) expect(bad.fates).toContain(fate)
    expect(bad.fates.filter((fate) => fate !== 'passed' && fate !== 'twice').length).toBeGreaterThanOrEqual(
      bad.fates.length * 0.4,
    )
    const kept: string[] = []
    for (let n = 0; n < people; n += 1) kept.push(...(await eventsOf(`line-${n}`)).map(({ id }) => id))
    expect(kept).toHaveLength(EVENTS)
    expect(new Set(kept).size).toBe(EVENTS)
  })
})

describe("RudderStack's libraries", () => {
  const message = (type: string, more: object) => ({
    type,
    ...more,
    channel: 'server',
    messageId: `rudder-${type}`,
    userId: 'rudder-user',
    originalTimestamp: new Date().toISOString(),
    context: { library: { name: '@rudderstack/rudder-sdk-node', version: '2.1.0' } },
    integrations: { All: true },
  })
  const batch = [
    message('identify', { context: { traits: { email: 'rudder@acme.example' } } }),
    message('track', { event: 'Demo Requested', properties: {} }),
    message('page', { name: 'Pricing', properties: { url: 'https://www.acme.example/pricing' } }),
    message('group', { groupId: 'acme', traits: {} }),
  ]
  const body = JSON.stringify({ batch, sentAt: new Date().toISOString() })

  it('send gzip that is labelled as a form, and are understood', async () => {
    const headers = { authorization: basic(secret), 'user-agent': 'axios/1.7.9' }
    const zipped = { ...headers, 'content-encoding': 'gzip', 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await collector.ask('/v1/batch', { method: 'POST', body: gzipSync(body), headers: zipped })
    expect(answer).toMatchObject({ status: 200, body: { success: true, accepted: 4, duplicate: 0, rejected: [] } })
    const again = await collector.ask('/v1/batch', { method: 'POST', body, headers })
    expect(again.body).toMatchObject({ accepted: 0, duplicate: 4 })
    expect((await eventsOf('rudder-user')).map(({ flagged }) => flagged)).toEqual(Array(4).fill(undefined))
  })
})

const browser: Browser | undefined = await launchChromium()
afterAll(() => browser?.close())

/** A page's script that loads the library with a collector in the place of Segment. */
const bundle = async (host: string, key: string): Promise<string> => {
  const contents = `
    import { AnalyticsBrowser } from '@segment/analytics-next'
    window.analytics = AnalyticsBrowser.load({ writeKey: ${JSON.stringify(key)}, cdnURL: ${JSON.stringify(host)} })`
  const resolveDir = dirname(fileURLToPath(import.meta.url))
  const { outputFiles } = await build({ stdin: { contents, resolveDir }, bundle: true, write: false, format: 'iife' })
  return outputFiles[0]!.text
}

describe.skipIf(!browser)("Segment's library for browsers", { timeout: 60_000 }, () => {
  it('finds the collector by its settings, and what it says arrives', async () => {
    const page = await browser!.newPage({
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
    })
    const script = await bundle(collector.url, collector.key())
    const shop = createServer((_, answer) =>
      answer.setHeader('content-type', 'text/html').end('<title>Pricing</title>'),
    )
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
    const asked: string[] = []
    page.on('response', (answer) => {
      if (answer.request().method() === 'POST') asked.push(`${answer.status()} ${new URL(answer.url()).pathname}`)
    })
    await page.goto(`http://127.0.0.1:${(shop.address() as { port: number }).port}/pricing`)
    await page.addScriptTag({ content: script })
    const said = `(async () => {
      await analytics.page('Pricing')
      await analytics.track('Demo Requested', { plan: 'pro' })
      await analytics.identify('browser-user', { email: 'browser@acme.example' })
      await analytics.group('acme', { employees: 100 })
      await analytics.alias('browser-user-2', 'browser-user')
    })()`
    await page.evaluate(said)
    await expect.poll(() => asked.length, { timeout: 15_000 }).toBeGreaterThanOrEqual(5)
    expect(asked.sort()).toEqual(['200 /v1/a', '200 /v1/g', '200 /v1/i', '200 /v1/p', '200 /v1/t'])
    const events = await eventsOf('browser-user')
    expect(events.map(({ type }) => type).sort()).toEqual(['group', 'identify', 'identify', 'page', 'track'])
    await page.close()
    shop.close()
  })
})
