/** The kinds of receivers: what each must be told to be set up, and the plan by which it is sent a message. */
import { z } from 'zod'
import { MESSAGE_TYPES, type MessageType } from '../../shared/message.ts'
import { type GenericSettings, planGeneric } from './generic.ts'
import { type HubspotSettings, planHubspot } from './hubspot.ts'
import type { Order, Plan } from './plan.ts'
import { type Memory, planSalesforce, type SalesforceSettings } from './salesforce.ts'
import { newSecret, type Secret } from './signature.ts'
import { planSlack, type SlackSettings } from './slack.ts'
import { planWebhook, type WebhookSettings } from './webhook.ts'

export const KINDS = ['webhook', 'slack', 'hubspot', 'salesforce', 'generic'] as const
export type Kind = (typeof KINDS)[number]

/** Not `.url`: what an address may be is decided where it is resolved. */
const Address = z.string().regex(/^\S{1,2048}$/, 'takes an address such as https://crm.example.com/hook')
const Token = z.string().regex(/^[\x21-\x7e]{1,4096}$/, 'takes a token: no spaces, no line breaks')
const OWN_HEADERS = /^(host|connection|upgrade|te|trailer|content-.*|transfer-.*|proxy-.*|webhook-.*)$/i
const Headers = z
  .record(
    z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'takes the name of a header'),
    z.string().regex(/^[\x20-\x7e]{0,2000}$/, 'takes text without line breaks'),
  )
  .refine((headers) => Object.keys(headers).length <= 20, 'takes at most 20 headers')
  .refine((headers) => !Object.keys(headers).some((name) => OWN_HEADERS.test(name)), 'names a header that is ours')
/** What is nested too deep cannot even be written down again. */
const isShallow = (value: unknown, left = 32): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (left > 0 && Object.values(value).every((each) => isShallow(each, left - 1)))
const Template = z
  .record(z.string(), z.unknown())
  .refine(
    (template) => isShallow(template) && JSON.stringify(template).length <= 16_384,
    'takes at most 16 KB, 32 deep',
  )

/** What is asked for, by kind. No defaults here: a change names only what changes. */
export const SETUP = {
  webhook: z.strictObject({ url: Address }),
  slack: z.strictObject({ url: Address }),
  hubspot: z.strictObject({ url: Address.optional(), token: Token }),
  salesforce: z.strictObject({ url: Address, clientId: Token, clientSecret: Token }),
  generic: z.strictObject({ url: Address, template: Template, headers: Headers.optional() }),
} as const

/** What a kind is sent where nobody says. People want leads, not every step. */
export const TYPES: Readonly<Record<Kind, readonly MessageType[]>> = {
  webhook: MESSAGE_TYPES,
  generic: MESSAGE_TYPES,
  slack: ['lead.handoff', 'lead.sla_breached'],
  hubspot: ['visitor.stage_changed', 'visitor.qualification_changed', 'lead.handoff'],
  salesforce: ['visitor.stage_changed', 'visitor.qualification_changed', 'lead.handoff'],
}

export type Setup = { readonly url?: string | undefined } & Readonly<Record<string, unknown>>

/** What is kept, sealed: all that was set up, and the secrets that messages are signed with. */
export type Settings = Setup & { readonly url: string; readonly secrets: readonly Secret[] }

const HUBSPOT = 'https://api.hubapi.com'

export const settingsFor = (setup: Setup): Settings => ({
  ...setup,
  url: setup.url ?? HUBSPOT,
  secrets: [newSecret()],
})

/** Whether messages of this kind are signed: then a secret is told when it is new. */
export const isSigned = (kind: Kind): boolean => kind === 'webhook' || kind === 'generic'

/** The address of a Slack webhook is its secret. */
export const shownUrl = (kind: Kind, { url }: Settings): string =>
  kind === 'slack' && URL.canParse(url) ? `${new URL(url).origin}/…` : url

export interface Remembering {
  readonly settings: Settings
  readonly memory: Memory
}

/** Settings were read by the schema of their kind before they were sealed. */
export const planFor = (kind: Kind, order: Order, { settings, memory }: Remembering): Plan => {
  switch (kind) {
    case 'webhook':
      return planWebhook(order, settings as WebhookSettings)
    case 'generic':
      return planGeneric(order, settings as unknown as GenericSettings)
    case 'slack':
      return planSlack(order, settings as SlackSettings)
    case 'hubspot':
      return planHubspot(order, settings as unknown as HubspotSettings)
    case 'salesforce':
      return planSalesforce(order, settings as unknown as SalesforceSettings, memory)
  }
}
