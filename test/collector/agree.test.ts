/** Several collectors on one PostgreSQL are one collector to whoever asks them: what one knows the others know. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, migrate, type Sql } from '../../collector/store/postgres.ts'
import { STEPS } from '../../collector/store/postgres-schema.ts'
import type { Program } from '../e2e/program.ts'
import { ok, openSink, type Sink } from '../outbox/sink.ts'
import { missing, startPostgres } from '../postgres.ts'
import { BROWSER, beacon } from './collector.ts'
import { hear } from './hear.ts'
import { expectSoundAt } from './kept-postgres.ts'
import { nothingTold, startLoad } from './load.ts'
import { ask, startTogether, type Together, until } from './together.ts'
import { openWire, type Wire } from './wire.ts'

const HOUR = 3_600_000
const server = await startPostgres(['max_connections=200'])
if (!server) console.warn(`  Skipped: collectors that agree: ${missing}`)

interface Verdict {
  readonly accepted: number
  readonly rejected: readonly { readonly code: string }[]
}

describe.skipIf(!server)(
  `two collectors on one PostgreSQL${server ? '' : ` (${missing})`}`,
  { timeout: 180_000 },
  () => {
    let together: Together
    let database: string
    let sql: Sql
    let wire: Wire
    let sink: Sink
    const a = (): Program => together.programs[0]!
    const b = (): Program => together.programs[1]!
    /** Hears of nothing, and has to look by itself. */
    const deaf = (): Program => together.programs[2]!

    beforeAll(async () => {
      database = await server!.newDatabase()
      sql = connect({ url: database, connections: 2, name: 'test' })
      wire = await openWire(database)
      wire.deafen()
      sink = await openSink()
      together = await startTogether([database, database, wire.by(database)], {
        LEADLIGHT_ALLOW_PRIVATE_WEBHOOKS: 'on',
      })
    }, 120_000)
    afterAll(async () => {
      await together?.end()
      await sink?.close()
      await wire?.close()
      await sql?.end()
      await server?.stop()
    })

    const send = async ({ url }: Program, events: readonly object[], head: object = {}, key = together.key) => {
      const answer = await fetch(`${url}/e`, { method: 'POST', body: beacon(key, events, head), headers: BROWSER })
      return { status: answer.status, body: (await answer.json()) as Verdict }
    }
    const page = (title: string) => ({ type: 'page', id: randomUUID(), url: 'https://www.acme.example/', title })
    const importBatch = async (program: Program, batch: readonly object[]): Promise<void> =>
      expect(await program.importBatch(batch)).toMatchObject({ accepted: batch.length })
    const count = async (what: string): Promise<number> =>
      (await sql<{ n: number }[]>`SELECT count(*)::integer AS n FROM ${sql.unsafe(what)}`)[0]!.n

    it('tell at once what the other has taken, and by themselves where they are told of nothing', async () => {
      const [near, far] = [await hear(b()), await hear(deaf())]
      expect(await send(a(), [page('first')], { visitor: 'ann' })).toMatchObject({ status: 200, body: { accepted: 1 } })
      await until('the other tells of it', () => near.titles.includes('first'))
      await until('who hears nothing finds it', () => far.titles.includes('first'))
      expect(wire.happened.deafened).toBeGreaterThan(0)
      near.stop()
      far.stop()
    })

    it('go on with a stream that another began, where it ended', async () => {
      const one = await hear(a())
      await send(b(), [page('heard')], { visitor: 'ann' })
      await until('it is told', () => one.titles.includes('heard'))
      one.stop()
      const missed = ['missed 1', 'missed 2', 'missed 3']
      for (const [i, title] of missed.entries()) await send(together.programs[i]!, [page(title)], { visitor: `v${i}` })
      const other = await hear(b(), one.lastId())
      await until('the rest is told', () => other.titles.length >= missed.length)
      expect(other.titles).toEqual(missed)
      other.stop()
    })

    it('know a site that another has made, and no more one that it has removed', async () => {
      const made = await ask<{ key: string }>(a(), '/api/sites', { method: 'POST', body: { name: 'new', origins: [] } })
      expect(made.status).toBe(201)
      const say = (program: Program) => send(program, [page('hello')], {}, made.body.key)
      for (const program of [b(), deaf()]) await until('it is known', async () => (await say(program)).status === 200)
      expect((await ask(a(), '/api/sites/new', { method: 'DELETE', body: {} })).status).toBeLessThan(300)
      for (const program of [b(), deaf()]) await until('it is gone', async () => (await say(program)).status !== 200)
    })

    it('refuse a key that another has removed', async () => {
      const made = await ask<{ id: string; secret: string }>(a(), '/api/keys', {
        method: 'POST',
        body: { kind: 'read' },
      })
      expect(made.status).toBe(201)
      const { id, secret: token } = made.body
      const status = async (program: Program) => (await ask(program, '/api/visitors', { token })).status
      await until('it is known', async () => (await status(b())) === 200)
      expect((await ask(a(), `/api/keys/${id}`, { method: 'DELETE' })).status).toBeLessThan(300)
      await until('it is refused', async () => (await status(b())) === 401)
    })

    it('refuse somebody from the moment that another has erased them', async () => {
      for (let n = 0; n < 10; n += 1) {
        const head = { visitor: `erased-${n}` }
        expect((await send(b(), [page('before')], head)).body.accepted).toBe(1)
        const gone = await ask(a(), `/api/visitors/erased-${n}?site=demo`, { method: 'DELETE', body: {} })
        expect(gone.status, JSON.stringify(gone.body)).toBe(200)
        const { body } = await send(b(), [page('after')], head)
        expect(body).toMatchObject({ accepted: 0, rejected: [{ code: 'erased' }] })
        expect((await ask(deaf(), `/api/visitors/erased-${n}`)).status).toBe(404)
      }
    })

    it('take a link that signs in once, whoever made it', async () => {
      const { body } = await ask<{ url: string }>(a(), '/api/signin', { method: 'POST' })
      const query = new URL(body.url).search
      const signIn = async ({ url }: Program) => {
        const answer = await fetch(`${url}/signin${query}`, { redirect: 'manual' })
        return [answer.headers.get('location'), answer.headers.has('set-cookie')]
      }
      expect(await signIn(b())).toEqual(['/', true])
      for (const program of together.programs) expect(await signIn(program)).toEqual(['/?expired', false])
    })

    it('have one name for somebody who has none, and their session', async () => {
      const before = await count('visitor')
      for (const program of together.programs) await send(program, [page('without a name')], { visitor: undefined })
      expect((await count('visitor')) - before).toBe(1)
    })

    it('bring forward what falls due once, and tell of it once, whoever takes part', async () => {
      const webhook = { url: sink.url, types: ['lead.handoff', 'lead.sla_breached'] }
      expect((await ask(a(), '/api/webhooks', { method: 'POST', body: webhook })).status).toBe(201)
      const ids: string[] = []
      sink.answer = (response, _, request) => {
        ids.push(String(request.headers['webhook-id']))
        setTimeout(() => ok(response), 10)
      }
      const PEOPLE = 60
      const timestamp = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString()
      const each = (n: number, prefix: string, calls: readonly object[]) =>
        calls.map((call) => ({ userId: `${prefix}${n}`, messageId: randomUUID(), type: 'track', ...call }))
      const all = Array.from({ length: PEOPLE }, (_, n) => [
        ...each(n, 'cart', [{ event: 'Product Added', timestamp: timestamp(3) }]),
        ...each(n, 'lead', [
          { type: 'identify', traits: { email: `lead${n}@acme.example` } },
          { event: 'demo_request' },
        ]),
        ...each(n, 'cold', [{ event: 'case_study', timestamp: timestamp(24 * 100) }]),
      ])
      await Promise.all(all.map((batch, n) => importBatch(together.programs[n % 3]!, batch)))
      await until('nothing is due any more', async () => (await count(`visitor WHERE due <= ${Date.now()}`)) === 0)
      await until('all is delivered', async () => (await count(`delivery WHERE state <> 'delivered'`)) === 0)
      const moves = await sql<{ what: string; target: string; rule: string; n: number; people: number }[]>`
      SELECT what, target, rule, count(*)::integer AS n, count(DISTINCT visitor)::integer AS people
      FROM transition WHERE visitor IN (SELECT n FROM visitor WHERE user_id ~ '^(cart|lead|cold)') GROUP BY 1, 2, 3`
      expect(moves.length).toBeGreaterThan(2)
      for (const { n, people, ...move } of moves) expect([move, n]).toEqual([move, people])
      expect(new Set(ids).size, 'each under an id of its own').toBe(PEOPLE)
      expect(ids.length, 'and once').toBe(PEOPLE)
      await expectSoundAt(database)
    })

    it('score by the model that another has published, from one instant on', async () => {
      const told = nothingTold()
      const load = startLoad({ url: together.urls(), key: together.key, name: 'model', told, persists: true })
      const model = await ask<{ version: number }>(a(), '/api/models', {
        method: 'POST',
        body: { preset: 'standard', handover: 'strict' },
      })
      expect(model.status).toBe(201)
      const { version } = model.body
      const started = await ask<{ id: string }>(a(), `/api/models/${version}/simulate?wait=0`, {
        method: 'POST',
        body: {},
      })
      expect(started.status).toBeLessThan(300)
      const job = (id: string) => ask<{ state: string }>(b(), `/api/models/jobs/${id}`)
      await until('the other tells of the job', async () => (await job(started.body.id)).status === 200)
      await until('and of its end', async () => (await job(started.body.id)).body.state === 'done')
      await until('there is something to switch', () => told.acked.size > 200)
      const publishing = await ask<{ id: string }>(a(), `/api/models/${version}/publish?wait=0`, {
        method: 'POST',
        body: { reason: 'stricter' },
      })
      const { id } = publishing.body
      await until('it is published', async () => !['running', undefined].includes((await job(id)).body.state))
      expect((await job(id)).body).toMatchObject({ state: 'done' })
      // The other learns of it a moment later, and shows everyone by the one model or everyone by the other.
      await until('the other shows it', async () => {
        const list = await ask<{ items: { modelVersion: number }[] }>(b(), '/api/visitors?limit=200')
        const versions = new Set(list.body.items.map(({ modelVersion }) => modelVersion))
        expect(versions.size).toBe(1)
        return versions.has(version)
      })
      const after = told.acked.size
      await until('they take events', () => told.acked.size > after + 200)
      await load.stop()
      expect([...told.refusals]).toEqual([])
      const [{ old, next }] = (await sql`
      SELECT (SELECT max(seq) FROM transition WHERE model < ${version}) AS old,
        (SELECT min(seq) FROM transition WHERE model = ${version}) AS next`) as [{ old: number; next: number }]
      expect(old).toBeLessThan(next)
      await expectSoundAt(database)
    })

    it('go on while another brings the schema further, which they know nothing of', async () => {
      const told = nothingTold()
      const load = startLoad({ url: together.urls(), key: together.key, name: 'schema', told, persists: true })
      await until('they take events', () => told.acked.size > 100)
      const step = 'ALTER TABLE visitor ADD COLUMN later text; CREATE TABLE later (n bigint PRIMARY KEY)'
      await migrate(sql, [...STEPS, step])
      const before = told.acked.size
      await until('they take more', () => told.acked.size > before + 200)
      for (const program of together.programs) expect((await ask(program, '/api/visitors')).status).toBe(200)
      await load.stop()
      expect([...told.refusals]).toEqual([])
      expect((await send(a(), [page('last')], { visitor: 'ann' })).status).toBe(200)
      await expect(migrate(sql)).rejects.toThrow(/newer Leadlight/)
    })
  },
)
