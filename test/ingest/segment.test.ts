/** Calls of Segment's and RudderStack's libraries, and what becomes of them. */
import { describe, expect, it, test } from 'vitest'
import { parseSegment } from '../../collector/ingest/segment.ts'
import { browser, call, DAY, HOUR, RECEIVED, read, segment, server } from './arrival.ts'
import { dataFile, jsonLines } from './data.ts'

const iso = (time: number) => new Date(time).toISOString()
const user = { userId: 'u1', messageId: 'm1' }
const event = { id: 'm1', at: RECEIVED, source: 'server' }

describe('each call', () => {
  it.each([
    [
      'track',
      { event: 'Order Completed', properties: { revenue: 25 } },
      { type: 'track', name: 'Order Completed', props: { revenue: 25 } },
    ],
    ['track', { event: 'Signed Up', properties: null }, { type: 'track', name: 'Signed Up' }],
    [
      'track',
      { event: 'x', properties: { sessionId: 's' } },
      { type: 'track', name: 'x', props: { sessionId: 's' }, session: 's' },
    ],
    [
      'track',
      { event: 'x', context: { sessionId: 1700000000123 } },
      { type: 'track', name: 'x', session: '1700000000123' },
    ],
    ['track', { event: 'x', context: { sessionId: { no: 1 } } }, { type: 'track', name: 'x' }],
    [
      'identify',
      { traits: { email: 'A@b.co', title: 'CTO' } },
      { type: 'identify', traits: { email: 'a@b.co', jobTitle: 'CTO' } },
    ],
    [
      'identify',
      { context: { traits: { plan: 'x', name: 'A' } }, traits: { name: 'B' } },
      { type: 'identify', traits: { plan: 'x', name: 'B' } },
    ],
    ['identify', {}, { type: 'identify', traits: {} }],
    [
      'group',
      { groupId: 'g', traits: { name: 'Initech', title: 'kept' } },
      { type: 'group', account: 'g', traits: { name: 'Initech', title: 'kept' } },
    ],
    ['group', { groupId: 7 }, { type: 'group', account: '7' }],
    ['alias', { previousId: 'p' }, { type: 'identify', traits: {} }],
    ['screen', { name: 'Home' }, { type: 'page', title: 'Home' }],
    ['page', { name: 'Home' }, { type: 'page', title: 'Home' }],
    ['page', { name: 'Home', properties: { title: 'Welcome' } }, { type: 'page', title: 'Welcome' }],
  ] as const)('%s %j', (kind, wire, expected) => {
    expect(call({ ...user, ...wire }, kind)).toMatchObject({ index: 0, who: { user: 'u1' } })
    expect(call({ ...user, ...wire }, kind)).toHaveProperty('event', { ...event, ...expected })
  })
})

