/** The clock's promises: corrected, never in the future, never absurd. */
import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { browserTime, correctedTime, isoTime, serverTime } from '../../collector/ingest/clock.ts'
import { DAY, HOUR, MINUTE, RECEIVED } from './arrival.ts'

const received = RECEIVED
const YEAR = 365 * DAY

it.each([
  ['a right clock', received - 1000, received, received - 1000],
  ['a clock a year ahead', received + YEAR - 1000, received + YEAR, received - 1000],
  ['a clock a year behind', received - YEAR - 1000, received - YEAR, received - 1000],
  ['an event after its sending', received + 5, received, received],
  ['exactly a day old', received - DAY, received, received - DAY],
  ['a queue of 25 hours', received - 25 * HOUR, received, received - 25 * HOUR],
  ['a queue of exactly 30 days', received - 30 * DAY, received, received - 30 * DAY],
  ['a millisecond more than 30 days', received - 30 * DAY - 1, received, received - DAY],
  ['no time at all', 0, received, received - DAY],
  ['no clock of sending, an hour ago', received - HOUR, undefined, received - HOUR],
  ['no clock of sending, exactly a day', received - DAY, undefined, received - DAY],
  ['no clock of sending, a day and a millisecond', received - DAY - 1, undefined, received - DAY],
  ['no clock of sending, 25 days', received - 25 * DAY, undefined, received - DAY],
  ['no clock of sending, tomorrow', received + DAY, undefined, received],
  ['an infinite clock of sending', received - MINUTE, Number.POSITIVE_INFINITY, received - MINUTE],
  ['an event at infinity', Number.POSITIVE_INFINITY, received, received],
  ['an event before all time', Number.NEGATIVE_INFINITY, received, received - DAY],
  ['no number', Number.NaN, received, received],
])('browser: %s', (_, at, sent, expected) => {
  expect(browserTime(at, { received, sent })).toBe(expected)
})

it.each([
  ['history', received - 10 * YEAR, received - 10 * YEAR],
  ['now', received, received],
  ['the future', received + 1, received],
  ['before 1970', -1, 0],
  ['no number', Number.NaN, received],
])('server: %s is taken as told', (_, at, expected) => {
  expect(serverTime(at, received)).toBe(expected)
})

const anyTime = fc.oneof(
  fc.double(),
  fc.integer({ min: received - 60 * DAY, max: received + 60 * DAY }),
  fc.constantFrom(0, -0, Number.MAX_VALUE, -Number.MAX_VALUE, Number.NaN, Number.POSITIVE_INFINITY, 8.64e15),
)
const anySent = fc.option(anyTime, { nil: undefined })

test('a browser is never in the future, never more than 30 days back, and always a whole millisecond', () => {
  fc.assert(
    fc.property(anyTime, anySent, (at, sent) => {
      const time = browserTime(at, { received, sent })
      expect(Number.isInteger(time) && time <= received && time >= received - 30 * DAY).toBe(true)
      if (sent === undefined) expect(time).toBeGreaterThanOrEqual(received - DAY)
    }),
    { numRuns: 5000 },
  )
})

test('a wrong clock changes nothing: only differences count', () => {
  const age = fc.integer({ min: 0, max: 30 * DAY })
  fc.assert(
    fc.property(age, fc.integer({ min: -2 * YEAR, max: 2 * YEAR }), (old, error) => {
      const sent = received + error
      expect(browserTime(sent - old, { received, sent })).toBe(received - old)
    }),
  )
})

test('a server is never in the future, never before 1970, and always a whole millisecond', () => {
  fc.assert(
    fc.property(anyTime, anySent, (at, sent) => {
      for (const time of [serverTime(at, received), correctedTime(at, { received, sent })])
        expect(Number.isInteger(time) && time <= received && time >= 0).toBe(true)
    }),
    { numRuns: 5000 },
  )
})

it.each([
  ['2015-02-23T22:28:55.111Z', Date.UTC(2015, 1, 23, 22, 28, 55, 111)],
  ['2015-02-23T22:28:55.111222333Z', Date.UTC(2015, 1, 23, 22, 28, 55, 111)],
  ['2015-02-23T22:28:55', Date.UTC(2015, 1, 23, 22, 28, 55)], // no zone: UTC, wherever the collector stands
  ['2015-02-23 22:28:55', Date.UTC(2015, 1, 23, 22, 28, 55)],
  ['2015-02-23T22:28Z', Date.UTC(2015, 1, 23, 22, 28)],
  ['2015-02-23', Date.UTC(2015, 1, 23)],
  ['2015-02-23T22:28:55+02:00', Date.UTC(2015, 1, 23, 20, 28, 55)],
  ['2015-02-23T22:28:55+0200', Date.UTC(2015, 1, 23, 20, 28, 55)],
  ['2015-02-23T22:28:55,5-02', Date.UTC(2015, 1, 24, 0, 28, 55, 500)],
  ['2015-02-30T25:00:00Z', Number.NaN],
  ['Feb 23 2015', Number.NaN],
  ['1424730535111', Number.NaN],
  ['', Number.NaN],
])('the time %j', (text, expected) => {
  expect(isoTime(text)).toBe(expected)
})
