/** What names a person, a key or an address is repeated by no error, no log and no list of deliveries. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Program, startProgram } from '../e2e/program.ts'
import { openSink, type Sink } from './sink.ts'

const EMAIL = 'canary.bird@cage.example'
const KEY = 'canarycanarycanarykey'
const TEXT = 'tweettweettweet'
const CANARIES = [EMAIL, encodeURIComponent(EMAIL), KEY, TEXT]

let program: Program
let sink: Sink
beforeAll(async () => {
  sink = await openSink()
  program = await startProgram({ environment: { LEADLIGHT_ALLOW_PRIVATE_WEBHOOKS: 'on' } })
})
afterAll(async () => {
  await program.end()
  await sink.close()
})

const ask = async (path: string, method: string, body?: unknown) => {
  const headers = { authorization: `Bearer ${program.token}` }
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
  const answer = await fetch(program.url + path, init)
  return { status: answer.status, text: await answer.text() }
}
const expectClean = (where: string, text: string): void => {
  for (const canary of CANARIES) expect(text.includes(canary), `${canary} in ${where}`).toBe(false)
}

it.each([
  [{ url: `ftp://${TEXT}.example/${KEY}` }],
  [{ url: `https://user:${KEY}@${TEXT}.example/` }],
  [{ url: `not an address ${TEXT}` }],
  [{ url: 'https://x.example', [TEXT]: KEY }],
  [{ kind: TEXT, url: 'https://x.example' }],
  [{ kind: 'hubspot', token: `${KEY} with a space` }],
  [{ kind: 'generic', url: `ftp://x/${KEY}`, template: { [TEXT]: EMAIL }, headers: { authorization: KEY } }],
  [{ url: 'http://127.0.0.1:1/', site: TEXT }],
  [{ url: 'http://127.0.0.1:1/', types: [TEXT] }],
])('a webhook that cannot be: %#', async (body) => {
  const { status, text } = await ask('/api/webhooks', 'POST', body)
  expect(status).toBe(400)
  expectClean('the answer', text)
})

it('a lead, on the way to those who fail, each in their own words', async () => {
  const kinds = [
    { kind: 'webhook', url: `${sink.url}?${KEY}` },
    { kind: 'slack', url: `${sink.url}/${KEY}` },
    { kind: 'hubspot', url: sink.url, token: KEY },
    { kind: 'salesforce', url: sink.url, clientId: KEY, clientSecret: KEY },
    { kind: 'generic', url: sink.url, template: { to: EMAIL }, headers: { authorization: KEY } },
  ]
  sink.answer = (response, n) =>
    n % 3 === 0
      ? response.socket!.destroy()
      : response
          .writeHead(n % 3 === 1 ? 500 : 302, { location: `http://${TEXT}/`, 'retry-after': TEXT })
          .end(`${TEXT} ${EMAIL}`)
  const ids: string[] = []
  for (const body of kinds) {
    const made = await ask('/api/webhooks', 'POST', body)
    expect(made.status).toBe(201)
    ids.push(JSON.parse(made.text).id)
  }
  await program.importBatch([
    { type: 'identify', userId: 'u', messageId: randomUUID(), traits: { email: EMAIL, name: TEXT } },
    { type: 'track', userId: 'u', messageId: randomUUID(), event: 'demo_request' },
  ])
  type Page = { items: { tries: number; outcome: string | null }[] }
  for (const id of ids) {
    const page = () => program.get<Page>(`/api/webhooks/${id}/deliveries`)
    while (!(await page()).items.some(({ tries }) => tries > 0)) await pause(20)
    expectClean('its deliveries', JSON.stringify(await page()))
    expectClean('its test', (await ask(`/api/webhooks/${id}/test`, 'POST')).text)
  }
  expect(sink.received.some(({ body }) => body.includes(EMAIL))).toBe(true)
  expectClean('the log', program.output())
})
