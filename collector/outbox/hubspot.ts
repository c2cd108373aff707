/**
 * HubSpot: keeps a contact by its e-mail address. The lifecycle stage only ever moves forward, as sales may have moved it
 * further than we know; and an old message that was tried late never covers what a newer one said.
 */
import type { Message } from '../../shared/message.ts'
import {
  delivered,
  isOk,
  type Order,
  type OutgoingRequest,
  objectIn,
  type Plan,
  type Reply,
  verdictOf,
} from './plan.ts'

export interface HubspotSettings {
  readonly url: string
  /** Of a private app with the scopes crm.objects.contacts.read and crm.objects.contacts.write. */
  readonly token: string
}

/** HubSpot's own, in their order. A stage that is none of these was made by its owner, and is left alone. */
const LIFECYCLE = [
  'subscriber',
  'lead',
  'marketingqualifiedlead',
  'salesqualifiedlead',
  'opportunity',
  'customer',
  'evangelist',
] as const
const STAGE_OF: Readonly<Record<string, (typeof LIFECYCLE)[number]>> = {
  iql: 'lead',
  mql: 'marketingqualifiedlead',
  sql: 'salesqualifiedlead',
  customer: 'customer',
}

export const planHubspot = function* ({ message, now }: Order, { url, token }: HubspotSettings): Plan {
  const { email } = message.data.visitor.traits
  if (typeof email !== 'string') return delivered('nothing to do: no e-mail address is known')
  const ask = (method: OutgoingRequest['method'], path: string, body?: object): OutgoingRequest => ({
    method,
    url: `${url.replace(/\/+$/, '')}/crm/v3/objects/contacts${path}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const found = yield ask(
    'GET',
    `/${encodeURIComponent(email)}?idProperty=email&properties=lifecyclestage,leadlight_at`,
  )
  const isNew = 'status' in found && found.status === 404
  if (!isOk(found) && !isNew) return verdictOf(found, now)
  if (message.type === 'webhook.test') return delivered('HubSpot answers; a test changes no contact')
  const { id, properties: current = {} } = contactIn(found)
  if ((current.leadlight_at ?? '') > message.timestamp) return delivered('nothing to do: HubSpot knows newer')
  const properties = propertiesOf(message, current.lifecyclestage)
  const saved = isNew
    ? yield ask('POST', '', { properties: { email, ...properties } })
    : yield ask('PATCH', `/${id}`, { properties })
  return { ...verdictOf(saved, now), ...(lacksProperties(saved) && { outcome: MISSING }) }
}

interface Contact {
  readonly id?: string
  readonly properties?: Readonly<Record<string, string | null>>
}
const contactIn = (reply: Reply): Contact => {
  const { id, properties } = objectIn(reply) ?? {}
  return {
    ...((typeof id === 'string' || typeof id === 'number') && { id: encodeURIComponent(id) }),
    ...(typeof properties === 'object' && properties !== null && { properties: properties as Record<string, string> }),
  }
}

const propertiesOf = ({ timestamp, data: { visitor, packet } }: Message, current: string | null | undefined) => {
  const { traits, score, stage, qualification, fit, why } = visitor
  const next = STAGE_OF[qualification]
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
  return {
    leadlight_at: timestamp,
    leadlight_score: score,
    leadlight_stage: stage,
    leadlight_qualification: qualification,
    leadlight_fit: fit.grade,
    leadlight_reasons: (packet ? packet.whyNow : why.map(({ signal, value }) => `${signal} ${value}`)).join('; '),
    ...(packet?.link && { leadlight_link: packet.link }),
    ...(next && isForward(current, next) && { lifecyclestage: next }),
    ...(text(traits.company) && { company: text(traits.company) }),
    ...(text(traits.jobTitle) && { jobtitle: text(traits.jobTitle) }),
  }
}

const isForward = (current: string | null | undefined, next: (typeof LIFECYCLE)[number]): boolean => {
  if (!current) return true
  const place = LIFECYCLE.indexOf(current as typeof next)
  return place >= 0 && place < LIFECYCLE.indexOf(next)
}

const lacksProperties = (reply: Reply): boolean =>
  'status' in reply && reply.status === 400 && reply.text.includes('PROPERTY_DOESNT_EXIST')
const MISSING = 'HubSpot lacks the properties: make leadlight_at, _score, _stage, _qualification, _fit, _reasons, _link'
