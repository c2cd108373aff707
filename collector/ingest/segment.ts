/** The bodies of Segment's and RudderStack's SDKs: one call, or a batch of them. */
import type { Arrival, Batch, Issue, Refusal, Who } from './batch.ts'
import { listIn, NO_VISITOR, openBody, type Read, readAll, visitorOf, type Wire } from './body.ts'
import { shapeCall, timeOf } from './call.ts'
import { createNamer } from './content.ts'
import { bulk } from './limits.ts'
import { type Call, type CallType, issueIn, SEGMENT_CALLS } from './schema.ts'
import { idOf } from './text.ts'
import { isObject } from './value.ts'

/** The routes of the API. */
export type SegmentKind = CallType | 'batch' | 'import'

const UNKNOWN_TYPE: Issue = {
  code: 'unknown_type',
  message: `type takes one of ${Object.keys(SEGMENT_CALLS).join(', ')}`,
}
const BAD_TIME: Issue = { code: 'invalid', message: 'timestamp takes an ISO 8601 time' }

const isCallType = (type: unknown): type is CallType => typeof type === 'string' && Object.hasOwn(SEGMENT_CALLS, type)

/** What a batch says once for all its calls. */
interface Inherited {
  readonly key: string | undefined
  readonly context: Wire | undefined
  readonly ids: Wire
  readonly sentAt: unknown
}

/** Some libraries write `user_id`, and some of Segment's own examples `action` for `type`. */
const spelt = (item: Wire, { context, ids, sentAt }: Inherited, type: CallType): Wire => ({
  ...item,
  type,
  anonymousId: item.anonymousId ?? item.anonymous_id ?? ids.anonymousId,
  userId: item.userId ?? item.user_id ?? ids.userId,
  sentAt: item.sentAt ?? sentAt,
  context: context && (isObject(item.context) || item.context == null) ? { ...context, ...item.context } : item.context,
})

const whoOf = (call: Call, arrival: Arrival, key: string | undefined): Who | undefined => {
  const anonymous = visitorOf(arrival, key, idOf(call.anonymousId))
  const user = idOf(call.userId)
  if (anonymous === undefined && user === undefined) return
  return { anonymous, user, also: call.type === 'alias' ? idOf(call.previousId) : undefined }
}

const reader = (text: string, inherited: Inherited, arrival: Arrival & { kind: CallType | undefined }): Read => {
  const nameOf = createNamer(arrival)
  return (item) => {
    const tooMuch = bulk(item, text, inherited.context)
    if (tooMuch) return tooMuch
    const type = arrival.kind ?? item.type ?? item.action
    if (!isCallType(type)) return UNKNOWN_TYPE
    const { data, error } = SEGMENT_CALLS[type].safeParse(spelt(item, inherited, type))
    if (error) return issueIn(error)
    const call = { ...data, type } as Call
    const who = whoOf(call, arrival, inherited.key)
    if (!who) return NO_VISITOR
    const at = timeOf(call, arrival)
    if (Number.isNaN(at)) return BAD_TIME
    return { who, event: shapeCall(call, { id: idOf(call.messageId) ?? nameOf(item, type), at, arrival }) }
  }
}

/** Reads the body of a call to `/v1/<kind>`. */
export const parseSegment = (text: string, kind: SegmentKind, arrival: Arrival): Batch | Refusal => {
  const body = openBody(text)
  if ('status' in body) return body
  const { object } = body
  const isBatch = kind === 'batch' || kind === 'import'
  const items = isBatch ? listIn(object, 'batch') : [object]
  if ('status' in items) return items
  const key = typeof object.writeKey === 'string' ? idOf(object.writeKey) : undefined
  const inherited: Inherited = isBatch
    ? { key, context: isObject(object.context) ? object.context : undefined, ids: object, sentAt: object.sentAt }
    : { key, context: undefined, ids: {}, sentAt: undefined }
  const read = reader(text, inherited, { ...arrival, kind: isBatch ? undefined : kind })
  return { key, automated: false, ...readAll(items, 'messageId', read) }
}
