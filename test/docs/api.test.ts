/** Every request of docs/api.md, sent as it is written there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenApi } from '../../collector/routes/openapi.ts'
import { ADMIN, BROWSER, beacon, type Collector, startCollector } from '../collector/collector.ts'
import { openSink, type Sink } from '../outbox/sink.ts'

const text = readFileSync(join(import.meta.dirname, '../../docs/api.md'), 'utf8')
const blocksOf = (language: string): readonly string[] =>
  [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, body]) => (name === language ? [body!] : []))
const COMMANDS = blocksOf('sh').flatMap((block) => block.trim().split('\n'))

let collector: Collector
let sink: Sink
const variables: Record<string, string> = {}
beforeAll(async () => {
  sink = await openSink()
  collector = await startCollector({ LEADLIGHT_ALLOW_PRIVATE_WEBHOOKS: 'on' })
  const { secret } = (await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'write' })).body
  const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString()
  Object.assign(variables, { LEADLIGHT: collector.url, TOKEN: ADMIN, WRITE_KEY: secret, YESTERDAY, RECEIVER: sink.url })
  const batch = ['ann', 'bob'].flatMap((name) => [
    {
      type: 'identify',
      userId: name,
      timestamp: Date.now() - 2 * 86_400_000,
      traits: { email: `${name}@acme.example` },
    },
    { type: 'track', userId: name, event: 'demo_request' },
  ])
  const headers = { authorization: `Bearer ${secret}` }
  await collector.ask('/v1/import', { method: 'POST', headers, body: JSON.stringify({ batch }) })
  for (const [name, who] of [
    ['ANN', 'ann'],
    ['BOB', 'bob'],
  ] as const)
    variables[name] = (await collector.admin<{ id: string }>(`/api/visitors/${who}`)).body.id
  const events = [{ type: 'page', url: 'https://www.acme.example/pricing' }]
  await collector.ask('/e', { method: 'POST', headers: BROWSER, body: beacon(collector.key(), events) })
})
afterAll(async () => {
  await collector.end()
  await sink.close()
})

/** As a shell splits it: quotes hold together, and within double ones variables are filled in and `\"` is a quote. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"((?:\\"|[^"])*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) =>
    double === undefined
      ? (single ?? bare!)
      : double
          .replaceAll('\\"', '"')
          .replace(/\$(\w+)/g, (_, name: string) => variables[name] ?? `$${name} is not set`),
  )

const TAKES = new Set(['-H', '-d', '-X', '-u', '-o', '--max-time'])

/** What curl would do, of the options that occur; any other is a mistake. */
const send = async (
  line: string,
): Promise<{ readonly path: string; readonly method: string; readonly answer: Response }> => {
  const [program, ...words] = wordsOf(line)
  expect(program).toBe('curl')
  const headers = new Headers()
  let method: string | undefined
  let body: string | undefined
  let url = ''
  words.forEach((word, i) => {
    const option = TAKES.has(words[i - 1] ?? '') ? words[i - 1] : undefined
    if (option === '-H') headers.set(word.split(': ')[0]!, word.split(': ')[1]!)
    else if (option === '-d') body = word
    else if (option === '-X') method = word
    else if (option === '-u') headers.set('authorization', `Basic ${Buffer.from(word).toString('base64')}`)
    else if (option === undefined && !word.startsWith('-')) url = word
    else if (option === undefined) expect([...TAKES, '-N']).toContain(word)
  })
  method ??= body === undefined ? 'GET' : 'POST'
  const answer = await fetch(url, { method, headers, body: body ?? null })
  return { path: new URL(url).pathname, method, answer }
}

const used = new Set<string>()

describe('the examples', () => {
  it.each(COMMANDS)('%s', async (line) => {
    const { path, method, answer } = await send(line)
    used.add(`${method} ${path}`)
    expect(answer.status, line).toBeOneOf([200, 201, 204])
    if (path === '/api/live') return void answer.body!.cancel()
    const told = await answer.text()
    if (`${method} ${path}` === 'POST /api/webhooks') variables.WEBHOOK = (JSON.parse(told) as { id: string }).id
    if (answer.status === 204) return expect(told).toBe('')
    expect(told.length).toBeGreaterThan(10)
    expect(told).not.toContain('"rejected":[{')
  })

  it('send a message to a receiver', () => {
    expect(sink.received.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual(['webhook.test'])
  })

  it('begin with whom to call, and that one request tells it', async () => {
    const { answer } = await send(COMMANDS[0]!)
    const { items } = (await answer.json()) as { items: readonly Record<string, unknown>[] }
    const shown = (JSON.parse(blocksOf('json')[0]!) as { items: readonly object[] }).items[0]!
    expect(items[0]).toMatchObject({ qualification: 'sql', stage: 'intent', traits: { email: expect.any(String) } })
    for (const name of Object.keys(shown)) expect(items[0]![name], name).toBeTruthy()
  })

  it('have one of every resource there is', async () => {
    const { paths } = (await collector.ask<OpenApi>('/api/openapi.json')).body
    const tags = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(
        ([
          method,
          {
            tags: [tag],
          },
        ]) => ({
          tag,
          pattern: new RegExp(`^${method.toUpperCase()} ${path.replace(/\{\w+\}/g, '[^/]+')}$`),
        }),
      ),
    )
    const without = [...Map.groupBy(tags, ({ tag }) => tag)]
      .filter(([, all]) => !all.some(({ pattern }) => [...used].some((name) => pattern.test(name))))
      .map(([tag]) => tag)
    expect(without).toEqual([])
  })
})
