/** From a body's text to its events, one verdict each. */
import type { VisitorEvent } from '../../shared/event.ts'
import type { Arrival, Arrived, Issue, Refusal, Rejection, Who } from './batch.ts'
import { exceeds, LIMITS } from './limits.ts'
import { CAPS, clean, cleanIf } from './text.ts'
import { isObject } from './value.ts'

export type Wire = Readonly<Record<string, unknown>>
export type Read = (item: Wire) => { readonly who: Who; readonly event: VisitorEvent } | Issue

export const refuse = (status: Refusal['status'], code: Refusal['code'], message: string): Refusal => ({
  status,
  code,
  message,
})

/** The object that a body holds, or why it is refused whole. */
export const openBody = (text: string): { readonly object: Wire } | Refusal => {
  if (exceeds(text, LIMITS.body)) return refuse(413, 'too_large', `a body takes at most ${LIMITS.body} bytes`)
  let object: unknown
  try {
    object = JSON.parse(text)
  } catch {
    return refuse(400, 'bad_json', 'the body takes JSON')
  }
  return isObject(object) ? { object } : refuse(400, 'bad_body', 'the body takes a JSON object')
}

/** The list of events in a body, or why there is none. */
export const listIn = (object: Wire, name: string): readonly unknown[] | Refusal => {
  const list = object[name]
  if (!Array.isArray(list)) return refuse(400, 'bad_body', `${name} takes a list of events`)
  if (list.length > LIMITS.answered) return refuse(413, 'too_large', `a batch takes at most ${LIMITS.events} events`)
  return list
}

export const NO_VISITOR: Issue = { code: 'no_visitor', message: 'an event takes a visitor, anonymousId or userId' }
const NOT_AN_EVENT: Issue = { code: 'invalid', message: 'an event takes an object' }
const TOO_MANY: Issue = { code: 'too_many', message: `a batch takes at most ${LIMITS.events} events` }

/** The id under which the browser is known; see `Arrival`. */
export const visitorOf = ({ visitor }: Arrival, key: string | undefined, id: string | null | undefined) => {
  const named = cleanIf(id)
  return visitor ? visitor(key, named) : named
}

const echoOf = (item: unknown, name: string): string | null => {
  const id = isObject(item) ? item[name] : null
  return typeof id === 'string' ? clean(id, 2 * CAPS.id) : null
}

/** Reads each item; `id` names the field that holds an event's id. */
export const readAll = (items: readonly unknown[], id: string, read: Read) => {
  const events: Arrived[] = []
  const rejected: Rejection[] = []
  items.forEach((item, index) => {
    const result = index >= LIMITS.events ? TOO_MANY : isObject(item) ? read(item) : NOT_AN_EVENT
    if ('code' in result) rejected.push({ index, id: echoOf(item, id), code: result.code, message: result.message })
    else events.push({ index, who: result.who, event: result.event })
  })
  return { events, rejected }
}
