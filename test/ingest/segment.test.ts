/** Calls of Segment's and RudderStack's libraries, and what becomes of them. */
import { describe, expect, it, test } from 'vitest'
import { parseSegment } from '../../collector/ingest/segment.ts'
import { call, HOUR, iso, RECEIVED, segment, server } from './arrival.ts'

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
