/** A receiver of our own messages: Standard Webhooks 1.0, signed. */
import { type Order, type Plan, verdictOf } from './plan.ts'
import { type Secret, signatureHeaders } from './signature.ts'

export interface WebhookSettings {
  readonly url: string
  readonly secrets: readonly Secret[]
}

export const planWebhook = function* ({ id, body, now }: Order, { url, secrets }: WebhookSettings): Plan {
  const headers = { 'content-type': 'application/json', ...signatureHeaders({ id, now, body }, secrets) }
  return verdictOf(yield { method: 'POST', url, headers, body }, now)
}
