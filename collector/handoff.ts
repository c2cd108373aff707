/** What carries messages out, where to, and what is asked of it. */

import type { Config } from './config.ts'
import { createRelay } from './outbox/relay.ts'
import { createSend } from './outbox/send.ts'
import { createSeal } from './seal.ts'
import { secretOf } from './secret-key.ts'
import type { Outbox, OutboxViews } from './store/store.ts'
import { createWebhooks } from './webhooks.ts'

export interface HandoffOptions {
  readonly config: Config
  readonly now: () => number
  readonly log: (problem: string) => void
  readonly writer: Pick<Outbox, 'claim' | 'settle'>
  readonly outbox: OutboxViews
}

export const createHandoff = ({ config, now, log, writer, outbox }: HandoffOptions) => {
  const destinations = { allowsPrivate: config.allowsPrivateWebhooks }
  const send = createSend(destinations)
  const webhooks = createWebhooks({ seal: createSeal(secretOf(config)), send, destinations, now })
  const { planFor } = webhooks
  const relay = createRelay({ views: outbox, outbox: writer, planFor, send, now, dice: Math.random, log })
  return { webhooks, relay }
}
