/** Collectors on PostgreSQL take over at once what a dead one had taken on, and nothing of the living. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect, type Sql } from '../../collector/store/postgres.ts'
import { createLease } from '../../collector/store/postgres-lease.ts'
import { createPostgresOutbox } from '../../collector/store/postgres-outbox.ts'
import { openPresence, type Presence } from '../../collector/store/postgres-presence.ts'
import { missing, startPostgres } from '../postgres.ts'
import { openPostgresBeside, preparePostgres } from './beside-postgres.ts'
import { NOON } from './events.ts'

const server = await startPostgres(['fsync=off'])
afterAll(() => server?.stop())
const url = (await server?.newDatabase()) ?? ''
if (server) await preparePostgres(url)

const LONG = NOON + 120_000
const WEBHOOK = { kind: 'webhook', label: '', site: undefined, types: [], state: 'on', reason: undefined } as const

describe.skipIf(!server)(`collectors on PostgreSQL${server ? '' : ` (${missing})`}`, () => {
  let store: Awaited<ReturnType<typeof openPostgresBeside>>
  let clients: Sql[]
  let presences: Presence[]
  const problems: unknown[] = []
  beforeEach(async () => {
    store = await openPostgresBeside(url)
    clients = []
    presences = []
    await store.outbox.putWebhook({ ...WEBHOOK, id: 'w', sealed: '', createdAt: NOON })
    for (const n of [1, 2, 3]) {
      await store.sql`INSERT INTO message (shard, visitor, seq, id, type, body, at) VALUES (1, 1, ${n}, ${`m${n}`}, 'x', '{}', ${NOON})`
      await store.sql`INSERT INTO delivery (shard, message, webhook, state, due_at) VALUES (1, ${n}, 'w', 'pending', ${NOON})`
    }
  })
  afterEach(async () => {
    for (const { stop } of presences) stop()
    await Promise.all(clients.map((client) => client.end()))
    await store.close()
    expect(problems).toEqual([])
  })

  let ids = 0
  const open = async (every = 60_000) => {
    const client = connect({ url, connections: 1, name: 'present', lasts: true })
    const newId = (): string => {
      ids += 1
      return `id${ids}`
    }
    const presence = await openPresence(client, { newId, report: (problem) => problems.push(problem), every })
    clients.push(client)
    presences.push(presence)
    const outbox = createPostgresOutbox(store.sql, presence.holder)
    const claim = async (slots: number): Promise<readonly string[]> =>
      (await outbox.claim({ now: NOON, until: LONG, free: [{ webhook: 'w', slots }] })).map(({ id }) => id)
    const lease = (name: string) => createLease(store.sql, { name, holder: presence.newHolder(), now: () => NOON })
    return { client, presence, claim, lease, outbox }
  }
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 200 && !(await isSo()); tries += 1) await new Promise((go) => setTimeout(go, 25))
  }
  const die = async ({ client, presence }: Awaited<ReturnType<typeof open>>): Promise<void> => {
    presence.stop()
    await client.end({ timeout: 0 })
    // The server learns in its own time that a connection has ended.
    await until(async () => {
      const { holder } = presence
      return (await store.sql`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = ${holder}`).length === 0
    })
  }

  it('leave alone what another that lives has under way', async () => {
    const one = await open()
    expect(await one.claim(2)).toEqual(['m1', 'm2'])
    const lease = one.lease('publish')
    expect(await lease.take(LONG)).toBe(true)
    const other = await open()
    expect(await other.claim(9)).toEqual(['m3'])
    expect(await other.lease('publish').take(LONG)).toBe(false)
  })

  it('when they start, free what one that is gone had under way, and only that', async () => {
    const [dead, living] = [await open(), await open()]
    expect(await dead.claim(1)).toEqual(['m1'])
    expect(await living.claim(1)).toEqual(['m2'])
    expect(await dead.lease('publish').take(LONG)).toBe(true)
    expect(await living.lease('retention').take(LONG)).toBe(true)
    const elder = createLease(store.sql, { name: 'elder', holder: 'c0ffee', now: () => NOON })
    expect(await elder.take(LONG)).toBe(true)
    await die(dead)
    const next = await open()
    expect(await next.claim(9)).toEqual(['m1', 'm3'])
    expect(await next.lease('publish').take(LONG)).toBe(true)
    expect(await next.lease('retention').take(LONG)).toBe(false)
    expect(await next.lease('elder').take(LONG)).toBe(false)
  })

  it('see it while they run', async () => {
    const living = await open(20)
    const dead = await open()
    expect(await dead.claim(9)).toEqual(['m1', 'm2', 'm3'])
    await die(dead)
    let freed: readonly string[] = []
    await until(async () => {
      freed = [...freed, ...(await living.claim(9))]
      return freed.length === 3
    })
    expect(freed.toSorted()).toEqual(['m1', 'm2', 'm3'])
  })

  it('say that they live again when their connection was cut', async () => {
    const one = await open(20)
    const held = () => store.sql<{ pid: number }[]>`
      SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = ${one.presence.holder}`
    const [{ pid }] = (await held()) as unknown as [{ pid: number }]
    await store.sql`SELECT pg_terminate_backend(${pid})`
    await until(async () => (await held()).some((row) => row.pid !== pid))
    expect((await held()).map((row) => row.pid)).not.toContain(pid)
    expect(await held()).toHaveLength(1)
    // What was cut in mid-question is told; it is tried again.
    problems.length = 0
  })

  it('have nothing to free of what was delivered', async () => {
    const one = await open()
    await one.claim(1)
    const settled = {
      webhook: 'w',
      seq: 1,
      state: 'delivered',
      dueAt: NOON,
      tries: 1,
      triedAt: NOON,
      outcome: '200',
    } as const
    await one.outbox.settle([{ ...settled, ends: undefined }])
    await die(one)
    expect(await (await open()).claim(9)).toEqual(['m2', 'm3'])
  })
})
