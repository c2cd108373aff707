/** Messages over TLS: to who can show that the name is theirs, and to nobody else; the real program, real sockets. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createSend } from '../../collector/outbox/send.ts'
import { type Program, startProgram } from '../e2e/program.ts'
import { openSink, type Sink } from './sink.ts'

/** A certificate and its key, both as PEM. */
const read = (name: string): string => readFileSync(new URL(`./certificates/${name}.pem`, import.meta.url), 'latin1')
const [TRUSTED, EXPIRED, EARLY, STRANGER] = ['trusted', 'expired', 'early', 'stranger'].map(read) as [
  ...[string, string, string, string],
]

interface Made {
  readonly id: string
  readonly secret: string
}
interface Deliveries {
  readonly items: readonly { readonly state: string; readonly tries: number; readonly outcome: string | null }[]
}

const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
const file = join(folder, 'trusted.pem')
writeFileSync(file, TRUSTED + EXPIRED + EARLY)

let program: Program
const sinks: Sink[] = []
const open = async (...given: Parameters<typeof openSink>): Promise<Sink> => {
  const sink = await openSink(...given)
  sinks.push(sink)
  return sink
}
beforeAll(async () => {
  program = await startProgram({ environment: { LEADLIGHT_ALLOW_PRIVATE_WEBHOOKS: 'on', NODE_EXTRA_CA_CERTS: file } })
})
afterEach(async () => void (await Promise.all(sinks.splice(0).map((sink) => sink.close()))))
afterAll(async () => {
  await program.end()
  rmSync(folder, { recursive: true, force: true })
})

const ask = async <Body>(path: string, body: object): Promise<Body> => {
  const headers = { authorization: `Bearer ${program.token}` }
  const answer = await fetch(program.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Body
}
const add = (url: string): Promise<Made> => ask('/api/webhooks', { url, types: ['lead.handoff'] })
const raiseHand = (userId: string) =>
  program.importBatch([
    { type: 'identify', userId, traits: { email: `${userId}@acme.example` } },
    { type: 'track', userId, event: 'demo_request' },
  ])
/** What became of the one message to a webhook, once it was tried. */
const tried = async ({ id }: Made) => {
  for (let waited = 0; waited < 10_000; waited += 20) {
    const { items } = await program.get<Deliveries>(`/api/webhooks/${id}/deliveries`)
    if (items[0]?.tries) return items[0]
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('It was not tried.')
}

describe('a receiver over TLS', () => {
  it('whose certificate is trusted gets the message whole, asked for by its name', async () => {
    const sink = await open(TRUSTED)
    const made = await add(sink.url)
    await raiseHand('ann')
    expect(await tried(made)).toMatchObject({ state: 'delivered', tries: 1, outcome: 'answered 204' })
    const [{ body, headers }] = sink.received as [Sink['received'][0]]
    expect(new Webhook(made.secret).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'lead.handoff',
      data: { visitor: { traits: { email: 'ann@acme.example' } } },
    })
    expect(sink.received).toHaveLength(1)
    expect(headers.host).toBe(`localhost:${sink.port}`)
    expect(sink.names).toEqual(['localhost'])
  })

  it.each([
    ['is signed by nobody known', STRANGER, 'localhost', 'signed by nobody who is trusted here'],
    ['has expired', EXPIRED, 'localhost', 'has expired'],
    ['is not valid yet', EARLY, 'localhost', 'not valid yet'],
    ['is for another name', TRUSTED, '127.0.0.1', 'for another name'],
  ])('whose certificate %s gets nothing, and the deliveries say so', async (_, certificate, host, reason) => {
    const sink = await open(certificate)
    const made = await add(`https://${host}:${sink.port}/hook`)
    await raiseHand(`to-${sink.port}`)
    const { state, outcome } = await tried(made)
    expect([state, outcome]).toEqual(['pending', expect.stringContaining(reason)])
    expect(sink.connections()).toBeGreaterThan(0)
    expect(sink.received).toEqual([])
    expect(await ask(`/api/webhooks/${made.id}/test`, {})).toEqual({ delivered: false, outcome })
  })

  it('that does not speak it gets nothing', async () => {
    const sink = await open()
    const made = await add(`https://localhost:${sink.port}/hook`)
    await raiseHand('carl')
    expect((await tried(made)).outcome).toBe('the connection failed (EPROTO): no TLS could be agreed on')
    expect(sink.received).toEqual([])
  })
})

it('over TLS the name is asked for that was typed, at the very address that was checked', async () => {
  const sink = await open(STRANGER)
  const resolve = async (name: string) => (name === 'only-we-know.example' ? ['::1', '127.0.0.1'] : [])
  const send = createSend({ allowsPrivate: true, resolve })
  const url = `https://only-we-know.example:${sink.port}/`
  expect(await send({ method: 'POST', url, headers: {}, body: '{}' })).toHaveProperty('failure')
  expect(sink.names).toEqual(['only-we-know.example'])
  expect(sink.received).toEqual([])
})
