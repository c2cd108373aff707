/** The bodies of `POST /e`: what the snippet saw on a page. */
import type { Arrival, Batch, Issue, Refusal } from './batch.ts'
import { listIn, NO_VISITOR, openBody, type Read, readAll, visitorOf } from './body.ts'
import { browserTime } from './clock.ts'
import { bulk } from './limits.ts'
import { issueIn, SNIPPET_EVENTS, SnippetHead } from './schema.ts'
import { shapeSnippet } from './shape.ts'

const UNKNOWN_TYPE: Issue = {
  code: 'unknown_type',
  message: `type takes one of ${Object.keys(SNIPPET_EVENTS).join(', ')}`,
}

const isKnown = (type: unknown): type is keyof typeof SNIPPET_EVENTS =>
  typeof type === 'string' && Object.hasOwn(SNIPPET_EVENTS, type)

const reader = (text: string, head: SnippetHead, arrival: Arrival): Read => {
  const anonymous = visitorOf(arrival, head.site, head.visitor)
  // One for all events of the body: who takes them sees at once that they are the same person's.
  const who = anonymous === undefined ? undefined : { anonymous }
  return (item) => {
    const tooMuch = bulk(item, text)
    if (tooMuch) return tooMuch
    if (!isKnown(item.type)) return UNKNOWN_TYPE
    const { data, error } = SNIPPET_EVENTS[item.type].safeParse(item)
    if (error) return issueIn(error)
    if (!who) return NO_VISITOR
    const at = browserTime(data.at, { received: arrival.received, sent: head.sent })
    const event = shapeSnippet(data, { at, source: arrival.source, hash: head.hash ?? false })
    return 'code' in event ? event : { who, event }
  }
}

/** Reads what a snippet sent. Every event of a body that can be read is either taken or rejected with a reason. */
export const parseSnippet = (text: string, arrival: Arrival): Batch | Refusal => {
  const body = openBody(text)
  if ('status' in body) return body
  const items = listIn(body.object, 'events')
  if ('status' in items) return items
  const head = SnippetHead.parse(body.object)
  return { key: head.site, automated: head.automated ?? false, ...readAll(items, 'id', reader(text, head, arrival)) }
}
