/** Messages reach their receivers, whatever these do: each at least once, under one id. Time is virtual. */
import { mkdtempSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { createRelay, type Relay } from '../../collector/outbox/relay.ts'
import { DELAYS } from '../../collector/outbox/retry.ts'
import { createSend } from '../../collector/outbox/send.ts'
import { newSite } from '../../collector/routes/admin.ts'
import { createSeal } from '../../collector/seal.ts'
import { openReader, openWriter } from '../../collector/store/sqlite.ts'
import { createSqliteLog } from '../../collector/store/sqlite-log.ts'
import { createSqliteOutbox, createSqliteOutboxViews } from '../../collector/store/sqlite-outbox.ts'
import { createSqliteSettings } from '../../collector/store/sqlite-settings.ts'
import type { DeliveryState, EventLog, Outbox, OutboxViews } from '../../collector/store/store.ts'
import { createWebhooks, type Webhooks } from '../../collector/webhooks.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { MESSAGE_TYPES, type MessageType } from '../../shared/message.ts'
import { createFold } from '../../shared/visitor.ts'
import { DAY, event, from, HOUR, NOON } from '../contract/events.ts'
import { ok, openSink, type Received, type Sink } from './sink.ts'

/** For an answer, in real ms: those who are slow on purpose are slower. */
const PATIENCE = 400

interface World {
  readonly log: EventLog
  readonly outbox: Outbox
  readonly views: OutboxViews
  readonly webhooks: Webhooks
  /** `patience`: for an answer, in real ms. */
  readonly relay: (patience?: number) => Relay
  readonly close: () => void
}

const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
const problems: string[] = []
let clock = NOON
let files = 0
let sink: Sink
let world: World

/** The store in a file of its own, as it is found after a start. */
const openWorld = async (path: string): Promise<World> => {
  const { db, close } = openWriter(path)
  const settings = createSqliteSettings(db)
  if ((await settings.sites()).length === 0) await settings.insertSite(newSite('default', NOON))
  let ids = 0
  const newId = (): string => {
    ids += 1
    return `${path} ${ids}`
  }
  const now = () => clock
  const fold = createFold(DEFAULT_MODEL)
  const scoring = () => ({ model: DEFAULT_MODEL, version: 1, foldOf: () => fold })
  const log = createSqliteLog(db, { scoring, newId, now })
  const reader = openReader(path)
  const [outbox, views] = [createSqliteOutbox(db), createSqliteOutboxViews(reader)]
  const destinations = { allowsPrivate: true }
  const sending = (patience: number) => createSend({ ...destinations, patience })
  const send = sending(PATIENCE)
  const webhooks = createWebhooks({ seal: createSeal('a secret for tests'), send, destinations, now })
  const parts = { views, outbox, planFor: webhooks.planFor, now, dice: () => 0.5 }
  const relay = (patience = PATIENCE) =>
    createRelay({ ...parts, send: sending(patience), log: (problem) => problems.push(problem) })
  return { log, outbox, views, webhooks, relay, close: () => [reader.close(), close()] }
}

beforeEach(async () => {
  clock = NOON
  files += 1
  problems.length = 0
  sink = await openSink()
  world = await openWorld(join(folder, `${files}.db`))
  return async () => {
    world.close()
    await sink.close()
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const add = async (types: readonly MessageType[] = MESSAGE_TYPES, url = sink.url) => {
  const made = await world.webhooks.make({ kind: 'webhook', label: '', site: undefined, types, setup: { url } })
  if (made.refused !== undefined) throw new Error(made.refused)
  await world.outbox.putWebhook(made.webhook)
  return { id: made.webhook.id, secret: made.secret! }
}
/** Somebody asks for a demo and says who they are: intent, IQL, SQL. */
const raiseHand = (who: string, at = clock) =>
  world.log.append(
    [
      from(who, event('form', { id: `${who} 1`, at, signal: 'demo_request' })),
      from(who, event('identify', { id: `${who} 2`, at: at + 1, traits: { email: `${who}@acme.example` } })),
    ],
    [],
  )
const turnUntilIdle = async (relay: Relay): Promise<void> => {
  while ((await relay.turn()) > 0) await relay.idle()
}
const states = async (webhook: string): Promise<Readonly<Record<string, DeliveryState>>> =>
  Object.fromEntries((await world.views.deliveries({ webhook, limit: 100 })).map(({ id, state }) => [id, state]))
const idsOf = (received: readonly Received[]): readonly string[] =>
  received.map(({ headers }) => String(headers['webhook-id']))

describe('what happens to a visitor', () => {
  it('is told once of each transition, signed, under an id of its own', async () => {
    const { secret } = await add()
    await raiseHand('ann')
    await turnUntilIdle(world.relay())
    const isSigned = ({ body, headers }: Received): boolean => {
      const at = new Date(Number(headers['webhook-timestamp']) * 1000)
      return headers['webhook-signature'] === new Webhook(secret).sign(String(headers['webhook-id']), at, body)
    }
    const types = sink.received.map(({ body }) => {
      const { type, data } = JSON.parse(body)
      return `${type} ${data.change.to}`
    })
    expect(sink.received.every(isSigned)).toBe(true)
    expect(types.toSorted()).toEqual([
      'lead.handoff sql',
      'visitor.identified iql',
      'visitor.qualification_changed iql',
      'visitor.qualification_changed mql',
      'visitor.qualification_changed sql',
      'visitor.stage_changed intent',
    ])
    expect(new Set(idsOf(sink.received)).size).toBe(types.length)
    const handoff = JSON.parse(sink.received.find(({ body }) => body.includes('lead.handoff'))!.body)
    expect(handoff.data.packet).toMatchObject({ qualification: 'sql', score: 45, who: { email: 'ann@acme.example' } })
  })

  it('is told only to those who asked for it', async () => {
    const { id } = await add(['lead.handoff'])
    await raiseHand('ann')
    expect(Object.keys(await states(id))).toHaveLength(1)
  })

  it('is told by nobody else after a second start', async () => {
    await add(['lead.handoff'])
    await raiseHand('ann')
    await turnUntilIdle(world.relay())
    await turnUntilIdle(world.relay())
    expect(sink.received).toHaveLength(1)
  })
})

describe('a lead that nobody answers', () => {
  const typesOf = () =>
    sink.received.map(({ body }) => {
      const { data, timestamp } = JSON.parse(body)
      return `${data.change.to} ${(Date.parse(timestamp) - NOON) / 1000}`
    })
  const pass = async (seconds: number) => {
    clock = NOON + seconds * 1000
    await world.log.wake(clock, 100)
    await turnUntilIdle(world.relay())
  }

  it('is told of at half of the time and at its end, at these instants, each once', async () => {
    await add(['lead.sla_breached'])
    await raiseHand('ann')
    await pass(149)
    expect(typesOf()).toEqual([])
    await pass(200)
    expect(typesOf()).toEqual(['sla_warning 150.001'])
    await pass(3600)
    await pass(7200)
    expect(typesOf()).toEqual(['sla_warning 150.001', 'sla_breached 300.001'])
  })

  it('but was touched in between, is told of no more', async () => {
    await add(['lead.sla_breached'])
    await raiseHand('ann')
    await pass(200)
    await world.log.append([from('ann', event('feedback', { id: 'f', at: clock, verdict: 'contacted' }))], [])
    await pass(7200)
    expect(typesOf()).toEqual(['sla_warning 150.001'])
  })

  it('is not told of again by a replay: an event that comes late restarts no clock', async () => {
    await add(['lead.sla_breached'])
    await raiseHand('ann')
    await pass(400)
    await world.log.append([from('ann', event('page', { id: 'late', at: NOON - HOUR }))], [])
    await pass(7200)
    expect(typesOf().toSorted()).toEqual(['sla_breached 300.001', 'sla_warning 150.001'])
  })
})

describe('nobody is told', () => {
  it('of history: what happened long before it was learned of', async () => {
    const { id } = await add()
    await raiseHand('ann', NOON - 100 * DAY)
    await world.log.wake(clock, 100)
    expect(await states(id)).toEqual({})
  })

  it('a second time of what comes a second time, or late and changes nothing', async () => {
    const { id } = await add()
    await raiseHand('ann')
    const before = await states(id)
    await raiseHand('ann')
    await world.log.append([from('ann', event('page', { id: 'late', at: clock - HOUR }))], [])
    expect(Object.keys(before)).toHaveLength(6)
    expect(await states(id)).toEqual(before)
  })

  it('of the same hand-off within seven days, but after that', async () => {
    const { id } = await add(['lead.handoff'])
    const judge = (n: number, verdict: 'rejected') =>
      world.log.append([from('ann', event('feedback', { id: `f${n}`, at: clock, verdict, reason: 'x' }))], [])
    const again = (n: number) =>
      world.log.append([from('ann', event('track', { id: `c${n}`, at: clock, name: 'callback_request' }))], [])
    await raiseHand('ann')
    const told: number[] = []
    for (const days of [1, 8, 8]) {
      clock += HOUR
      await judge(days + clock, 'rejected')
      clock += days * DAY
      await again(clock)
      told.push(Object.keys(await states(id)).length)
    }
    // An SQL again after one day: not told. After eight more, then eight more: told.
    expect(told).toEqual([1, 2, 3])
  })
})

describe('a receiver that fails', () => {
  const FAULTS: readonly (readonly [string, (response: ServerResponse) => void])[] = [
    ['answers 500', (response) => response.writeHead(500).end('secret words of theirs')],
    ['answers 400', (response) => response.writeHead(400).end()],
    ['redirects', (response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()],
    ['resets the connection', (response) => response.socket!.destroy()],
    [
      'breaks off in the middle',
      (response) => {
        response.writeHead(200, { 'content-length': '100' })
        response.write('x', () => response.socket!.destroy())
      },
    ],
    ['says nothing', () => {}],
    [
      'dribbles',
      (response) => {
        response.writeHead(200)
        const timer = setInterval(() => response.write('.'), 50)
        response.on('close', () => clearInterval(timer))
      },
    ],
  ]

  it.each(FAULTS)('%s: is tried again under the same id, and gets it in the end', async (_, fault) => {
    const { id } = await add(['lead.handoff'])
    sink.answer = (response, n) => (n < 2 ? fault(response) : ok(response))
    await raiseHand('ann')
    for (const wait of [0, DELAYS[0]!, DELAYS[1]!]) {
      clock += wait
      await turnUntilIdle(world.relay())
    }
    expect(sink.received).toHaveLength(3)
    expect(new Set(idsOf(sink.received)).size).toBe(1)
    expect(new Set(sink.received.map(({ body }) => body)).size).toBe(1)
    expect(Object.values(await states(id))).toEqual(['delivered'])
    expect(problems).toEqual([])
  })

  it('always: is tried ten times in three days, then is a dead letter, which can be sent again', async () => {
    const { id } = await add(['lead.handoff'])
    sink.answer = (response) => response.writeHead(503).end()
    await raiseHand('ann')
    const relay = world.relay()
    for (let hour = 0; hour < 24 * 5; hour += 0.25) {
      await turnUntilIdle(relay)
      clock += HOUR / 4
    }
    expect(sink.received).toHaveLength(10)
    const [dead] = await world.views.deliveries({ webhook: id, limit: 10 })
    expect(dead).toMatchObject({ state: 'dead', tries: 10, outcome: 'answered 503' })
    expect(dead!.triedAt! - NOON).toBeGreaterThan(2.9 * DAY)
    expect(dead!.triedAt! - NOON).toBeLessThan(3.6 * DAY)

    sink.answer = ok
    expect(await world.outbox.redeliver(id, clock)).toBe(1)
    await turnUntilIdle(relay)
    expect(Object.values(await states(id))).toEqual(['delivered'])
    expect(new Set(idsOf(sink.received)).size).toBe(1)
  })

  it('asks for patience and gets it: Retry-After', async () => {
    await add(['lead.handoff'])
    sink.answer = (response, n) => (n === 0 ? response.writeHead(429, { 'retry-after': '3600' }).end() : ok(response))
    await raiseHand('ann')
    const relay = world.relay()
    await turnUntilIdle(relay)
    clock += HOUR - 1
    await turnUntilIdle(relay)
    expect(sink.received).toHaveLength(1)
    clock += 1
    await turnUntilIdle(relay)
    expect(sink.received).toHaveLength(2)
  })

  it('answers 410: is sent nothing more until it is switched on again', async () => {
    const { id } = await add(['lead.handoff'])
    sink.answer = (response) => response.writeHead(410).end()
    await raiseHand('ann')
    await turnUntilIdle(world.relay())
    expect(await world.views.webhook(id)).toMatchObject({ state: 'gone', reason: 'answered 410: it wants no more' })
    await raiseHand('bob')
    clock += 5 * DAY
    await turnUntilIdle(world.relay())
    expect(sink.received).toHaveLength(1)
    expect(Object.values(await states(id))).toEqual(['dead'])

    const webhook = (await world.views.webhook(id))!
    await world.outbox.putWebhook({ ...webhook, state: 'on' })
    sink.answer = ok
    await world.outbox.redeliver(id, clock)
    await turnUntilIdle(world.relay())
    expect(Object.values(await states(id))).toEqual(['delivered'])
  })

  it('slowly: delays nobody else, and has no more than four under way', async () => {
    const slow = await openSink()
    const held: ServerResponse[] = []
    slow.answer = (response) => held.push(response)
    await add(['lead.handoff'], slow.url)
    await add(['lead.handoff'])
    for (let n = 0; n < 12; n++) await raiseHand(`p${n}`)
    const relay = world.relay(60_000)
    while (sink.received.length < 12 || held.length < 4) {
      await relay.turn()
      await new Promise(setImmediate)
    }
    expect(sink.received).toHaveLength(12)
    expect(slow.received).toHaveLength(4)
    slow.answer = ok
    for (const response of held) ok(response)
    await relay.idle()
    await turnUntilIdle(relay)
    expect(slow.received).toHaveLength(12)
    await slow.close()
  })
})

describe('a message that is under way', () => {
  it('is found again when the program has died with it', async () => {
    const { id } = await add(['lead.handoff'])
    await raiseHand('ann')
    await world.outbox.claim({ now: clock, until: clock + HOUR, free: [{ webhook: id, slots: 4 }] })
    world.close()
    world = await openWorld(join(folder, `${files}.db`))
    await turnUntilIdle(world.relay())
    expect(sink.received).toHaveLength(1)
  })

  it('to a receiver whose settings were sealed with another secret waits, and says so', async () => {
    const { id } = await add(['lead.handoff'])
    await raiseHand('ann')
    const webhook = (await world.views.webhook(id))!
    await world.outbox.putWebhook({ ...webhook, sealed: createSeal('another secret').close('{}') })
    await turnUntilIdle(world.relay())
    const [waiting] = await world.views.deliveries({ webhook: id, limit: 1 })
    expect(waiting).toMatchObject({ state: 'pending' })
    expect(waiting!.outcome).toContain('LEADLIGHT_SECRET')
  })
})
