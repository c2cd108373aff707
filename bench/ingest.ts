/** What reading a body costs per event, as a ratio to bare `JSON.parse` of the same text, measured alternately. */
import { createHash } from 'node:crypto'
import { type Arrival, isRefusal } from '../collector/ingest/batch.ts'
import { guard } from '../collector/ingest/guard.ts'
import { parseSegment } from '../collector/ingest/segment.ts'
import { parseSnippet } from '../collector/ingest/snippet.ts'

const received = 1_790_000_000_000
const digest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22)
const browser: Arrival = { received, source: 'browser', digest }
const server: Arrival = { received, source: 'server', digest }
const circumstances = {
  source: 'browser',
  userAgent:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
  purpose: undefined,
  site: { allowsAutomation: false, allowsPurchase: false, requiresConsent: false },
  consent: undefined,
} as const

const id = '0199f3a2-7c1e-7b44-9d51-3f3ac8f1e2'
const page = (n: number) => ({
  id: `${id}${n}`,
  type: 'page',
  at: received - 4000,
  view: '7f3ac8f1e2',
  url: 'https://shop.example/products/backup-appliance?utm_source=news&utm_medium=email&sid=4711',
  title: 'Backup appliances for small offices',
  referrer: 'https://search.example/results?q=backup',
  funnel: 'mofu',
  topic: 'backup',
})
const engagement = (n: number) => ({
  id: `${id}e${n}`,
  type: 'engagement',
  at: received - 10,
  view: '7f3ac8f1e2',
  seconds: 41.5,
  scroll: 80,
})
const beacon = (events: number) =>
  JSON.stringify({
    site: 'pk_2f1d3c4b5a69',
    visitor: 'c0ffee00c0ffee00c0ffee00c0ffee00',
    sent: received,
    events: Array.from({ length: events }, (_, n) => (n % 2 ? engagement(n) : page(n))),
  })
const track = (n: number) => ({
  type: 'track',
  messageId: `ajs-${id}${n}`,
  anonymousId: 'c0ffee00-c0ff-ee00-c0ff-ee00c0ffee00',
  event: 'Product Added',
  properties: { product_id: '507f1f77bcf86cd799439011', name: 'Backup appliance', price: 18.99, quantity: 1 },
  context: {
    library: { name: 'analytics.js', version: '2.11.1' },
    page: { path: '/shop/', referrer: '', search: '', title: 'Shop', url: 'https://shop.example/shop/' },
    locale: 'en-US',
  },
  timestamp: '2026-09-21T14:13:19.000Z',
})
const calls = (events: number, withIds = true) => {
  const strip = ({ messageId, ...rest }: ReturnType<typeof track>) => (withIds ? { messageId, ...rest } : rest)
  return JSON.stringify({
    batch: Array.from({ length: events }, (_, n) => strip(track(n))),
    sentAt: '2026-09-21T14:13:20Z',
  })
}

const CASES: readonly (readonly [name: string, events: number, text: string, run: (text: string) => unknown])[] = [
  ['snippet, 2 events', 2, beacon(2), (text) => parseSnippet(text, browser)],
  [
    'snippet, 2 events, guarded',
    2,
    beacon(2),
    (text) => {
      const batch = parseSnippet(text, browser)
      return isRefusal(batch) ? batch : guard(batch, circumstances)
    },
  ],
  ['snippet, 500 events', 500, beacon(500), (text) => parseSnippet(text, browser)],
  ['track call', 1, JSON.stringify(track(0)), (text) => parseSegment(text, 'track', browser)],
  ['batch of 500 tracks', 500, calls(500), (text) => parseSegment(text, 'batch', server)],
  ['the same without ids', 500, calls(500, false), (text) => parseSegment(text, 'batch', server)],
]

const ROUNDS = 15
const EVENTS = 10_000

const microseconds = (run: () => unknown, events: number): number => {
  const times = Math.ceil(EVENTS / events)
  const start = process.hrtime.bigint()
  for (let i = 0; i < times; i++) run()
  return Number(process.hrtime.bigint() - start) / 1000 / times / events
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

for (const [name, events, text, run] of CASES) {
  const rounds = Array.from({ length: ROUNDS }, () => ({
    bare: microseconds(() => JSON.parse(text), events),
    ours: microseconds(() => run(text), events),
  })).slice(3)
  const [bare, ours] = [median(rounds.map((r) => r.bare)), median(rounds.map((r) => r.ours))]
  const figures = `${ours.toFixed(2)} µs per event, JSON.parse ${bare.toFixed(2)} µs`
  console.log(`${name.padEnd(28)} ${(ours / bare).toFixed(2)} × JSON.parse (${figures})`)
}
