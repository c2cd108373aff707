/** What the dashboard asks, on PostgreSQL and on SQLite with the same visitors, measured in turns by the clock. */

import { newSite } from '../collector/routes/admin.ts'
import type { Sql } from '../collector/store/postgres.ts'
import { connect, migrate } from '../collector/store/postgres.ts'
import { publishFirst } from '../collector/store/postgres-publish.ts'
import { createPostgresSettings } from '../collector/store/postgres-settings.ts'
import { createPostgresViews } from '../collector/store/postgres-views.ts'
import { createSqliteViews } from '../collector/store/sqlite-views.ts'
import type { Views } from '../collector/store/store.ts'
import { storedState } from '../collector/store/stored.ts'
import { DEFAULT_MODEL } from '../shared/default-model.ts'
import { type Filled, fillDatabase } from './database.ts'
import { createDie } from './history.ts'
import { type Figure, inMs, median, type Sizes } from './measure.ts'
import { giveStates, statesOfKinds } from './reads.ts'

const ROUNDS = 15
const TIMES = 10
const DAYS = 365
const DAY = 86_400_000
const FIRST = Math.floor(Date.UTC(2026, 0, 5) / DAY)
const STEPS = ['awareness', 'interest', 'evaluation', 'intent', 'conversion', 'relationship']
const OUTCOMES = 40

export const benchStoreReads = async (url: string, { visitors }: Sizes): Promise<readonly Figure[]> => {
  const filled = await fillDatabase({ visitors, events: 1 })
  giveStates(filled, visitors)
  countOnSqlite(filled)
  const sql = connect({ url, connections: 4, name: 'bench' })
  await fillPostgres(sql, visitors)
  const [ours, bare] = [createPostgresViews(sql), createSqliteViews(filled.reader)]
  const die = createDie(7)
  const someone = (): string => String(1 + Math.floor(die() * visitors)).padStart(32, '0')
  const span = { from: FIRST, to: FIRST + DAYS, closed: FIRST + DAYS }
  const asks: readonly (readonly [string, (views: Views) => Promise<unknown>])[] = [
    ['hottest 100', (views) => views.visitors({ sort: 'score', limit: 100 })],
    ['last seen 100', (views) => views.visitors({ sort: 'lastSeen', limit: 100 })],
    ['one visitor', (views) => views.visitor(someone())],
    ['funnel of a year', (views) => views.aggregates({ kind: 'step', ...span })],
  ]
  const figures: Figure[] = []
  for (const [what, run] of asks) figures.push(await figureOf(`${what} of ${visitors}`, run, { ours, bare }))
  await sql.end()
  filled.remove()
  return figures
}

const clock = async (run: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  for (let i = 0; i < TIMES; i += 1) await run()
  return (performance.now() - start) / TIMES
}

const figureOf = async (
  what: string,
  run: (views: Views) => Promise<unknown>,
  { ours, bare }: { readonly ours: Views; readonly bare: Views },
): Promise<Figure> => {
  const pairs: { ours: number; bare: number }[] = []
  for (let round = 0; round <= ROUNDS; round += 1)
    pairs.push({ bare: await clock(() => run(bare)), ours: await clock(() => run(ours)) })
  const middle = (of: 'ours' | 'bare'): number => median(pairs.slice(1).map((pair) => pair[of]))
  return {
    what: `${what} visitors on PostgreSQL`,
    value: inMs(middle('ours')),
    baseline: inMs(middle('bare')),
    ratio: (middle('ours') / middle('bare')).toFixed(1),
    note: 'baseline: the same on SQLite, in this process',
  }
}

/** Of each step and day, in classes of how long it took. */
const countOnSqlite = ({ db }: Filled): void => {
  const insert = db.prepare("INSERT INTO aggregate (site, kind, what, outcome, day, n) VALUES (1, 'step', ?, ?, ?, 10)")
  db.transaction(() => {
    for (const what of STEPS)
      for (let outcome = 0; outcome < OUTCOMES; outcome += 1)
        for (let day = 0; day < DAYS; day += 1) insert.run(what, String(outcome), FIRST + day)
  })()
}

export const fillPostgres = async (sql: Sql, visitors: number): Promise<void> => {
  await migrate(sql)
  await createPostgresSettings(sql).insertSite(newSite('default', 0))
  await publishFirst(sql, { model: DEFAULT_MODEL, author: '', reason: '', createdAt: 0 })
  await sql`CREATE TABLE kind (i integer PRIMARY KEY, state bytea, heat float8, stage text, last_seen bigint)`
  const kinds = statesOfKinds()
  for (const [i, { state, key }] of kinds.entries())
    await sql`INSERT INTO kind VALUES (${i}, ${storedState(state)}, ${key}, ${state.stage}, ${state.lastSeen})`
  await sql`
    INSERT INTO visitor (shard, n, version, id, site, state, heat, stage, qualification, last_seen, stage_since, changed)
    SELECT (g * 7 % 1024)::smallint, g * 1024 + g * 7 % 1024, 1, lpad(g::text, 32, '0'), 1, k.state,
      k.heat - random() * 3, k.stage, 'anonymous', k.last_seen, k.last_seen, g
    FROM generate_series(1, ${visitors}::bigint) g JOIN kind k ON k.i = g % ${kinds.length}::int`
  await sql`
    INSERT INTO aggregate (version, site, kind, what, outcome, day, lane, n)
    SELECT 1, 1, 'step', what, outcome::text, ${FIRST}::int + day, lane, 10
    FROM unnest(${STEPS}::text[]) what, generate_series(0, ${OUTCOMES - 1}::int) outcome,
      generate_series(0, ${DAYS - 1}::int) day, generate_series(0, 0) lane`
  await sql`DROP TABLE kind`
  await sql`VACUUM ANALYZE`
}
