/** The example payloads of Segment's specification: each is taken for what it says. */
import { describe, expect, it } from 'vitest'
import { browser, iso, segment, server } from './arrival.ts'
import { dataFile, jsonLines } from './data.ts'

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
