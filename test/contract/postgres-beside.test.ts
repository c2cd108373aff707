/** What only a store has that several collectors write to: beside the log, on PostgreSQL. */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect, isOutage } from '../../collector/store/postgres.ts'
import { note } from '../../collector/store/postgres-audit.ts'
import { markPublished } from '../../collector/store/postgres-models.ts'
import { tablesOfVisitors } from '../../collector/store/postgres-person.ts'
import { createPostgresSettings } from '../../collector/store/postgres-settings.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { newcomer } from '../../shared/state.ts'
import { startPostgres } from '../postgres.ts'
import { openPostgresBeside, preparePostgres } from './beside-postgres.ts'
import { NOON } from './events.ts'

const server = await startPostgres(['fsync=off', 'full_page_writes=off'])
afterAll(() => server?.stop())
const url = (await server?.newDatabase()) ?? ''
if (server) await preparePostgres(url)

const WEBHOOK = { kind: 'webhook', label: '', site: undefined, types: [], state: 'on', reason: undefined } as const

;(server ? describe : describe.skip)('several collectors on PostgreSQL', () => {
  let store: Awaited<ReturnType<typeof openPostgresBeside>>
  beforeEach(async () => {
    store = await openPostgresBeside(url)
  })
  afterEach(() => store.close())

  it('hear from a probe that nothing can be written', async () => {
    await store.settings.probe()
    const frozen = connect({ url: `${url}?default_transaction_read_only=on`, connections: 1, name: 'test' })
    const failed = await createPostgresSettings(frozen)
      .probe()
      .then(
        () => undefined,
        (error: unknown) => error,
      )
    await frozen.end()
    expect(failed).toBeInstanceOf(Error)
    expect(isOutage(failed)).toBe(true)
  })

  it('leave nothing on its way to a receiver that is deleted while one of them writes to it', async () => {
    await store.outbox.putWebhook({ ...WEBHOOK, id: 'w', sealed: '', createdAt: NOON })
    let isDeleted = false
    let deleted: Promise<boolean> | undefined
    await store.sql.begin(async (tx) => {
      await tx`SELECT * FROM begin_group()`
      deleted = store.otherOutbox.deleteWebhook('w').finally(() => {
        isDeleted = true
      })
      await pause(100)
      await tx`INSERT INTO delivery (shard, message, webhook, state, due_at) VALUES (1, 1, 'w', 'pending', ${NOON})`
      expect(isDeleted).toBe(false)
    })
    expect(await deleted).toBe(true)
    expect([await store.rows.countOf('delivery'), await store.deliveries.webhooks()]).toEqual([0, []])
  })

  it('note what they do with the work itself, or not at all', async () => {
    const entry = { at: NOON, actor: 'x', action: 'erase' }
    const failing = store.sql.begin(async (tx) => {
      await note(tx, entry)
      throw new Error('given up')
    })
    await expect(failing).rejects.toThrow('given up')
    expect(await store.audit.entries({ limit: 5 })).toEqual([])
  })

  it('read people and counts under the published version alone, and under the next from one instant on', async () => {
    const { sql, views, rows } = store
    const state = newcomer(NOON)
    await rows.person({ n: 1, id: 'ann', account: 'acme.com', warmth: 1, state })
    await rows.person({ n: 1025, id: 'phone', root: 1 })
    await rows.count({ kind: 'step', what: 'intent', outcome: '1', day: 1, n: 1 })
    await sql`CREATE TABLE IF NOT EXISTS visitor_2 PARTITION OF visitor FOR VALUES IN (2)`
    await sql`
      INSERT INTO visitor (shard, n, version, id, site, root, account, warmth, state, changed)
      SELECT shard, n, 2, id, site, root, account, 3, state, changed FROM visitor WHERE version = 1`
    await sql`INSERT INTO aggregate SELECT 2, site, kind, what, outcome, day, lane, 5 FROM aggregate WHERE version = 1`
    const seen = async () => {
      const [account] = await views.accounts({ key: 0 })
      const people = await views.colleagues({ account: 'acme.com', limit: 9 })
      const [counted] = await views.aggregates({ kind: 'step', from: 0, to: 9, closed: 9 })
      const { parts } = await views.held('phone')
      return [account, people.map(({ modelVersion }) => modelVersion), counted!.n, parts.map(({ id }) => id)]
    }
    expect(await seen()).toEqual([{ id: 'acme.com', people: 1, most: 2 }, [1], 1, ['ann', 'phone']])
    await store.models.insertDraft({ model: DEFAULT_MODEL, author: '', reason: '', createdAt: NOON })
    await sql.begin((tx) => markPublished(tx, 2, { approver: 'Ann', reason: 'better', at: NOON + 1 }))
    expect(await seen()).toEqual([{ id: 'acme.com', people: 1, most: 8 }, [2], 5, ['ann', 'phone']])
    expect(await store.models.published()).toMatchObject({ version: 2, approver: 'Ann', publishedAt: NOON + 1 })
    expect((await store.models.versions()).map((each) => each.state)).toEqual(['published', 'retired'])
  })

  it('find what is kept of a person in a table that nobody had thought of', async () => {
    const { sql, views, rows } = store
    expect(await tablesOfVisitors(sql)).toEqual(
      expect.arrayContaining(['event', 'feedback', 'message', 'name', 'transition']),
    )
    await rows.person({ n: 1, id: 'ann' })
    await sql`CREATE TABLE whim (shard smallint NOT NULL, visitor bigint NOT NULL, word text)`
    await sql`INSERT INTO whim VALUES (1, 1, 'hers'), (2, 2, 'his')`
    expect((await views.held('ann')).others.whim).toEqual([{ shard: 1, visitor: 1, word: 'hers' }])
    await sql`DROP TABLE whim`
  })
})
