/** Transactions on PostgreSQL whose first and last words wait for no answer: nothing of one that fails is ever kept. */
import postgres from 'postgres'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect, isCollision, isOutage, migrate, type Sql, TYPES } from '../../collector/store/postgres.ts'
import { claimAndLock } from '../../collector/store/postgres-claims.ts'
import { createSessions, type Sessions } from '../../collector/store/postgres-session.ts'
import { idHash } from '../../collector/store/postgres-shard.ts'
import { missing, startPostgres } from '../postgres.ts'

const NOTHING = { result: undefined, sent: [] }

const server = await startPostgres(['fsync=off'])
afterAll(() => server?.stop())

describe.skipIf(!server)(`a transaction on PostgreSQL${server ? '' : ` (${missing})`}`, () => {
  let sql: Sql
  let sessions: Sessions
  let notices: string[] = []
  beforeEach(async () => {
    notices = []
    const url = await server!.newDatabase()
    sql = connect({ url, connections: 1, name: 'test' })
    await migrate(sql)
    await sql`CREATE TABLE note (n integer PRIMARY KEY)`
    const open = (options: object) =>
      postgres(url, {
        types: TYPES,
        fetch_types: false,
        onnotice: (each) => notices.push(each.message!),
        ...options,
      }) as unknown as Sql
    sessions = createSessions({ open, most: 1, patience: 5000 })
  })
  afterEach(async () => {
    await sessions.end()
    await sql.end()
  })

  const notes = async () => (await sql<{ n: number }[]>`SELECT n FROM note ORDER BY n`).map(({ n }) => n)
  const ids = ['one', 'two'].map((key) => ({ key, site: 1, ...idHash(1, key) }))
  const claiming = { version: 1, memories: new Map(), names: [], leads: new Map(), ids }

  it('that never began is sent no more than what went with its beginning', async () => {
    const failing = sessions.begin({ options: 'AT ONCE', isAhead: true }, async (tx) => {
      await tx`SELECT 1`
      await tx`INSERT INTO note VALUES (1)`
      return NOTHING
    })
    await expect(failing).rejects.toMatchObject({ code: '42601' })
    await sessions.begin({ options: '' }, async (tx) => ({
      ...NOTHING,
      sent: [tx`INSERT INTO note VALUES (2)`.execute()],
    }))
    expect(await notes()).toEqual([2])
  })

  it('that never began claims nothing', async () => {
    const failing = sessions.begin({ options: 'AT ONCE', isAhead: true }, async (tx) => {
      // As a group does: both are on their way before the beginning is answered.
      const [answered] = await Promise.all([
        claimAndLock({ tx, ...claiming }),
        tx`SELECT block FROM begin_group('{}'::text[])`.execute(),
      ])
      expect([...answered.fresh]).toEqual([])
      return NOTHING
    })
    await expect(failing).rejects.toMatchObject({ code: '42601' })
    expect(await sql`SELECT 1 FROM event_id`).toHaveLength(0)
  })

  it('claims what it is asked to once it has begun', async () => {
    const claimed = await sessions.begin({ options: '', isAhead: true }, async (tx) => {
      const [, { fresh }] = await Promise.all([
        tx`SELECT block FROM begin_group('{}'::text[])`.execute(),
        claimAndLock({ tx, ...claiming }),
      ])
      return { result: fresh.size, sent: [] }
    })
    expect([claimed, (await sql`SELECT 1 FROM event_id`).length]).toEqual([2, 2])
  })

  it('keeps what was sent last, and answers when that is kept', async () => {
    const result = await sessions.begin({ options: '' }, async (tx) => {
      const sent = [1, 2].map((n) => tx`INSERT INTO note VALUES (${n})`.execute())
      return { result: 'done', sent }
    })
    expect([result, await notes()]).toEqual(['done', [1, 2]])
  })

  it('of which the last fails keeps nothing, and says what was the first to fail', async () => {
    const failing = sessions.begin({ options: '' }, async (tx) => {
      const wrapped = async (n: number): Promise<void> => {
        await tx`INSERT INTO note VALUES (${n})`.execute()
      }
      return { result: 'done', sent: [1, 2, 2, 3].map(wrapped) }
    })
    await expect(failing).rejects.toMatchObject({ code: '23505', table_name: 'note' })
    expect(await notes()).toEqual([])
    await sessions.begin({ options: '' }, async (tx) => ({
      ...NOTHING,
      sent: [tx`INSERT INTO note VALUES (4)`.execute()],
    }))
    expect(await notes()).toEqual([4])
    expect(notices, 'nothing is left to be taken back').toEqual([])
  })

  it('is done again where another gave the same name first, and no other broken rule is taken for that', async () => {
    const name = () => sql`INSERT INTO name (shard, site, kind, value, visitor) VALUES (1, 1, 'user', 'a', 1024)`
    await name()
    const again = await name().catch((error: unknown) => error)
    const other = await sql`INSERT INTO note VALUES (1), (1)`.catch((error: unknown) => error)
    expect([isCollision(again), isCollision(other)]).toEqual([true, false])
    expect([isOutage(again), isOutage(other)], 'and sent again where that does not help').toEqual([true, false])
  })
})
