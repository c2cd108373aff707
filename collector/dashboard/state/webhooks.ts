/** Where messages go, as the collector tells of it. */
import { send } from '../api.ts'

export interface Webhook {
  readonly id: string
  readonly kind: string
  readonly label: string
  readonly site: string | null
  readonly types: readonly string[]
  readonly url: string | null
  readonly state: string
  readonly reason: string | null
  readonly deliveries: { readonly pending: number; readonly delivered: number; readonly dead: number }
}

/** With its secret, where that is new. */
export type NewWebhook = Webhook & { readonly secret?: string }

export const webhookPath = ({ id }: Webhook): string => `/api/webhooks/${encodeURIComponent(id)}`

export const changeWebhook = (webhook: Webhook, body: object) => send<NewWebhook>('PATCH', webhookPath(webhook), body)

/** Whether its messages carry a signature of ours. */
export const isSigned = ({ kind }: Pick<Webhook, 'kind'>): boolean => kind === 'webhook' || kind === 'generic'