describe('the place of a page', () => {
  const seenPage = {
    url: 'https://a.example/shop/',
    path: '/shop/',
    title: 'Shop',
    referrer: 'https://b.example/?q=1',
    search: '',
  }
  it.each([
    [
      'what the library saw',
      {},
      { page: seenPage },
      { url: 'https://a.example/shop/', title: 'Shop', referrer: 'https://b.example/' },
    ],
    [
      'its own properties first',
      { url: 'https://a.example/x', title: 'X', referrer: 'https://c.example/' },
      { page: seenPage },
      { url: 'https://a.example/x', title: 'X', referrer: 'https://c.example/' },
    ],
    ['a path on the site seen', { path: '/pricing' }, { page: seenPage }, { url: 'https://a.example/pricing' }],
    ['a path on the origin', { path: '/pricing' }, {}, { url: 'https://origin.example/pricing' }],
    ['no path', { path: 'pricing' }, {}, { url: undefined }],
    ['an app', { url: 'app://landing' }, { page: seenPage }, { url: undefined }],
    [
      'a search apart',
      { url: 'https://a.example/x', search: '?q=backup&token=secret' },
      {},
      { url: 'https://a.example/x?q=backup' },
    ],
    ['a search twice', { url: 'https://a.example/x?q=1', search: '?q=2' }, {}, { url: 'https://a.example/x?q=1' }],
    [
      'a campaign',
      { url: 'https://a.example/?utm_source=own' },
      { campaign: { name: 'TPS', source: 'other', medium: 'email', term: 5, content: '' } },
      { url: 'https://a.example/?utm_source=own&utm_campaign=TPS&utm_medium=email' },
    ],
    [
      'tags and totals',
      { funnel: 'bofu', signal: 'pricing', topic: 'backup', engagedSeconds: 41.5, scrollPercent: 120 },
      {},
      { funnel: 'bofu', signal: 'pricing', topic: 'backup', seconds: 41.5, scroll: 100 },
    ],
    [
      'properties of another meaning',
      { funnel: 'Sign-up funnel', signal: 5, engagedSeconds: '41', title: { x: 1 }, referrer: null },
      { page: 'x', campaign: [], traits: 7 },
      { funnel: undefined, signal: undefined, seconds: undefined, title: undefined, referrer: undefined },
    ],
  ])('%s', (_, properties, context, expected) => {
    const { events } = segment({ ...user, properties, context }, 'page', {
      ...server,
      origin: 'https://origin.example',
    })
    const [arrived] = events
    for (const [name, value] of Object.entries(expected))
      expect([name, (arrived?.event as never)?.[name]]).toEqual([name, value])
  })
})

it.each([
  [{ anonymousId: 'a' }, { anonymous: 'a' }],
  [{ userId: 'u' }, { user: 'u' }],
  [{ userId: 42, anonymousId: null }, { user: '42' }],
  [
    { user_id: 'u', anonymous_id: 'a' },
    { user: 'u', anonymous: 'a' },
  ],
  [{ userId: '', anonymousId: 'a' }, { anonymous: 'a' }],
])('%j is %j', (ids, who) => {
  expect(call({ event: 'x', ...ids }, 'track')).toMatchObject({ who })
})

test('an alias says that two names are one', () => {
  expect(call({ previousId: 'p', userId: 'u', anonymousId: 'a' }, 'alias')).toMatchObject({
    who: { also: 'p', user: 'u', anonymous: 'a' },
  })
})

it.each([
  ['track', { event: 'x' }, 'no_visitor', 'an event takes a visitor, anonymousId or userId'],
  [
    'track',
    { event: 'x', userId: '', anonymousId: null },
    'no_visitor',
    'an event takes a visitor, anonymousId or userId',
  ],
  ['track', { userId: 'u' }, 'invalid', 'event takes a name'],
  ['track', { userId: 'u', event: 5 }, 'invalid', 'event takes a name'],
  ['track', { userId: {}, event: 'x' }, 'invalid', 'userId takes text of at most 255 characters, or a number'],
  ['track', { userId: 'u', event: 'x', properties: 'y' }, 'invalid', 'properties takes an object'],
  ['track', { userId: 'u', event: 'x', context: [] }, 'invalid', 'context takes an object'],
  ['track', { userId: 'u', event: 'x', timestamp: 'yesterday' }, 'invalid', 'timestamp takes an ISO 8601 time'],
  ['track', { userId: 'u', event: 'x', timestamp: true }, 'invalid', 'timestamp takes an ISO 8601 time'],
  ['group', { userId: 'u' }, 'invalid', 'groupId takes text of 1 to 255 characters, or a number'],
  ['alias', { userId: 'u' }, 'invalid', 'previousId takes text of 1 to 255 characters, or a number'],
  ['alias', { previousId: 'u' }, 'invalid', 'userId takes text of 1 to 255 characters, or a number'],
] as const)('%s %j: %s', (kind, wire, code, message) => {
  expect(call(wire, kind)).toEqual({ index: 0, id: null, code, message })
})

