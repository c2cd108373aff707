/** `/api/webhooks`: where messages go, what is on its way, and what could not be delivered. */
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { MESSAGE_TYPES, type Message } from '../../shared/message.ts'
import { isoOf } from '../../shared/present.ts'
import { KINDS, type Kind, SETUP, TYPES } from '../outbox/receiver.ts'
import { DELIVERY_STATES, type Delivery, type Outbox, type OutboxViews, type Webhook } from '../store/store.ts'
import type { Outcome, Webhooks } from '../webhooks.ts'
import { readJson } from './body.ts'
import { badRequest, type Fault, fail, NOT_FOUND } from './failure.ts'

export interface WebhookRoutesOptions {
  readonly outbox: OutboxViews
  readonly writer: Pick<Outbox, 'putWebhook' | 'deleteWebhook' | 'redeliver'>
  readonly webhooks: Webhooks
  /** What a receiver is sent to try it out. */
  readonly testMessage: () => Message
  readonly siteNamed: (name: string) => unknown
  readonly now: () => number
}

const About = z.strictObject({
  label: z.string().regex(/^\P{Cc}{0,100}$/u, 'takes up to 100 characters on one line'),
  site: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/, 'takes the name of a site, or null for all')
    .nullable(),
  types: z
    .array(z.enum(MESSAGE_TYPES))
    .refine((types) => types.length > 0 && types.length <= MESSAGE_TYPES.length, 'takes at least one type, each once'),
})
const Which = z.looseObject({ kind: z.enum(KINDS).default('webhook') })
const newOf = (kind: Kind) => SETUP[kind].extend({ kind: z.literal(kind).default(kind), ...About.partial().shape })
const changeOf = (kind: Kind) =>
  SETUP[kind]
    .partial()
    .extend({ ...About.partial().shape, enabled: z.boolean().optional(), rotate: z.boolean().optional() })
const ListQuery = z.object({
  state: z.enum(DELIVERY_STATES).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'takes the nextCursor of the page before')
    .transform(Number)
    .optional(),
})
const Redeliver = z.strictObject({
  id: z
    .string()
    .regex(/^msg_[0-9a-f]{32}$/, 'takes the id of a message')
    .optional(),
})

export const webhookRoutes = ({
  outbox,
  writer,
  webhooks,
  testMessage,
  siteNamed,
  now,
}: WebhookRoutesOptions): Hono => {
  const app = new Hono()
  const view = async (webhook: Webhook) => ({
    ...viewOf(webhook),
    url: webhooks.addressOf(webhook) ?? null,
    deliveries: { pending: 0, delivered: 0, dead: 0, ...(await outbox.counts(webhook.id)) },
  })
  /** Keeps what was made or changed, and tells it; a new secret this once. */
  const keep = async (c: Context, outcome: Outcome, status: 200 | 201): Promise<Response> => {
    if (outcome.refused !== undefined) return fail(c, refusal(outcome.refused))
    const { webhook, secret } = outcome
    if (webhook.site !== undefined && !siteNamed(webhook.site)) return fail(c, NO_SITE)
    await writer.putWebhook(webhook)
    return c.json({ ...(await view(webhook)), ...(secret !== undefined && { secret }) }, status)
  }
  const withWebhook =
    (answer: (c: Context, webhook: Webhook) => Promise<Response>) =>
    async (c: Context): Promise<Response> => {
      const webhook = await outbox.webhook(c.req.param('id')!)
      return webhook ? answer(c, webhook) : fail(c, NOT_FOUND)
    }

  app.get('/', async (c) => c.json({ items: await Promise.all((await outbox.webhooks()).map(view)) }))
  app.post('/', async (c) => {
    const json = await readJson(c)
    const which = Which.safeParse(json)
    if (!which.success) return fail(c, badRequest(which.error))
    const body = newOf(which.data.kind).safeParse(json)
    if (!body.success) return fail(c, badRequest(body.error))
    const { kind, label = '', site, types = TYPES[kind], ...setup } = body.data
    return keep(c, await webhooks.make({ kind, label, site: site ?? undefined, types, setup }), 201)
  })
  app.get(
    '/:id',
    withWebhook(async (c, webhook) => c.json(await view(webhook))),
  )
  app.patch(
    '/:id',
    withWebhook(async (c, webhook) => {
      const body = changeOf(webhook.kind as Kind).safeParse(await readJson(c))
      if (!body.success) return fail(c, badRequest(body.error))
      const { label, site, types, enabled, rotate, ...setup } = body.data
      const wishes = { label, site, types, isOn: enabled, rotates: rotate }
      const given = Object.keys(setup).length > 0 && { setup }
      return keep(c, await webhooks.change(webhook, { ...wishes, ...given }), 200)
    }),
  )
  app.delete(
    '/:id',
    withWebhook(async (c, { id }) => ((await writer.deleteWebhook(id)) ? c.body(null, 204) : fail(c, NOT_FOUND))),
  )
  app.post(
    '/:id/test',
    withWebhook(async (c, webhook) => {
      const { is, outcome } = await webhooks.test(webhook, testMessage())
      return c.json({ delivered: is === 'delivered', outcome })
    }),
  )
  app.get(
    '/:id/deliveries',
    withWebhook(async (c, { id }) => {
      const query = ListQuery.safeParse(c.req.query())
      if (!query.success) return fail(c, badRequest(query.error))
      const { cursor, limit, state } = query.data
      const found = await outbox.deliveries({ webhook: id, state, limit: limit + 1, before: cursor })
      const items = found.slice(0, limit)
      const nextCursor = found.length > limit ? String(items.at(-1)!.seq) : null
      return c.json({ items: items.map(deliveryView), nextCursor })
    }),
  )
  app.post(
    '/:id/redeliver',
    withWebhook(async (c, { id, state }) => {
      const body = Redeliver.safeParse((await readJson(c)) ?? {})
      if (!body.success) return fail(c, badRequest(body.error))
      if (state !== 'on') return fail(c, SWITCHED_OFF)
      const count = await writer.redeliver(id, now(), body.data.id)
      return body.data.id !== undefined && count === 0 ? fail(c, NOT_FOUND) : c.json({ redelivered: count })
    }),
  )
  return app
}

const viewOf = ({ id, kind, label, site, types, state, reason, createdAt }: Webhook) => ({
  id,
  kind,
  label,
  site: site ?? null,
  types,
  state,
  reason: reason ?? null,
  createdAt: isoOf(createdAt),
})

const deliveryView = ({ id, type, at, state, dueAt, tries, triedAt, outcome }: Delivery) => ({
  id,
  type,
  at: isoOf(at),
  state,
  nextTryAt: state === 'pending' ? isoOf(dueAt) : null,
  tries,
  lastTryAt: triedAt === undefined ? null : isoOf(triedAt),
  outcome: outcome ?? null,
})

const refusal = (message: string): Fault => ({ status: 400, code: 'destination', message })
const NO_SITE: Fault = {
  status: 400,
  code: 'no_site',
  message: 'There is no site of that name. GET /api/sites lists them.',
}
const SWITCHED_OFF: Fault = {
  status: 409,
  code: 'switched_off',
  message: 'It is switched off. PATCH it with {"enabled": true} first.',
}
