/** A Segment call, checked by its schema, in the shape the fold reads. */
import type { VisitorEvent } from '../../shared/event.ts'
import type { Arrival } from './batch.ts'
import { browserTime, correctedTime, isoTime, serverTime } from './clock.ts'
import { placeOf } from './page.ts'
import { type Call, Context, SessionId } from './schema.ts'
import { CAPS, clean, idOf } from './text.ts'
import { bounded, personTraits } from './traits.ts'
import { plainObject } from './value.ts'

type Time = string | number | null | undefined

const epoch = (time: Time): number | undefined => {
  if (time === null || time === undefined || time === '') return
  return typeof time === 'number' ? time : isoTime(time)
}

/**
 * When it happened. A server's `timestamp` is taken as it is told; what a browser tells is corrected by Segment's
 * formula, as is a server's raw `originalTimestamp`. NaN when a time cannot be read.
 */
export const timeOf = (call: Call, { received, source }: Arrival): number => {
  const told = epoch(call.timestamp)
  const raw = epoch(call.originalTimestamp) ?? told
  const sent = epoch(call.sentAt)
  if (raw === undefined) return received
  if (Number.isNaN(raw) || Number.isNaN(told)) return Number.NaN
  if (source === 'browser') return browserTime(raw, { received, sent })
  return told === undefined ? correctedTime(raw, { received, sent }) : serverTime(told, received)
}

const sessionIn = (call: Call): string | number | undefined => {
  return 'properties' in call ? SessionId.parse(call.properties?.sessionId) : undefined
}

interface Setting {
  readonly id: string
  readonly at: number
  readonly arrival: Arrival
}

export const shapeCall = (call: Call, { id, at, arrival }: Setting): VisitorEvent => {
  const context = Context.parse(call.context ?? {})
  const session = idOf(context.sessionId ?? sessionIn(call))
  const occurrence = { id, at, source: arrival.source, session }
  switch (call.type) {
    case 'page':
    case 'screen':
      return { ...occurrence, type: 'page', ...placeOf(call, context, arrival.origin) }
    case 'track': {
      const props = call.properties ? plainObject(call.properties) : undefined
      return { ...occurrence, type: 'track', name: clean(call.event, CAPS.name), props }
    }
    case 'identify':
      return { ...occurrence, type: 'identify', traits: personTraits({ ...context.traits, ...call.traits }) }
    case 'alias':
      return { ...occurrence, type: 'identify', traits: {} }
    case 'group': {
      const traits = call.traits ? bounded(call.traits) : undefined
      return { ...occurrence, type: 'group', account: idOf(call.groupId) ?? '', traits }
    }
  }
}