describe('time', () => {
  const hourAgo = iso(RECEIVED - HOUR)
  const tenDaysAgo = iso(RECEIVED - 10 * DAY)
  const yearAgo = RECEIVED - 365 * DAY
  it.each([
    ['none', browser, {}, RECEIVED],
    ['a right clock', browser, { timestamp: hourAgo, sentAt: iso(RECEIVED) }, RECEIVED - HOUR],
    [
      'a clock two hours behind',
      browser,
      { timestamp: iso(RECEIVED - 3 * HOUR), sentAt: iso(RECEIVED - 2 * HOUR) },
      RECEIVED - HOUR,
    ],
    [
      'a raw time beside a corrected one',
      browser,
      { timestamp: hourAgo, originalTimestamp: iso(RECEIVED - 5000), sentAt: iso(RECEIVED) },
      RECEIVED - 5000,
    ],
    ['a queue, with its clock', browser, { timestamp: tenDaysAgo, sentAt: iso(RECEIVED) }, RECEIVED - 10 * DAY],
    ['a queue, without', browser, { timestamp: tenDaysAgo }, RECEIVED - DAY],
    ['epoch milliseconds', browser, { timestamp: RECEIVED - HOUR, sentAt: RECEIVED }, RECEIVED - HOUR],
    ['history from a server', server, { timestamp: iso(yearAgo), sentAt: iso(RECEIVED - 9 * HOUR) }, yearAgo],
    ['the future from a server', server, { timestamp: iso(RECEIVED + DAY) }, RECEIVED],
    [
      'a raw time from a server',
      server,
      { originalTimestamp: iso(yearAgo), sentAt: iso(RECEIVED - HOUR) },
      yearAgo + HOUR,
    ],
    ['an empty time', server, { timestamp: '', originalTimestamp: null }, RECEIVED],
    ['a clock of sending that cannot be read', browser, { timestamp: hourAgo, sentAt: 'x' }, RECEIVED - HOUR],
  ] as const)('%s', (_, arrival, times, expected) => {
    const { events } = segment({ ...user, event: 'x', ...times }, 'track', arrival)
    expect(events[0]?.event.at).toBe(expected)
  })
})

describe('a batch', () => {
  test('gives its calls what they lack', () => {
    const { key, events } = segment({
      writeKey: 'K',
      sentAt: iso(RECEIVED - HOUR),
      context: { sessionId: 's', page: { url: 'https://a.example/' } },
      batch: [
        { type: 'page', userId: 'u', originalTimestamp: iso(RECEIVED - 2 * HOUR) },
        {
          type: 'page',
          userId: 'u',
          context: { sessionId: 't' },
          sentAt: iso(RECEIVED),
          originalTimestamp: iso(RECEIVED - 2 * HOUR),
        },
      ],
    })
    expect(key).toBe('K')
    expect(events.map(({ event: { at, session } }) => [at, session])).toEqual([
      [RECEIVED - HOUR, 's'],
      [RECEIVED - 2 * HOUR, 't'],
    ])
    expect(events[1]?.event).toHaveProperty('url', 'https://a.example/')
  })

  test('has a verdict for each', () => {
    const types = ['track', 'delete', undefined, 'batch', 'constructor']
    const { events, rejected } = segment({ batch: types.map((type) => ({ type, userId: 'u', event: 'x' })) }, 'batch')
    expect(events.map(({ index }) => index)).toEqual([0])
    expect(rejected.map(({ index, code }) => [index, code])).toEqual([1, 2, 3, 4].map((n) => [n, 'unknown_type']))
  })

  it.each(['{}', '{"batch":{}}', '[]', '7'])('the body %s is refused', (text) => {
    expect(parseSegment(text, 'batch', server)).toMatchObject({ status: 400, code: 'bad_body' })
  })

  test('the route of a single call wins over the type in its body', () => {
    expect(call({ ...user, type: 'track', name: 'Home' }, 'page')).toHaveProperty('event.type', 'page')
  })
})

