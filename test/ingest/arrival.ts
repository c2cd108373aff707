/** The request that the tests pretend arrived. */
import { createHash } from 'node:crypto'
import { type Arrival, type Batch, isRefusal, type Refusal } from '../../collector/ingest/batch.ts'
import { parseSegment, type SegmentKind } from '../../collector/ingest/segment.ts'
import { parseSnippet } from '../../collector/ingest/snippet.ts'

export const RECEIVED = Date.UTC(2026, 8, 21, 12)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export const browser: Arrival = {
  received: RECEIVED,
  source: 'browser',
  digest: (text) => createHash('sha256').update(text).digest('hex'),
}
export const server: Arrival = { ...browser, source: 'server' }

export const iso = (time: number) => new Date(time).toISOString()

export const read = (result: Batch | Refusal): Batch => {
  if (isRefusal(result)) throw new Error(`refused: ${result.message}`)
  return result
}

/** The batch of a snippet with these events; `id` and `at` are filled in. */
export const snippet = (events: readonly unknown[], head: object = {}, arrival = browser): Batch =>
  read(parseSnippet(JSON.stringify({ site: 'S', visitor: 'V', sent: RECEIVED, events, ...head }), arrival))

export const seen = (event: object) => ({ id: 'e1', at: RECEIVED, ...event })

/** What became of one event of the snippet. */
export const one = (event: object, head: object = {}) => {
  const { events, rejected } = snippet([seen(event)], head)
  return events[0]?.event ?? rejected[0]
}

export const segment = (body: unknown, kind: SegmentKind = 'import', arrival = server): Batch =>
  read(parseSegment(JSON.stringify(body), kind, arrival))

/** What became of one call. */
export const call = (item: object, kind: SegmentKind, arrival = server) => {
  const { events, rejected } = segment(item, kind, arrival)
  return events[0] ?? rejected[0]
}
