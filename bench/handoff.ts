/**
 * From the click on a demo form to the verified webhook: `node bench/handoff.ts [leads] [rounds]`. Each round measures an
 * idle collector and one that takes 500 events a second meanwhile, in turn; the ratio is of the two. The receiver and
 * the load are in this process, so they slow what they measure rather than the other way round.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { printTable } from './measure.ts'

const LEADS = Number(process.argv[2] ?? 200)
const ROUNDS = Number(process.argv[3] ?? 3)
const EVENTS_PER_SECOND = 500
/** In one beacon of the load. */
const EVENTS = 5
const TOKEN = 'bench-bench-bench-bench'
const BROWSER = {
  'content-type': 'text/plain',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36',
}

const folder = mkdtempSync(join(tmpdir(), 'leadlight-bench-'))
const child = fork(join(import.meta.dirname, 'servers/collector.ts'), [folder])
const [{ port, key }] = (await once(child, 'message')) as [{ port: number; key: string }]
const url = `http://127.0.0.1:${port}`

/** When the webhook of each lead was there and its signature found good. */
const arrivals = new Map<string, (at: number) => void>()
let secret = ''
const receiver = createServer(async (request, response) => {
  let body = ''
  for await (const part of request.setEncoding('utf8')) body += part
  const { data } = new Webhook(secret).verify(body, request.headers as Record<string, string>) as {
    data: { visitor: { traits: { email: string } } }
  }
  arrivals.get(data.visitor.traits.email)?.(performance.now())
  response.writeHead(204).end()
})
await once(receiver.listen(0, '127.0.0.1'), 'listening')
const { port: hook } = receiver.address() as AddressInfo
const made = await fetch(`${url}/api/webhooks`, {
  method: 'POST',
  headers: { authorization: `Bearer ${TOKEN}` },
  body: JSON.stringify({ url: `http://127.0.0.1:${hook}/`, types: ['lead.handoff'] }),
})
secret = ((await made.json()) as { secret: string }).secret

let count = 0
const send = async (visitor: number, events: readonly object[]): Promise<void> => {
  const sent = Date.now()
  const filled = events.map((event) => {
    count += 1
    return { id: `event-${count}`, at: sent, view: `view-${count}`, ...event }
  })
  const body = JSON.stringify({ site: key, visitor: visitor.toString(16).padStart(32, '0'), sent, events: filled })
  const answer = await fetch(`${url}/e`, { method: 'POST', headers: BROWSER, body })
  if (answer.status !== 200) throw new Error(`/e answered ${answer.status}: ${await answer.text()}`)
  await answer.text()
}

let people = 0
/** Milliseconds from the request to its answer, which is when it is on disk: of the busy rounds. */
const answers: number[] = []
let isBusy = false

/** Milliseconds from the request to the verified webhook. */
const raiseHand = async (): Promise<number> => {
  people += 1
  const email = `lead${people}@acme.example`
  const arrived = new Promise<number>((resolve) => arrivals.set(email, resolve))
  const start = performance.now()
  await send(1e9 + people, [{ type: 'form', form: 'demo', step: 'submit', signal: 'demo_request', traits: { email } }])
  if (isBusy) answers.push(performance.now() - start)
  return (await arrived) - start
}

const load = async (signal: AbortSignal): Promise<number> => {
  const start = performance.now()
  let sent = 0
  while (!signal.aborted) {
    const due = ((performance.now() - start) / 1000) * EVENTS_PER_SECOND
    while (sent < due) {
      sent += EVENTS
      const pages = Array.from({ length: EVENTS }, () => ({
        type: 'page',
        url: 'https://shop.example/product',
        title: 'x',
      }))
      void send(Math.floor(sent / 20), pages)
    }
    await pause(5)
  }
  return (sent / (performance.now() - start)) * 1000
}

const leads = async (): Promise<readonly number[]> => {
  const waits: Promise<number>[] = []
  for (let n = 0; n < LEADS; n++) {
    waits.push(raiseHand())
    await pause(25)
  }
  return Promise.all(waits)
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!

const idle: number[] = []
const busy: number[] = []
let rate = 0
await leads() // warms up
for (let round = 0; round < ROUNDS; round++) {
  idle.push(...(await leads()))
  const end = new AbortController()
  isBusy = true
  const loading = load(end.signal)
  busy.push(...(await leads()))
  end.abort()
  rate = await loading
  isBusy = false
  process.stderr.write('.')
}
process.stderr.write('\n')
const part = [0.5, 0.99].map((share) => `p${share * 100} ${quantile(answers, share).toFixed(1)} ms`).join(', ')
console.log(`until the click was on disk, of the busy rounds: ${part}`)
printTable(
  [0.5, 0.99, 1].map((share) => {
    const [loaded, alone] = [quantile(busy, share), quantile(idle, share)]
    return {
      what: share === 1 ? 'slowest' : `p${share * 100}`,
      value: `${loaded.toFixed(1)} ms`,
      baseline: `${alone.toFixed(1)} ms`,
      ratio: (loaded / alone).toFixed(2),
      note: share === 0.5 ? `${busy.length} leads at ${Math.round(rate)} events/s, against ${idle.length} at none` : '',
    }
  }),
)
receiver.close()
receiver.closeAllConnections()
child.kill('SIGTERM')
await once(child, 'exit')
rmSync(folder, { recursive: true, force: true })
