/** The real program is killed again and again while it delivers: every hand-off arrives, each under one id. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ok, openSink } from '../outbox/sink.ts'
import { startProgram } from './program.ts'

const KILLS = process.env.GATES === 'full' ? 50 : 5
const LEADS = 12

it(
  'kill -9 while messages are under way',
  async () => {
    const sink = await openSink()
    const environment = { LEADLIGHT_ALLOW_PRIVATE_WEBHOOKS: 'on' }
    let program = await startProgram({ environment })
    const headers = { authorization: `Bearer ${program.token}` }
    const body = JSON.stringify({ url: sink.url, types: ['lead.handoff'] })
    expect((await fetch(`${program.url}/api/webhooks`, { method: 'POST', headers, body })).status).toBe(201)

    let duplicates = 0
    const leads = new Map<string, Set<string>>()
    const acknowledged = new Set<string>()
    // Slowly, so that there is always something under way.
    sink.answer = (response, _, request) => {
      const id = String(request.headers['webhook-id'])
      const { email } = JSON.parse(request.body).data.visitor.traits
      if (acknowledged.has(id)) duplicates += 1
      leads.set(email, (leads.get(email) ?? new Set()).add(id))
      setTimeout(() => {
        acknowledged.add(id)
        ok(response)
      }, 20)
    }

    let sent = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const batch = Array.from({ length: LEADS }, () => {
        sent += 1
        const userId = `lead${sent}`
        return [
          { type: 'identify', userId, messageId: randomUUID(), traits: { email: `${userId}@acme.example` } },
          { type: 'track', userId, messageId: randomUUID(), event: 'demo_request' },
        ]
      }).flat()
      const seen = sink.received.length
      expect(await program.importBatch(batch)).toMatchObject({ accepted: batch.length })
      while (sink.received.length < seen + 1 + (kill % LEADS)) await pause(2)
      program = await program.restart()
    }

    for (let waited = 0; leads.size < sent && waited < 20_000; waited += 20) await pause(20)
    await program.end()
    await sink.close()
    expect(leads.size).toBe(sent)
    expect([...leads.values()].filter(({ size }) => size !== 1)).toEqual([])
    // The fault did fire: something was answered, and the kill came before that was written down; or it came before.
    expect(sink.received.length).toBeGreaterThanOrEqual(sent)
    console.log(`${KILLS} kills, ${sent} hand-offs, ${sink.received.length} requests, ${duplicates} delivered twice`)
  },
  60_000 + KILLS * 10_000,
)