describe('an event without an id', () => {
  const idOf = (wire: object, arrival = server) =>
    read(parseSegment(JSON.stringify(wire), 'track', arrival)).events[0]?.event.id
  const base = { event: 'x', userId: 'u', properties: { a: 1, b: { c: 2, d: 3 } } }
  const later = (ms: number) => ({ ...server, received: RECEIVED + ms })

  test.each([
    ['keys in another order', { properties: { b: { d: 3, c: 2 }, a: 1 }, userId: 'u', event: 'x' }, 0],
    ['sent again', { ...base, sentAt: iso(RECEIVED + 5000) }, 5000],
  ])('is the same with %s', (_, wire, delay) => {
    expect(idOf(wire, later(delay))).toBe(idOf(base))
  })

  test('with a time of its own is the same for ever', () => {
    const timed = { ...base, timestamp: iso(RECEIVED) }
    expect(idOf(timed, later(20 * DAY))).toBe(idOf(timed))
  })

  test.each([
    ['another property', { ...base, properties: { ...base.properties, a: 2 } }, 0],
    ['another user', { ...base, userId: 'v' }, 0],
    ['another time', { ...base, timestamp: iso(RECEIVED) }, 0],
    ['tomorrow, without a time of its own', base, DAY],
  ])('is another with %s', (_, wire, delay) => {
    expect(idOf(wire, later(delay))).not.toBe(idOf(base))
  })

  test('counts as often as a batch holds it, and no more when the batch is sent again', () => {
    const item = { type: 'page', userId: 'u', timestamp: iso(RECEIVED), properties: { signal: 'article' } }
    const ids = () =>
      segment({ batch: [item, item, item], sentAt: iso(RECEIVED) }).events.map((arrived) => arrived.event.id)
    expect(new Set(ids()).size).toBe(3)
    expect(ids()).toEqual(ids())
  })
})

const file = dataFile('spec/segment_spec_payloads.jsonl')
type Payload = Record<string, unknown> & {
  type?: string
  action?: string
  event?: string
  name?: string
  groupId?: string
}
const payloads = jsonLines(file).map(({ payload }) => payload as Payload)
const TYPES = { track: 'track', page: 'page', screen: 'page', identify: 'identify', alias: 'identify', group: 'group' }

describe.skipIf(!file)(`the ${payloads.length} payloads of the specification`, () => {
  it.each(payloads.map((payload) => [payload.event ?? payload.type, payload] as const))('%s', (_, payload) => {
    const type = (payload.type ?? payload.action) as keyof typeof TYPES
    const user = payload.userId ?? payload.user_id
    for (const [arrival, kind] of [
      [server, type],
      [browser, type],
      [server, 'batch'],
    ] as const) {
      const { events, rejected } = segment(kind === 'batch' ? { batch: [payload] } : payload, kind, arrival)
      if (user === undefined && payload.anonymousId === undefined) {
        expect(rejected).toMatchObject([{ index: 0, code: 'no_visitor' }])
        continue
      }
      expect(rejected).toEqual([])
      const [{ who, event } = expect.fail()] = events
      expect([who.user, who.anonymous, who.also]).toEqual([user, payload.anonymousId, payload.previousId])
      expect(event).toMatchObject({ type: TYPES[type], source: arrival.source })
      if (payload.messageId) expect(event.id).toBe(payload.messageId)
      if (payload.timestamp && arrival === server) expect(iso(event.at)).toBe(payload.timestamp)
      if (event.type === 'track') expect([event.name, event.props]).toEqual([payload.event, payload.properties])
      if (event.type === 'group') expect([event.account, event.traits]).toEqual([payload.groupId, payload.traits])
      if (type === 'identify') expect(event).toHaveProperty('traits', payload.traits)
    }
  })
})
