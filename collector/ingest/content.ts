/** Names an event that came without an id by its content, so that sent again it is the same event. */
import type { Arrival } from './batch.ts'
import type { Wire } from './body.ts'
import { isObject } from './value.ts'

const HOUR = 3_600_000

/** What a library writes anew each time it tries. */
const VOLATILE = new Set(['sentAt', 'receivedAt', 'writeKey'])

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  return Object.keys(value)
    .sort()
    .map((key) => [key, sorted(value[key])])
}

/**
 * The namer of one body. Equal events of one body get different names, in their order. Events without a time of their
 * own are taken for the same only within the hour: tomorrow's equal event is another one.
 */
export const createNamer = ({ digest, received }: Pick<Arrival, 'digest' | 'received'>) => {
  const seen = new Map<string, number>()
  return (item: Wire, type: string): string => {
    const lasting = Object.fromEntries(Object.entries(item).filter(([key]) => !VOLATILE.has(key)))
    const hour = (item.timestamp ?? item.originalTimestamp) ? 0 : Math.floor(received / HOUR)
    const content = JSON.stringify([type, hour, sorted(lasting)])
    const nth = seen.get(content) ?? 0
    seen.set(content, nth + 1)
    return digest(`${nth}${content}`)
  }
}
