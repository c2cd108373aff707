/** The webhooks: set up, changed, tried out. Each address is checked when it is saved and whenever it is used. */
import { randomBytes } from 'node:crypto'
import type { Message, MessageType } from '../shared/message.ts'
import { type DestinationOptions, findDestination } from './outbox/destination.ts'
import type { Order, Plan, Verdict } from './outbox/plan.ts'
import { isSigned, type Kind, planFor, type Settings, type Setup, settingsFor, shownUrl } from './outbox/receiver.ts'
import { follow } from './outbox/relay.ts'
import type { Memory } from './outbox/salesforce.ts'
import type { Send } from './outbox/send.ts'
import { rotated, type Secret } from './outbox/signature.ts'
import type { Seal } from './seal.ts'
import type { Webhook } from './store/store.ts'

export interface Wish {
  readonly kind: Kind
  readonly label: string
  readonly site: string | undefined
  readonly types: readonly MessageType[]
  readonly setup: Setup
}

export interface Wishes {
  readonly label?: string | undefined
  /** Null: all of them. */
  readonly site?: string | null | undefined
  readonly types?: readonly MessageType[] | undefined
  readonly setup?: Setup | undefined
  readonly isOn?: boolean | undefined
  /** A new secret in front of those that are valid. */
  readonly rotates?: boolean | undefined
}

/** What was made or changed, and the secret where it is new; or why it cannot be. */
export type Outcome =
  | { readonly webhook: Webhook; readonly secret?: string | undefined; readonly refused?: undefined }
  | { readonly refused: string }

export interface Webhooks {
  readonly make: (wish: Wish) => Promise<Outcome>
  readonly change: (webhook: Webhook, wishes: Wishes) => Promise<Outcome>
  /** Sends a message that is marked as a test, now and once. */
  readonly test: (webhook: Webhook, message: Message) => Promise<Verdict>
  /** The address as it may be shown; undefined where it cannot be read. */
  readonly addressOf: (webhook: Webhook) => string | undefined
  readonly planFor: (webhook: Webhook, order: Order) => Plan | undefined
}

export interface WebhooksOptions {
  readonly seal: Seal
  readonly send: Send
  readonly destinations: DestinationOptions
  readonly now: () => number
}

export const createWebhooks = ({ seal, send, destinations, now }: WebhooksOptions): Webhooks => {
  const settingsOf = ({ sealed }: Webhook): Settings | undefined => {
    const text = seal.open(sealed)
    return text === undefined ? undefined : (JSON.parse(text) as Settings)
  }
  const refusalOf = async ({ url }: Settings): Promise<string | undefined> =>
    (await findDestination(url, destinations)).refused
  const memories = new Map<string, Memory>()
  const memoryOf = (id: string): Memory => {
    const memory = memories.get(id) ?? {}
    memories.set(id, memory)
    return memory
  }
  const plan: Webhooks['planFor'] = (webhook, order) => {
    const settings = settingsOf(webhook)
    return settings && planFor(webhook.kind as Kind, order, { settings, memory: memoryOf(webhook.id) })
  }

  return {
    make: async ({ setup, kind, ...wish }) => {
      const settings = settingsFor(setup)
      const refused = await refusalOf(settings)
      if (refused !== undefined) return { refused }
      const id = `wh_${randomBytes(8).toString('hex')}`
      const sealed = seal.close(JSON.stringify(settings))
      const webhook: Webhook = { id, kind, ...wish, state: 'on', reason: undefined, sealed, createdAt: now() }
      return { webhook, ...(isSigned(kind) && { secret: secretOf(settings) }) }
    },
    change: async (webhook, { setup, isOn, rotates, site = webhook.site ?? null, ...wishes }) => {
      const before = settingsOf(webhook)
      if (!before && (setup || rotates)) return { refused: UNREADABLE }
      const secrets = before && rotates ? rotated(before.secrets, now()) : before?.secrets
      const settings = before && { ...before, ...told(setup ?? {}), secrets: secrets! }
      const refused = settings && setup ? await refusalOf(settings) : undefined
      if (refused !== undefined) return { refused }
      memories.delete(webhook.id)
      const state = isOn === undefined ? {} : ({ state: isOn ? 'on' : 'off', reason: undefined } as const)
      const sealed = settings ? seal.close(JSON.stringify(settings)) : webhook.sealed
      return {
        webhook: { ...webhook, ...told(wishes), site: site ?? undefined, ...state, sealed },
        ...(rotates && { secret: secretOf(settings!) }),
      }
    },
    test: async (webhook, message) => {
      const order = { id: `msg_${randomBytes(16).toString('hex')}`, body: JSON.stringify(message), message, now: now() }
      return follow(plan(webhook, order), send)
    },
    addressOf: (webhook) => {
      const settings = settingsOf(webhook)
      return settings && shownUrl(webhook.kind as Kind, settings)
    },
    planFor: plan,
  }
}

const UNREADABLE = 'Its settings cannot be read: LEADLIGHT_SECRET is another than before. Delete it and set it up anew.'

const secretOf = ({ secrets }: { readonly secrets: readonly Secret[] }): string | undefined => secrets[0]?.value

/** Without what was left out. */
const told = <Fields extends object>(fields: Fields): Partial<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>
