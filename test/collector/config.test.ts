/** The environment: what is taken, what is refused, and how that is told. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { askCollector } from '../../collector/command/ask.ts'
import { readConfig } from '../../collector/config.ts'
import { readModelFile } from '../../collector/model-file.ts'
import { ADMIN, startCollector } from './collector.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
afterAll(() => rmSync(folder, { recursive: true }))

it.each([
  ['DATABASE_URL', 'postgres://:::'],
  ['DATABASE_URL', 'postgres://leads:secret@db:port/leads'],
  ['LEADLIGHT_TOKEN', 'sixteen characters with spaces'],
  ['LEADLIGHT_TOKEN', 'sécrètsécrètsécrèt'],
  ['LEADLIGHT_PUBLIC_URL', 'https://leads.example.com/?from=here'],
  ['LEADLIGHT_PUBLIC_URL', 'https://leads.example.com/#top'],
  ['LEADLIGHT_PUBLIC_URL', 'https://example.com/leads'],
])('%s does not take %s, and says what it takes', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(`  ${name} takes `)
})

it.each([
  ['DATABASE_URL', 'postgres://leads:se,cret@db/leads'],
  ['DATABASE_URL', 'postgres://leads:secret@one:5432,two:5433/leads?target_session_attrs=read-write'],
  ['DATABASE_URL', 'postgresql://db'],
  ['LEADLIGHT_TOKEN', 'admin_-~!0123456789'],
  ['LEADLIGHT_PUBLIC_URL', 'https://leads.example.com/'],
])('%s takes %s', (name, value) => {
  expect(() => readConfig({ [name]: value })).not.toThrow()
})

const canListen = await new Promise<boolean>((resolve) => {
  const server = createServer().once('error', () => resolve(false))
  server.listen(0, '::1', () => server.close(() => resolve(true)))
})

it.skipIf(!canListen)('HOST takes an address of IPv6, and tells one that leads there', async () => {
  const collector = await startCollector({ HOST: '::1' })
  try {
    const { url, port } = collector.running
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const asked = askCollector(
      { host: '::1', port, token: ADMIN },
      { method: 'GET', path: '/api/sites', body: undefined },
    )
    expect(await asked).toHaveProperty('items')
  } finally {
    await collector.end()
  }
})

it('LEADLIGHT_MODEL is told to be no JSON where it is none', async () => {
  const path = join(folder, 'model.json')
  writeFileSync(path, '{')
  await expect(readModelFile(path)).rejects.toThrow(`LEADLIGHT_MODEL: ${path} is not JSON`)
})
