/** When a call happened, and which call it was, where its library does not say. */
import { describe, expect, it, test } from 'vitest'
import { parseSegment } from '../../collector/ingest/segment.ts'
import { browser, DAY, HOUR, iso, RECEIVED, read, segment, server } from './arrival.ts'

const user = { userId: 'u1', messageId: 'm1' }

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
