/** The kinds of receivers: what each must be told to be set up, and the plan by which it is sent a message. */
import { z } from 'zod'
import type { Order, Plan } from './plan.ts'
import { newSecret, type Secret } from './signature.ts'
import { planWebhook } from './webhook.ts'

export const KINDS = ['webhook'] as const
export type Kind = (typeof KINDS)[number]

/** Not `.url`: what an address may be is decided where it is resolved. */
const Address = z.string().regex(/^\S{1,2048}$/, 'takes an address such as https://crm.example.com/hook')

/** What is asked for, by kind. */
export const SETUP = {
  webhook: z.strictObject({ url: Address }),
} as const

/** What is kept, sealed. */
export interface Settings {
  readonly url: string
  readonly secrets: readonly Secret[]
}

export const settingsFor = (_kind: Kind, setup: { readonly url: string }): Settings => ({
  ...setup,
  secrets: [newSecret()],
})

/** An address that is a secret itself is not shown again. */
export const shownUrl = (_kind: Kind, { url }: Settings): string => url

export const planFor = (_kind: Kind, settings: Settings, order: Order): Plan => planWebhook(order, settings)
