/** What the page about handing over says is so: its receiver runs, its table is the schedule. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { KINDS, TYPES } from '../../collector/outbox/receiver.ts'
import { DELAYS } from '../../collector/outbox/retry.ts'
import { newSecret } from '../../collector/outbox/signature.ts'
import { MESSAGE_TYPES } from '../../shared/message.ts'

const text = readFileSync(join(import.meta.dirname, '../../docs/handoff.md'), 'utf8')

it('the receiver on the page takes what is genuine, once, and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
  const file = join(folder, 'receiver.mjs')
  writeFileSync(file, /```js\n(\/\/ receiver\.mjs\n[\s\S]*?)```/.exec(text)![1]!)
  const { value: secret } = newSecret()
  const child = spawn(process.execPath, [file], { env: { ...process.env, SECRET: secret, PORT: '0' } })
  let output = ''
  child.stdout.on('data', (part) => {
    output += part
  })
  while (!output.includes('listening on')) await once(child.stdout, 'data')
  const url = `http://127.0.0.1:${/listening on (\d+)/.exec(output)![1]}`

  const body = '{"type":"lead.handoff"}'
  const send = async (at: number, signature: (signed: string) => string = (signed) => signed, sent = body) => {
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at / 1000)),
      'webhook-signature': signature(new Webhook(secret).sign('msg_1', new Date(at), body)),
    }
    return (await fetch(url, { method: 'POST', headers, body: sent })).status
  }
  const now = Date.now()
  expect(await send(now)).toBe(204)
  expect(await send(now)).toBe(204)
  expect(await send(now, (signed) => `v1,${'A'.repeat(43)}= ${signed}`)).toBe(204)
  expect(await send(now, (signed) => `v1a,${signed.slice(3)}`)).toBe(401)
  expect(await send(now, () => 'v1,AAAA')).toBe(401)
  expect(await send(now, (signed) => signed, `${body} `)).toBe(401)
  expect(await send(now - 600_000)).toBe(401)
  expect(output.match(/lead\.handoff msg_1/g)).toHaveLength(1)
  const gone = once(child, 'exit')
  child.kill()
  await gone
  rmSync(folder, { recursive: true })
})

const spelt = (ms: number): string =>
  ms < 60_000 ? `${ms / 1000} s` : ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`

it('its table is the schedule', () => {
  const rows = [...text.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, n, wait]) => `${n} ${wait}`)
  expect(rows).toEqual([...DELAYS.map((ms, i) => `${i + 1} ${spelt(ms)}`), `${DELAYS.length + 1} dead`])
})

it('names every type of message and every kind of receiver', () => {
  for (const type of MESSAGE_TYPES) expect(text).toContain(`| \`${type}\` |`)
  for (const kind of KINDS) expect(kind === 'webhook' || text.includes(`"kind": "${kind}"`)).toBe(true)
  expect(text).toContain(`It gets ${TYPES.slack.map((type) => `\`${type}\``).join(' and ')}:`)
})
