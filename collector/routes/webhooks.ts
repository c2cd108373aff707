/**
 * `/api/webhooks`: where messages go, what is on its way, and what could not be delivered. Longer than others, for it is
 * eight declarations: what each takes and answers.
 */
import type { Context } from 'hono'
import { z } from 'zod'
import {
  DeliveryPage,
  NewWebhook,
  Redelivered,
  Webhook as WebhookAnswer,
  WebhookList,
  WebhookTest,
} from '../../shared/answer-handoff.ts'
import { MESSAGE_TYPES, type Message } from '../../shared/message.ts'
import { isoOf } from '../../shared/present.ts'
import { KINDS, type Kind, SETUP, TYPES } from '../outbox/receiver.ts'
import { DELIVERY_STATES, type Delivery, type Outbox, type OutboxViews, type Webhook } from '../store/store.ts'
import type { Outcome, Webhooks } from '../webhooks.ts'
import { badRequest, type Fault, fail } from './failure.ts'
import { type Declaration, type Given, type Route, route } from './route.ts'

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
    .refine((types) => types.length > 0 && new Set(types).size === types.length, 'takes at least one type, each once'),
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
const RedeliverBody = z.strictObject({
  id: z
    .string()
    .regex(/^msg_[0-9a-f]{32}$/, 'takes the id of a message')
    .optional(),
})

const refusal = (message: string): Fault => ({ status: 400, code: 'destination', message })
const MALFORMED: Fault = {
  status: 400,
  code: 'bad_request',
  message: 'Some parameters are not of the kind they should be; details name each.',
}
const NO_SITE: Fault = {
  status: 400,
  code: 'no_site',
  message: 'There is no site of that name. GET /api/sites lists them.',
}
const NO_WEBHOOK: Fault = {
  status: 404,
  code: 'not_found',
  message: 'There is no webhook of that id. GET /api/webhooks lists them.',
}
const NO_MESSAGE: Fault = {
  status: 404,
  code: 'not_found',
  message: 'No message of that id can be sent there again: it was never to go there, or is gone.',
}
const SWITCHED_OFF: Fault = {
  status: 409,
  code: 'switched_off',
  message: 'It is switched off. PATCH it with {"enabled": true} first.',
}
const UNFIT = [
  MALFORMED,
  refusal('The address is not one that messages may be sent to; the message says why.'),
  NO_SITE,
]

export const webhookRoutes = (options: WebhookRoutesOptions): readonly Route[] => [
  ...settingUp(options),
  ...changing(options),
  ...delivering(options),
]

/** A route to one webhook that is there. */
const ofWebhook = <Query, Body>(
  { outbox }: WebhookRoutesOptions,
  { faults = [], path, ...declaration }: Omit<Declaration<Query, Body>, 'who'>,
  answer: (webhook: Webhook, given: Given<Query, Body>) => Promise<Response>,
): Route =>
  route<Query, Body>(
    { ...declaration, path: `/api/webhooks/:id${path}`, who: 'admin', faults: [NO_WEBHOOK, ...faults] },
    async (given) => {
      const webhook = await outbox.webhook(given.c.req.param('id')!)
      return webhook ? answer(webhook, given) : fail(given.c, NO_WEBHOOK)
    },
  )

type Sent = Pick<Given<unknown, unknown>, 'c' | 'json'>

/** Shows, makes and changes webhooks. */
const createDesk = ({ outbox, writer, webhooks, siteNamed }: WebhookRoutesOptions) => {
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

  const make = async ({ c, json }: Sent): Promise<Response> => {
    const which = Which.safeParse(json)
    if (!which.success) return fail(c, badRequest(which.error))
    const body = newOf(which.data.kind).safeParse(json)
    if (!body.success) return fail(c, badRequest(body.error))
    const { kind, label = '', site, types = TYPES[kind], ...setup } = body.data
    return keep(c, await webhooks.make({ kind, label, site: site ?? undefined, types, setup }), 201)
  }
  const change = async (webhook: Webhook, { c, json }: Sent): Promise<Response> => {
    const body = changeOf(webhook.kind as Kind).safeParse(json)
    if (!body.success) return fail(c, badRequest(body.error))
    const { label, site, types, enabled, rotate, ...setup } = body.data
    const wishes = { label, site, types, isOn: enabled, rotates: rotate }
    const given = Object.keys(setup).length > 0 && { setup }
    return keep(c, await webhooks.change(webhook, { ...wishes, ...given }), 200)
  }
  return { view, make, change }
}

