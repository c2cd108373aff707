/** What the dashboard asks for most is found by indexes on PostgreSQL, never by reading everybody. */
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sql, TYPES } from '../../collector/store/postgres.ts'
import { createPostgresLeads } from '../../collector/store/postgres-leads.ts'
import { shardOfName } from '../../collector/store/postgres-shard.ts'
import { createPostgresViews } from '../../collector/store/postgres-views.ts'
import type { VisitorQuery } from '../../collector/store/store.ts'
import { storedEvents, storedState } from '../../collector/store/stored.ts'
import { newcomer } from '../../shared/state.ts'
import { startPostgres } from '../postgres.ts'
import { openPostgresBeside, preparePostgres } from './beside-postgres.ts'
import { DAY, event, NOON } from './events.ts'

const server = await startPostgres(['fsync=off', 'full_page_writes=off'])
afterAll(() => server?.stop())

const VISITORS = 24_000
/** The tables that grow with the traffic. */
const GROWING = /^(visitor|event|transition|aggregate)(_|$)/

interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly Plans?: readonly Node[]
}
const nodesOf = (node: Node): readonly Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

/** One event, one name and one transition for each; a tenth are leads; the next version of the model is being built. */
const fill = async (sql: Sql): Promise<void> => {
  const state = storedState(newcomer(NOON))
  const body = storedEvents([event('page', { id: '1' })])
  await sql`CREATE TABLE IF NOT EXISTS visitor_2 PARTITION OF visitor FOR VALUES IN (2)`
  const all = sql`generate_series(1, ${VISITORS}::integer) AS g (i), LATERAL (SELECT i * 1024 + i % 1024, i % 1024) AS v (n, shard)`
  for (const version of [1, 2])
    await sql`
      INSERT INTO visitor (shard, n, version, id, site, state, heat, warmth, stage, account, label, last_seen, changed)
      SELECT shard, n, ${version}::integer, 'id' || i, 1, ${state}::bytea, i % 977, i % 977, 'intent',
        'firm' || i % 4000 || '.com', '', ${NOON}::bigint + i, i FROM ${all}`
  await sql`INSERT INTO event (shard, visitor, seq, month, body) SELECT shard, n, i, 24320 + i % 3, ${body}::bytea FROM ${all}`
  await sql`
    INSERT INTO transition (shard, visitor, seq, at, what, source, target, rule, score, model)
    SELECT shard, n, i, ${NOON}::bigint + i * 60000, CASE WHEN i % 10 = 0 THEN 'qualification' ELSE 'stage' END, 'none',
      CASE WHEN i % 10 = 0 THEN 'mql' ELSE 'intent' END, 'r', 1, 1 FROM ${all}`
  await sql`
    INSERT INTO aggregate (version, site, kind, what, outcome, day, lane, n)
    SELECT 1, 1, 'step', 'w' || i % 60, '1', i / 60, 0, 1 FROM ${all}`
  const name = { kind: 'anonymous', value: 'ann' } as const
  await sql`INSERT INTO name (shard, site, kind, value, visitor) VALUES (${shardOfName(1, name)}, 1, 'anonymous', 'ann', 5125)`
  await sql`ANALYZE`
}

;(server ? describe : describe.skip)(`of ${VISITORS} visitors, nobody is read in vain by`, () => {
  let store: Awaited<ReturnType<typeof openPostgresBeside>>
  let watched: Sql
  const statements: { readonly text: string; readonly parameters: unknown[] }[] = []
  beforeAll(async () => {
    const url = await server!.newDatabase()
    await preparePostgres(url)
    store = await openPostgresBeside(url)
    await fill(store.sql)
    watched = postgres(url, {
      max: 2,
      types: TYPES,
      debug: (_, text, parameters) => statements.push({ text, parameters }),
    }) as unknown as Sql
  })
  afterAll(async () => {
    await watched?.end()
    await store?.close()
  })

  /** The tables that were read whole by what was asked meanwhile, among those that grow. */
  const readWhole = async (ask: () => Promise<unknown>): Promise<readonly string[]> => {
    await watched`SELECT 1`
    statements.length = 0
    await ask()
    const reads = statements.filter(
      ({ text }) => /\b(visitor|event|transition|aggregate)\b/.test(text) && /\bSELECT\b/.test(text),
    )
    expect(reads.length).toBeGreaterThan(0)
    const found: string[] = []
    for (const { text, parameters } of reads) {
      const [row] = await store.sql.unsafe(`EXPLAIN (FORMAT JSON) ${text}`, parameters as string[])
      const [{ Plan }] = (row as unknown as { 'QUERY PLAN': [{ Plan: Node }] })['QUERY PLAN']
      for (const node of nodesOf(Plan))
        if (node['Node Type'].endsWith('Seq Scan') && GROWING.test(node['Relation Name'] ?? ''))
          found.push(`${node['Relation Name']} by ${text.replaceAll(/\s+/g, ' ')}`)
    }
    return found
  }
  const views = () => createPostgresViews(watched)
  const list = (more: Partial<VisitorQuery>) => views().visitors({ sort: 'score', limit: 50, ...more })

  it.each<readonly [string, () => Promise<unknown>]>([
    ['the hot list', () => list({})],
    ['its next page', () => list({ cursor: { key: 500, id: 'id1', asOf: 1e9 } })],
    ['the hot list of a site, over a score', () => list({ site: 'default', minHeat: 900 })],
    ['the list of the newest', () => list({ sort: 'lastSeen' })],
    ['the people of a company', () => list({ account: 'firm7.com' })],
    ['a profile, by our id', () => views().visitor('id5')],
    ['several, by our ids', () => views().several(['id5', 'id6', 'none'])],
    ['a profile, by a name', () => views().visitor('ann')],
    ['what somebody did', () => views().events('id5')],
    ['how they moved', () => views().transitions('id5')],
    ['whom they were joined with', () => views().merges('id5')],
    ['what was told of them', () => views().messages('id5')],
    ['all that is kept of them', () => views().held('id5')],
    ['the funnel', () => views().aggregates({ kind: 'step', from: 100, to: 130, closed: 120 })],
    ['its leads', () => createPostgresLeads(watched).leads({ from: NOON, to: NOON + DAY, after: 0, limit: 500 })],
    ['a company', () => views().accounts({ account: 'firm7.com', key: 1 })],
    ['colleagues', () => views().colleagues({ account: 'firm7.com', limit: 20 })],
    ['what has happened since', () => views().read(VISITORS - 50, 100)],
    ['who has changed since', () => views().changed(VISITORS - 50, VISITORS, 100)],
    ['the end of the log', () => views().head()],
  ])('%s', async (_, ask) => expect(await readWhole(ask)).toEqual([]))

  it('whoever looks for what no index knows: that is how this test would notice', async () => {
    expect(await readWhole(() => watched`SELECT id FROM visitor WHERE email = 'x'`)).not.toEqual([])
  })
})
