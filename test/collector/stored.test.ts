/** An event comes out of a row as it went in, whatever kind it is. */

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { happenings } from '../../bench/history.ts'
import { parseSegment } from '../../collector/ingest/segment.ts'
import { parseSnippet } from '../../collector/ingest/snippet.ts'
import type { Terms } from '../../collector/store/compact.ts'
import { eventsIn, stateIn, storedEvents, storedState } from '../../collector/store/stored.ts'
import { replayed } from '../../shared/append.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import { createFold } from '../../shared/visitor.ts'

const none: Terms = { numberOf: () => undefined, textOf: () => '' }
/** Each text that is shown to it. */
const texts: string[] = []
const shared: Terms = {
  numberOf: (text) => (texts.includes(text) ? texts.indexOf(text) : texts.push(text) - 1),
  textOf: (n) => texts[n]!,
}
const arrival = {
  received: 1_790_000_000_000,
  digest: (text: string) => createHash('sha256').update(text).digest('hex'),
} as const
const occurrence = { id: fc.uuid(), at: fc.integer({ min: 1_780_000_000_000, max: 1_790_000_000_000 }) }
const wire = fc.oneof(
  fc.record({
    ...occurrence,
    type: fc.constant('page'),
    url: fc.webUrl(),
    title: fc.string(),
    funnel: fc.constant('tofu'),
  }),
  fc.record({
    ...occurrence,
    type: fc.constant('engagement'),
    view: fc.uuid(),
    seconds: fc.float({ noNaN: true }),
    scroll: fc.nat(100),
  }),
  fc.record({
    ...occurrence,
    type: fc.constant('form'),
    form: fc.string(),
    step: fc.constant('submit'),
    filled: fc.nat(9),
  }),
  fc.record({
    ...occurrence,
    type: fc.constant('track'),
    name: fc.constant('x'),
    props: fc.dictionary(fc.string(), fc.jsonValue()),
  }),
  fc.record({ ...occurrence, type: fc.constant('identify'), traits: fc.dictionary(fc.string(), fc.jsonValue()) }),
)
const plain = (events: readonly VisitorEvent[]) => JSON.parse(JSON.stringify(events)) as unknown

it('every event that ingest can make', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(
      fc.array(wire, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('browser', 'server'),
      (wires, source) => {
        const batch = parseSnippet(JSON.stringify({ visitor: 'v', events: wires }), { ...arrival, source })
        const events = 'events' in batch ? batch.events.map(({ event }) => event) : []
        for (const { type } of events) seen.add(type)
        expect(eventsIn(storedEvents(events, none), none)).toEqual(plain(events))
      },
    ),
    { numRuns: 500 },
  )
  expect(seen.size).toBe(5)
})

it('calls of SDKs, and a field that this version has no place for', () => {
  const call = { type: 'group', groupId: 'g', userId: 'u', traits: { plan: 'x' }, context: { sessionId: 7 } }
  const batch = parseSegment(JSON.stringify(call), 'group', { ...arrival, source: 'server' })
  const [event] = 'events' in batch ? batch.events.map((each) => each.event) : []
  const odd = { ...event, later: { more: [1, null] } } as unknown as VisitorEvent
  expect(event?.type).toBe('group')
  expect(eventsIn(storedEvents([event!, odd], none), none)).toEqual(plain([event!, odd]))
})

it('and states as they went in, shorter by the texts that many share', () => {
  const people = Map.groupBy(happenings(20, 1000), ({ visitor }) => visitor)
  for (const person of people.values()) {
    const state = replayed(
      createFold(DEFAULT_MODEL),
      person.map(({ event }) => event),
      { transitions: [] },
    )!
    expect(stateIn(storedState(state, none), none)).toEqual(JSON.parse(JSON.stringify(state)))
    expect(stateIn(storedState(state, shared), shared)).toEqual(JSON.parse(JSON.stringify(state)))
    expect(storedState(state, shared).length).toBeLessThan(storedState(state, none).length)
  }
})
