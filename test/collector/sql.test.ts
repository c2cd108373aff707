/** SQL in every parameter, path and body of every route: refused, or a text like any other. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { type AppOptions, routesOf } from '../../collector/app.ts'
import { isOnPostgres } from '../database.ts'
import { ADMIN, BROWSER, beacon, type Collector, minimalDist, startCollector } from './collector.ts'
import { rowsOf, type StoredRow } from './traces.ts'

const dist = minimalDist(mkdtempSync(join(tmpdir(), 'leadlight-')))
const pages = { dist, demo: () => ({}), siteOfKey: () => undefined }
const routes = routesOf({ pages, version: '1' } as unknown as AppOptions).filter(({ path }) => path.startsWith('/api/'))

const SQL = [
  `' OR '1'='1`,
  `" OR ""="`,
  `1; DROP TABLE visitor; --`,
  `x'); DELETE FROM event; --`,
  `') UNION SELECT hash FROM secret_key --`,
  `heat DESC; ATTACH DATABASE '/tmp/leadlight-evil.db' AS x; --`,
  `UTC'), load_extension('x')--`,
  `%' ESCAPE '\\' OR 1=1 --`,
  `randomblob(1000000000)`,
  `\\'; UPDATE site SET settings = '{}'; --`,
]

let collector: Collector
beforeAll(async () => {
  collector = await startCollector()
  const events = [{ type: 'page', url: 'https://www.acme.example/pricing' }]
  const identify = { type: 'identify', traits: { email: 'ann@acme.co' } }
  const body = beacon(collector.key(), [...events, identify], { visitor: 'ann' })
  await collector.ask('/e', { method: 'POST', headers: BROWSER, body })
})
afterAll(() => collector.end())

/** What an intruder would want to change or to see. */
const kept = async (): Promise<unknown> => {
  if (isOnPostgres) {
    const rows = await rowsOf(collector)
    return Object.fromEntries(
      Map.groupBy(
        rows.filter(({ table }) => /^(site|visitor|event|name)$/.test(table)),
        tableOf,
      ),
    )
  }
  const db = new Database(join(collector.folder, 'test.db'), { readonly: true })
  const all = (sql: string): unknown => db.prepare(sql).raw().all()
  try {
    return {
      tables: all('SELECT name, sql FROM sqlite_schema ORDER BY name'),
      sites: all('SELECT * FROM site'),
      events: all('SELECT count(*) FROM event'),
      visitors: all('SELECT id, email, root FROM visitor'),
      integrity: all('PRAGMA integrity_check'),
    }
  } finally {
    db.close()
  }
}

const tableOf = ({ table }: StoredRow): string => table

const namesOf = (schema: z.ZodType | undefined): readonly string[] =>
  schema
    ? Object.keys(
        (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as { properties?: object }).properties ?? {},
      )
    : []

const ask = async (method: string, path: string, body?: unknown): Promise<void> => {
  const gone = new AbortController()
  const init = { method, headers: { authorization: `Bearer ${ADMIN}` }, signal: gone.signal }
  const answer = await fetch(collector.url + path, { ...init, body: body === undefined ? null : JSON.stringify(body) })
  expect(answer.status, `${method} ${path}`).toBeLessThan(500)
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream')
  const text = isStream ? '' : await answer.text()
  expect(text, `${method} ${path}`).not.toMatch(/SQLITE|syntax error|near "|no such (table|column)|[0-9a-f]{64}/i)
  gone.abort()
}

it('changes nothing and tells nothing', async () => {
  const before = await kept()
  let tried = 0
  for (const { method, path, query, body, takes } of routes) {
    if (path === '/api/signin' || path.endsWith('/simulate')) continue
    const fits = path.replace(':id', 'ann').replace(':v', '1').replace(':name', 'default')
    for (const sql of SQL) {
      tried += 1
      const field = encodeURIComponent(sql)
      if (method === 'GET') for (const name of namesOf(query)) await ask(method, `${fits}?${name}=${field}`)
      if (path.includes(':')) await ask(method, path.replace(/:\w+/, field))
      const sent = namesOf(body ?? takes)
      if (sent.length > 0) await ask(method, fits, Object.fromEntries(sent.map((name) => [name, sql])))
    }
  }
  expect(tried).toBeGreaterThan(250)
  expect(await kept()).toEqual(before)
}, 120_000)

it('is kept as it is where a text is asked for', async () => {
  for (const sql of SQL) {
    const made = await collector.admin<{ id: string; label: string }>('/api/keys', 'POST', { kind: 'read', label: sql })
    expect([made.status, made.body.label]).toEqual([201, sql])
    const said = { verdict: 'rejected', reason: sql }
    expect((await collector.admin('/api/visitors/ann/feedback', 'POST', said)).status).toBe(200)
  }
  const { text } = await collector.admin('/api/visitors/ann/timeline?limit=200')
  for (const sql of SQL) expect(text).toContain(JSON.stringify(`rejected: ${sql}`).slice(1, -1))
})
