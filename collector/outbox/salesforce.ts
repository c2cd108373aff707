/**
 * Salesforce: keeps a lead by an external id that is ours, and spends its daily requests with care: one per message, none
 * where most of them are spent.
 */
import type { Message } from '../../shared/message.ts'
import {
  delivered,
  type Order,
  type OutgoingRequest,
  objectIn,
  type Plan,
  type Reply,
  type Verdict,
  verdictOf,
} from './plan.ts'

export interface SalesforceSettings {
  /** Of the organisation: https://acme.my.salesforce.com */
  readonly url: string
  /** Of a connected app that may use the client credentials flow. */
  readonly clientId: string
  readonly clientSecret: string
}

/** What is remembered between two messages to the same organisation, until the program ends. */
export interface Memory {
  token?: string | undefined
  /** Most of the requests of the day are spent: nothing is sent until then, in epoch ms. */
  restUntil?: number | undefined
}

const API = '/services/data/v62.0'
const FIELD = 'Leadlight_Id__c'
/** The share of the day's requests that is left to others, and how long it is waited before looking again, in ms. */
const SPENT = 0.9
const REST = 3_600_000

export const planSalesforce = function* (order: Order, settings: SalesforceSettings, memory: Memory): Plan {
  const { message, now } = order
  const { email } = message.data.visitor.traits
  if (message.type !== 'webhook.test' && typeof email !== 'string')
    return delivered('nothing to do: no e-mail address is known')
  if (memory.restUntil !== undefined && now < memory.restUntil) return resting(memory.restUntil - now)
  for (let isFresh = false; ; isFresh = true) {
    if (memory.token === undefined) {
      const granted = yield tokenRequest(settings)
      memory.token = tokenIn(granted)
      if (memory.token === undefined) return refused(granted, now)
      isFresh = true
    }
    const reply = yield leadRequest(message, settings, memory.token)
    noteUsage(reply, memory, now)
    const isStale = 'status' in reply && reply.status === 401
    if (isStale) memory.token = undefined
    if (!isStale || isFresh) return verdictIn(reply, memory, now)
  }
}

const base = ({ url }: SalesforceSettings): string => url.replace(/\/+$/, '')

const tokenRequest = (settings: SalesforceSettings): OutgoingRequest => ({
  method: 'POST',
  url: `${base(settings)}/services/oauth2/token`,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: settings.clientId,
    client_secret: settings.clientSecret,
  }).toString(),
})

/** A header has no room for anything but a token. */
const tokenIn = (reply: Reply): string | undefined => {
  const token = objectIn(reply)?.access_token
  return typeof token === 'string' && /^[\x21-\x7e]{1,4096}$/.test(token) ? token : undefined
}

const leadRequest = (message: Message, settings: SalesforceSettings, token: string): OutgoingRequest => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  if (message.type === 'webhook.test') return { method: 'GET', url: `${base(settings)}${API}/limits`, headers }
  const { visitor } = message.data
  const url = `${base(settings)}${API}/sobjects/Lead/${FIELD}/${encodeURIComponent(visitor.id)}`
  return { method: 'PATCH', url, headers, body: JSON.stringify(fieldsOf(message)) }
}

const fieldsOf = ({ data: { visitor, packet } }: Message) => {
  const { traits, score, stage, qualification, fit, why, account } = visitor
  const text = (value: unknown, most: number): string | undefined =>
    typeof value === 'string' && value.trim() !== '' ? value.slice(0, most).toWellFormed() : undefined
  const name = text(traits.name, 121)
  return {
    // A lead of Salesforce has a last name and a company, whether we know them or not.
    LastName: text(traits.lastName, 80) ?? text(name?.replace(/^.*\s(?=\S)/s, ''), 80) ?? text(traits.email, 80),
    ...(text(traits.firstName, 40) && { FirstName: text(traits.firstName, 40) }),
    Company: text(traits.company, 255) ?? text(account, 255) ?? '[not known]',
    Email: text(traits.email, 80),
    ...(text(traits.jobTitle, 128) && { Title: text(traits.jobTitle, 128) }),
    Leadlight_Score__c: score,
    Leadlight_Stage__c: stage,
    Leadlight_Qualification__c: qualification,
    Leadlight_Fit__c: fit.grade,
    Leadlight_Reasons__c: text((packet ? packet.whyNow : why.map(({ signal }) => signal)).join('; '), 255) ?? '',
  }
}

/** `Sforce-Limit-Info: api-usage=4500/5000` */
const noteUsage = (reply: Reply, memory: Memory, now: number): void => {
  if (!('headers' in reply)) return
  const [, used, all] = /api-usage=(\d+)\/(\d+)/.exec(reply.headers['sforce-limit-info'] ?? '') ?? []
  if (used === undefined) return
  memory.restUntil = Number(used) >= Number(all) * SPENT ? now + REST : undefined
}

const resting = (retryAfter: number): Verdict => ({
  is: 'failed',
  outcome: 'put off: most of today’s requests to Salesforce are spent',
  retryAfter,
})

const verdictIn = (reply: Reply, memory: Memory, now: number): Verdict => {
  if (!('text' in reply) || !reply.text.includes('REQUEST_LIMIT_EXCEEDED')) return verdictOf(reply, now)
  memory.restUntil = now + REST
  return resting(REST)
}

const refused = (reply: Reply, now: number): Verdict => {
  const verdict = verdictOf(reply, now)
  return { ...verdict, is: 'failed', outcome: `Salesforce gave no token (${verdict.outcome})` }
}