const settingUp = (options: WebhookRoutesOptions): readonly Route[] => {
  const { view, make } = createDesk(options)
  return [
    route(
      {
        method: 'GET',
        path: '/api/webhooks',
        who: 'admin',
        about: 'Where messages go, and how many are on their way.',
        answers: { 200: { about: 'All of them.', schema: WebhookList } },
      },
      async ({ c }) => c.json({ items: await Promise.all((await options.outbox.webhooks()).map(view)) }),
    ),
    route(
      {
        method: 'POST',
        path: '/api/webhooks',
        who: 'admin',
        about: 'Sends messages to somebody from now on: a webhook of yours, Slack, HubSpot, Salesforce, other JSON.',
        takes: z.union(KINDS.map(newOf)),
        answers: { 201: { about: 'It is on. Its secret is shown this once.', schema: NewWebhook } },
        faults: UNFIT,
      },
      make,
    ),
  ]
}

const changing = (options: WebhookRoutesOptions): readonly Route[] => {
  const { view, change } = createDesk(options)
  return [
    ofWebhook(
      options,
      { method: 'GET', path: '', about: 'One of them.', answers: { 200: { about: 'It.', schema: WebhookAnswer } } },
      async (webhook, { c }) => c.json(await view(webhook)),
    ),
    ofWebhook(
      options,
      {
        method: 'PATCH',
        path: '',
        about: 'Changes what is named: `enabled` switches it, `rotate` makes a new secret beside the old one.',
        takes: z.union(KINDS.map(changeOf)),
        answers: { 200: { about: 'As it is now; a new secret is shown this once.', schema: NewWebhook } },
        faults: UNFIT,
      },
      change,
    ),
    ofWebhook(
      options,
      {
        method: 'DELETE',
        path: '',
        about: 'Sends nothing more, and forgets what was on its way.',
        answers: { 204: { about: 'It is no more.' } },
      },
      async ({ id }, { c }) => ((await options.writer.deleteWebhook(id)) ? c.body(null, 204) : fail(c, NO_WEBHOOK)),
    ),
  ]
}

const delivering = (options: WebhookRoutesOptions): readonly Route[] => [
  ofWebhook(
    options,
    {
      method: 'POST',
      path: '/test',
      about: 'Sends somebody made up, now and once.',
      answers: { 200: { about: 'What became of it.', schema: WebhookTest } },
    },
    async (webhook, { c }) => {
      const { is, outcome } = await options.webhooks.test(webhook, options.testMessage())
      return c.json({ delivered: is === 'delivered', outcome })
    },
  ),
  ofWebhook<z.infer<typeof ListQuery>, unknown>(
    options,
    {
      method: 'GET',
      path: '/deliveries',
      about: 'What was sent or is to be, the newest first; `state=dead` for what could not be delivered.',
      query: ListQuery,
      answers: { 200: { about: 'A page of deliveries.', schema: DeliveryPage } },
    },
    async ({ id }, { c, query: { cursor, limit, state } }) => {
      const found = await options.outbox.deliveries({ webhook: id, state, limit: limit + 1, before: cursor })
      const items = found.slice(0, limit)
      const nextCursor = found.length > limit ? String(items.at(-1)!.seq) : null
      return c.json({ items: items.map(deliveryView), nextCursor })
    },
  ),
  ofWebhook(
    options,
    {
      method: 'POST',
      path: '/redeliver',
      about: 'Tries one message again, or all that are dead.',
      takes: RedeliverBody,
      answers: { 200: { about: 'How many.', schema: Redelivered } },
      faults: [MALFORMED, NO_MESSAGE, SWITCHED_OFF],
    },
    async ({ id, state }, { c, json = {} }) => {
      const body = RedeliverBody.safeParse(json)
      if (!body.success) return fail(c, badRequest(body.error))
      if (state !== 'on') return fail(c, SWITCHED_OFF)
      const count = await options.writer.redeliver(id, options.now(), body.data.id)
      return body.data.id !== undefined && count === 0 ? fail(c, NO_MESSAGE) : c.json({ redelivered: count })
    },
  ),
]

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
