/** Whatever is sent, in whatever order of clocks: it is taken or turned away, and all that was taken can be read. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Explanation, Timeline, VisitorPage } from '../../shared/answer.ts'
import { BROWSER, basic, type Collector, startCollector } from './collector.ts'

const DAY = 86_400_000

let collector: Collector
let secret: string
beforeAll(async () => {
  collector = await startCollector()
  secret = (await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'write' })).body.secret
})
afterAll(() => collector.end())

const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    '',
    'yes',
    '0',
    'ann@acme.example',
    'sales@acme.example',
    '10-50',
    'CEO',
    '\u0000',
    '\ud800',
    'https://',
  ),
  fc.constantFrom(-1, 0, 1e308, -1e308, 5e-324, 2 ** 53, true, null),
)
const anyName = fc.constantFrom(
  ...['email', 'name', 'company', 'title', 'jobTitle', 'industry', 'employees', 'employee_count', 'country', 'phone'],
  ...['budget', 'authority', 'need', 'timeline', '__proto__', 'constructor', 'toString', 'x'],
)
const anyTraits = fc.dictionary(anyName, anyValue, { maxKeys: 6 })
const anySignal = fc.constantFrom(
  ...[
    'pricing',
    'demo_request',
    'careers',
    'comparison',
    'case_study',
    'unsubscribe',
    'login',
    'constructor',
    '__proto__',
  ],
  ...['trial_start', 'checkout_start', 'hasOwnProperty', ''],
)
const anyTime = fc.oneof(
  fc.integer({ min: -400 * DAY, max: 400 * DAY }).map((offset) => Date.now() + offset),
  fc.constantFrom(0, -1, 1.5, 8.64e15, -8.64e15, 1e300),
)
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('a', '?', 'https://a.example/?q=1'),
)
const anyId = fc.uuid()
const anyVisitor = fc.integer({ min: 1, max: 30 }).map((n) => `visitor ${n}`)

const seen = { id: anyId, at: anyTime, view: fc.constantFrom('v1', 'v2', 'v3') }
const tag = {
  funnel: fc.constantFrom('tofu', 'mofu', 'bofu', undefined),
  signal: fc.option(anySignal, { nil: undefined }),
  topic: anyText,
}
const type = (name: string) => fc.constant(name)
const url = fc.oneof(fc.webUrl({ withQueryParameters: true }), anyText)
const anySnippetEvent = fc.oneof(
  fc.record({ ...seen, ...tag, type: type('page'), url, title: anyText, referrer: url }),
  fc.record({
    ...seen,
    type: type('engagement'),
    seconds: fc.double({ noNaN: true }),
    scroll: fc.double({ noNaN: true }),
  }),
  fc.record({ ...seen, ...tag, type: type('download'), url }),
  fc.record({ ...seen, ...tag, type: type('click'), url }),
  fc.record({
    ...seen,
    ...tag,
    type: type('form'),
    form: anyText,
    step: fc.constantFrom('start', 'submit', 'abandon'),
    purpose: anyText,
    traits: anyTraits,
  }),
  fc.record({ ...seen, type: type('search'), query: anyText }),
  fc.record({ ...seen, ...tag, type: type('media'), name: anyText, percent: fc.double({ noNaN: true }) }),
  fc.record({ ...seen, type: type('track'), name: fc.oneof(anySignal, anyText), props: anyTraits }),
  fc.record({ ...seen, type: type('identify'), traits: anyTraits }),
  fc.record({ ...seen, type: type('consent'), state: fc.constantFrom('granted', 'denied') }),
)
const call = {
  messageId: anyId,
  anonymousId: fc.option(anyVisitor, { nil: undefined }),
  userId: fc.constantFrom('user u', 'user w', undefined),
  timestamp: anyTime.map((time) => (Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : time)),
}
const anyCall = fc.oneof(
  fc.record({
    ...call,
    type: type('track'),
    event: fc.oneof(anySignal, fc.constantFrom('Order Completed', 'won', 'refund', 'churn')),
  }),
  fc.record({ ...call, type: type('page'), name: anyText, properties: anyTraits }),
  fc.record({ ...call, type: type('identify'), traits: anyTraits }),
  fc.record({ ...call, type: type('group'), groupId: anyText, traits: anyTraits }),
  fc.record({ ...call, type: type('alias'), previousId: fc.oneof(anyVisitor, fc.constantFrom('user u', 'user w')) }),
)
const anyBody = fc.oneof(
  fc
    .record({
      visitor: anyVisitor,
      sent: anyTime,
      events: fc.array(anySnippetEvent, { minLength: 1, maxLength: 12 }),
    })
    .map((body) => ['/e', body] as const),
  fc.array(anyCall, { minLength: 1, maxLength: 12 }).map((batch) => ['/v1/import', { batch }] as const),
)

it('no event fails, none lies in the future, and every page of it can be read', async () => {
  const all = { sent: 0, taken: 0 }
  const send = fc.asyncProperty(anyBody, fc.nat({ max: 9 }), async ([path, body], circle) => {
    const text = JSON.stringify(path === '/e' ? { site: collector.key(), ...body } : body)
      // People of one circle turn out to be one sooner or later; those of two never do.
      .replaceAll('visitor ', `visitor ${circle}.`)
      .replaceAll('user ', `user ${circle}.`)
      .replaceAll('@acme.', `@acme${circle}.`)
    const headers = path === '/e' ? BROWSER : { authorization: basic(secret) }
    const answer = await collector.ask(path, { method: 'POST', body: text, headers })
    expect(answer.status).toBe(200)
    expect(answer.body.rejected.map(({ code }) => code)).not.toContain('failed')
    all.taken += answer.body.accepted
    all.sent += 1
  })
  await fc.assert(send, { numRuns: 400 })
  expect(all.taken).toBeGreaterThan(all.sent)
  const { body } = await collector.admin('/api/visitors?limit=200')
  const { items } = VisitorPage.parse(body)
  expect(items.length).toBeGreaterThan(2)
  for (const { id, score, lastSeen } of items) {
    expect(Date.parse(lastSeen)).toBeLessThanOrEqual(Date.now())
    const explained = Explanation.parse((await collector.admin(`/api/visitors/${id}/explain`)).body)
    expect(explained.score).toBeCloseTo(score, 0)
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = Timeline.parse((await collector.admin(`/api/visitors/${id}/timeline?limit=200${cursor}`)).body)
      cursor = page.nextCursor && `&cursor=${page.nextCursor}`
      for (const { at } of page.items) expect(Date.parse(at)).toBeLessThanOrEqual(Date.now())
    }
  }
  expect(collector.problems).toEqual([])
}, 60_000)
