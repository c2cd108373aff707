/**
 * What an engine that spreads PostgreSQL over many machines needs, held on the catalogue and on what is sent: see
 * docs/decisions/0011-one-visitor-one-shard.md.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, type Sql } from '../../collector/store/postgres.ts'
import { createPostgresLog } from '../../collector/store/postgres-log.ts'
import type { EventLog } from '../../collector/store/store.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { createFold } from '../../shared/visitor.ts'
import { missing, startPostgres } from '../postgres.ts'
import { DAY, event, from, NOON } from './events.ts'
import { NO_REFUSALS, prepare } from './postgres-store.ts'

/** What grows with the traffic. */
const HOT = ['event', 'event_id', 'visitor', 'name', 'merge', 'transition', 'feedback', 'message', 'delivery']
/** What is written while a model is built, by visitor. */
const BESIDE = ['model_move']
/** What grows with the site and with time, or is small: of these each machine may have a copy, or one machine all. */
const COLD = [
  ...['schema_step', 'site', 'secret_key', 'model', 'aggregate', 'rejected', 'rejected_count', 'tombstone'],
  ...['tombstone_key', 'audit', 'webhook', 'lease', 'day_secret', 'spent', 'job'],
]

const server = await startPostgres(['fsync=off'])
if (!server) console.warn(`  Skipped: shards: ${missing}`)
afterAll(() => server?.stop())

/** The hot tables of a statement that are used without saying in which shard. */
const shardless = (statement: string): readonly string[] => {
  const use = new RegExp(`\\b(FROM|JOIN|INTO|UPDATE|USING)\\s+(${HOT.join('|')})\\b(?:\\s+(\\w+))?`, 'gi')
  return [...statement.matchAll(use)].flatMap(([text, verb, table, next = '']) => {
    const alias = /^[a-z]$/.test(next) ? `${next}\\.` : '(?<![\\w.])'
    const isNamed =
      verb === 'INTO'
        ? new RegExp(`INTO\\s+${table}(?:\\s+AS \\w+)?\\s*\\(shard,`, 'i').test(statement)
        : new RegExp(`${alias}shard = `).test(statement)
    return isNamed ? [] : [`${text}: ${statement.replaceAll(/\s+/g, ' ')}`]
  })
}

describe('whether a statement names the shard', () => {
  it.each([
    ['SELECT 1 FROM visitor v WHERE v.shard = 1 AND v.n = 2', 0],
    ['SELECT 1 FROM visitor WHERE shard = 1', 0],
    ['SELECT 1 FROM visitor v WHERE v.n = 2', 1],
    ['SELECT 1 FROM visitor v JOIN name x ON x.visitor = v.n WHERE v.shard = 1', 1],
    ['INSERT INTO name (shard, site) SELECT 1, 2', 0],
    ['INSERT INTO name (site, shard) SELECT 1, 2', 1],
    ['UPDATE visitor v SET root = 1 WHERE v.root = 2', 1],
  ])('%s', (statement, wrong) => expect(shardless(statement)).toHaveLength(wrong))
})

describe.skipIf(!server)(`the tables of a database${server ? '' : ` (${missing})`}`, () => {
  let sql: Sql
  let log: EventLog
  let statements: string[] = []
  let append: (...deeds: Parameters<typeof from>[]) => Promise<unknown>

  beforeAll(async () => {
    const url = await server!.newDatabase()
    sql = connect({ url, connections: 2, name: 'shards', hear: (statement) => statements.push(statement) })
    await prepare(sql, ['default'])
    const fold = createFold(DEFAULT_MODEL)
    let ids = 0
    log = createPostgresLog(sql, {
      scoring: () => ({ model: DEFAULT_MODEL, version: 1, foldOf: () => fold }),
      refresh: async () => undefined,
      newId: () => {
        ids += 1
        return `${ids}`.padStart(32, '0')
      },
      now: () => NOON,
      linkTo: () => undefined,
      report: () => undefined,
      refusals: NO_REFUSALS,
      lane: 3,
    })
    append = (...deeds) =>
      log.append(
        deeds.map((deed) => from(...deed)),
        [],
      )
  })
  afterAll(() => sql?.end())

  it('are all known here as hot or cold', async () => {
    const rows = await sql<{ name: string }[]>`
      SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
        AND c.relkind IN ('r', 'p') AND NOT c.relispartition`
    expect(rows.map(({ name }) => name).toSorted()).toEqual([...HOT, ...BESIDE, ...COLD].toSorted())
  })

  it.each([...HOT, ...BESIDE])('%s has the shard first in its key', async (table) => {
    const [key] = await sql<{ first: string }[]>`
      SELECT a.attname AS first FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      WHERE i.indrelid = ${table}::regclass AND i.indisprimary`
    expect(key).toEqual({ first: 'shard' })
  })

  it('are used by shard wherever something arrives: news, doubles, what is late, who turns out to be one', async () => {
    statements = []
    const page = (id: string, at = NOON) => event('page', { id, at, view: id, signal: 'pricing', funnel: 'bofu' })
    const name = (id: string, email: string) => event('identify', { id, at: NOON, traits: { email } })
    await sql`INSERT INTO webhook (id, kind, label, types, state, sealed, created_at)
      VALUES ('w', 'url', 'sales', '[]', 'on', '', 0)`
    await append(['a', page('a1')], ['b', page('b1')])
    await append(['a', page('a2', NOON + 1)], ['a', page('a2', NOON + 1)])
    await append(['a', page('a3', NOON - DAY)])
    await append(['a', name('a4', 'ann@acme.example')], ['b', name('b2', 'ann@acme.example')])
    await append(['b', event('form', { id: 'b3', at: NOON + 2, signal: 'demo_request' })])
    await append(['a', event('track', { id: 'a5', at: NOON + 3, name: 'x' } as never)])
    const used = HOT.filter((table) => statements.some((text) => new RegExp(`\\b${table}\\b`).test(text)))
    expect(used).toEqual(expect.arrayContaining(['event', 'event_id', 'visitor', 'name', 'merge', 'transition']))
    expect(used).toContain('message')
    expect(statements.flatMap(shardless)).toEqual([])
  })

  it('are touched in one shard by what a known visitor does, beside that of the id of the event', async () => {
    await append(['eve', event('page', { id: 'eve1', at: NOON, view: 'v' })])
    await append(['eve', event('page', { id: 'eve2', at: NOON + 5, view: 'w', signal: 'pricing', funnel: 'bofu' })])
    const [written] = await sql<{ work: string; shard: number }[]>`
      SELECT e.xmin::text AS work, e.shard FROM event e WHERE e.seq = (SELECT max(seq) FROM event)`
    for (const table of HOT.filter((each) => each !== 'event_id')) {
      const shards = await sql<{ shard: number }[]>`
        SELECT DISTINCT shard FROM ${sql(table)} WHERE xmin::text = ${written!.work}`
      for (const { shard } of shards) expect([table, shard]).toEqual([table, written!.shard])
    }
    const names = await sql<{ shard: number }[]>`SELECT shard FROM name WHERE value = 'eve'`
    expect(names).toEqual([{ shard: written!.shard }])
    const ids = await sql`SELECT DISTINCT shard FROM event_id WHERE xmin::text = ${written!.work}`
    expect(ids).toHaveLength(1)
  })
})
