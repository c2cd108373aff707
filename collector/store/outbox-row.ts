/** A webhook and a delivery as they stand in a row, whatever the store. */
import type { Delivery, Webhook } from './store.ts'

/** What was delivered is kept for so long, in ms; what is dead until it is delivered after all. */
export const KEPT_FOR = 30 * 86_400_000

/** Delivered ones that are forgotten at a time. */
export const FORGOTTEN = 100

export interface WebhookRow extends Omit<Webhook, 'site' | 'types' | 'reason'> {
  readonly site: string | null
  readonly types: string
  readonly reason: string | null
}

export interface DeliveryRow extends Omit<Delivery, 'triedAt' | 'outcome'> {
  readonly triedAt: number | null
  readonly outcome: string | null
}

export const webhookOf = ({ site, types, reason, ...row }: WebhookRow): Webhook => ({
  ...row,
  site: site ?? undefined,
  types: JSON.parse(types) as string[],
  reason: reason ?? undefined,
})

export const rowOf = ({ site, types, reason, ...webhook }: Webhook): WebhookRow => ({
  ...webhook,
  site: site ?? null,
  types: JSON.stringify(types),
  reason: reason ?? null,
})

export const deliveryOf = ({ triedAt, outcome, ...row }: DeliveryRow): Delivery => ({
  ...row,
  triedAt: triedAt ?? undefined,
  outcome: outcome ?? undefined,
})
