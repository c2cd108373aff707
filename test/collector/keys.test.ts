/** Secret keys: shown once, kept as a hash, revoked at once, and known by when they were last used. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createKeyUse } from '../../collector/key-use.ts'
import type { KeyUse } from '../../collector/store/store.ts'
import type { Failure } from '../../shared/answer.ts'
import { isOnPostgres } from '../database.ts'
import { basic, type Collector, startCollector } from './collector.ts'

interface Key {
  readonly id: string
  readonly kind: string
  readonly hint: string
  readonly lastUsedAt: string | null
  readonly secret: string
}

let collector: Collector
beforeAll(async () => {
  collector = await startCollector()
})
afterAll(() => collector.end())

const make = async (kind: string): Promise<Key> => (await collector.admin<Key>('/api/keys', 'POST', { kind })).body
const listed = async (id: string): Promise<Key | undefined> =>
  (await collector.admin<{ items: Key[] }>('/api/keys')).body.items.find((key) => key.id === id)

it.each(['read', 'admin', 'write'])('a %s key is a word for what it is and 32 random bytes', async (kind) => {
  const { secret, hint } = await make(kind)
  expect(secret).toMatch(new RegExp(`^${kind}_[A-Za-z0-9_-]{43}$`))
  expect(secret.endsWith(hint)).toBe(true)
})

it.each(['read', 'admin'])('a %s key is for all sites: it is not made for one', async (kind) => {
  const answer = await collector.admin<Failure>('/api/keys', 'POST', { kind, site: 'default' })
  expect(answer).toMatchObject({ status: 400, body: { error: { details: [{ path: 'site' }] } } })
})

it.each([
  [
    'POST',
    '/api/keys',
    { kind: 'write', site: 'nowhere' },
    'There is no site of that name. GET /api/sites lists them.',
  ],
  ['PATCH', '/api/keys/x', { label: 'x' }, 'There is no key of that id. GET /api/keys lists them.'],
  ['DELETE', '/api/keys/x', undefined, 'There is no key of that id. GET /api/keys lists them.'],
  ['PATCH', '/api/sites/nowhere', {}, 'There is no site of that name. GET /api/sites lists them.'],
  ['DELETE', '/api/sites/nowhere', undefined, 'There is no site of that name. GET /api/sites lists them.'],
  ['DELETE', '/api/webhooks/x', undefined, 'There is no webhook of that id. GET /api/webhooks lists them.'],
])('who names what is not there is told so, and where to look: %s %s', async (method, path, body, message) => {
  const answer = await collector.admin<Failure>(path, method, body)
  expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not_found', message } } })
})

it.skipIf(isOnPostgres)('is shown once, and is on no disk', async () => {
  const { id, secret } = await make('read')
  expect(await listed(id)).not.toHaveProperty('secret')
  const files = readdirSync(collector.folder).filter((name) => name.startsWith('test.db'))
  expect(files.length).toBeGreaterThan(1)
  for (const name of files) expect(readFileSync(join(collector.folder, name)).includes(secret.slice(5))).toBe(false)
})

it('is worth nothing from the moment it is revoked', async () => {
  const { id, secret } = await make('admin')
  expect((await collector.ask('/api/visitors', { token: secret })).status).toBe(200)
  expect((await collector.admin(`/api/keys/${id}`, 'DELETE')).status).toBe(204)
  expect((await collector.ask('/api/visitors', { token: secret })).status).toBe(401)
})

it('of each kind tells when it was last used', async () => {
  const send = (key: Key) =>
    collector.ask('/v1/track', {
      method: 'POST',
      headers: { authorization: basic(key.secret) },
      body: '{"event":"x","userId":"u"}',
    })
  const read = (key: Key) => collector.ask('/api/visitors', { token: key.secret })
  for (const [kind, use] of [
    ['write', send],
    ['read', read],
    ['admin', read],
  ] as const) {
    const key = await make(kind)
    expect(await listed(key.id)).toMatchObject({ lastUsedAt: null })
    expect((await use(key)).status).toBe(200)
    await vi.waitFor(async () => expect((await listed(key.id))!.lastUsedAt).not.toBeNull())
    expect(Math.abs(Date.parse((await listed(key.id))!.lastUsedAt!) - Date.now())).toBeLessThan(60_000)
  }
})

it('is written down once a minute, however often it is used', async () => {
  const written: KeyUse[] = []
  let fails = false
  const note = createKeyUse(async (use) => {
    if (fails) throw new Error('disk full')
    written.push(use)
  })
  for (let at = 0; at < 120_000; at += 100) note({ hash: 'a', at })
  note({ hash: 'b', at: 5 })
  expect(written.map(({ hash, at }) => `${hash} ${at}`)).toEqual(['a 0', 'a 60000', 'b 5'])
  fails = true
  note({ hash: 'c', at: 1 })
  await Promise.resolve()
  await Promise.resolve()
  fails = false
  note({ hash: 'c', at: 2 })
  expect(written.at(-1)).toEqual({ hash: 'c', at: 2 })
})
