/** A store on a real PostgreSQL server, as the contract wants it. */
import { newSite } from '../../collector/routes/admin.ts'
import { connect, migrate, type Sql } from '../../collector/store/postgres.ts'
import { createPostgresLog, type PostgresLogOptions } from '../../collector/store/postgres-log.ts'
import { createPostgresModels, markPublished } from '../../collector/store/postgres-models.ts'
import { createPostgresSettings } from '../../collector/store/postgres-settings.ts'
import { createPostgresViews } from '../../collector/store/postgres-views.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { NOON } from './events.ts'
import type { OpenStore } from './store.ts'

export const NO_REFUSALS: PostgresLogOptions['refusals'] = {
  known: () => 0,
  refresh: async () => undefined,
  isErased: () => false,
}

/** A database with a model at work. */
export const prepare = async (sql: Sql, sites: readonly string[]): Promise<void> => {
  await migrate(sql)
  const settings = createPostgresSettings(sql)
  for (const name of sites) await settings.insertSite(newSite(name, NOON))
  const draft = { model: DEFAULT_MODEL, author: 'test', reason: 'the first', createdAt: NOON }
  const version = await createPostgresModels(sql).insertDraft(draft)
  await sql.unsafe(`CREATE TABLE IF NOT EXISTS visitor_${version} PARTITION OF visitor FOR VALUES IN (${version})`)
  await sql.begin((tx) => markPublished(tx, version, { approver: 'test', reason: 'the first', at: NOON }))
}

/** Everything of the tables but the model. To make a database takes longer than most tests. */
const empty = async (sql: Sql): Promise<void> => {
  const tables = await sql<{ name: string }[]>`
    SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
      AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT IN ('schema_step', 'model')`
  await sql.unsafe(tables.map(({ name }) => `DELETE FROM ${name};`).join(''))
  await sql`DELETE FROM model WHERE version > 1`
}

/** Stores one after another, each as if in a new database. */
export const openOn = (newDatabase: () => Promise<string>): OpenStore => {
  let database: Promise<string> | undefined
  return async ({ foldOf, sites, remembers }) => {
    const isNew = database === undefined
    database ??= newDatabase()
    const sql = connect({ url: await database, connections: 3, name: 'contract' })
    if (isNew) await prepare(sql, [])
    else await empty(sql)
    const settings = createPostgresSettings(sql)
    for (const name of sites) await settings.insertSite(newSite(name, NOON))
    let ids = 0
    const newId = (): string => {
      ids += 1
      // In no order of their own, as the real ones are.
      return `${(ids * 7919) % 10007}`.padStart(32, '0')
    }
    // The clock stands where the log was last told that it stands.
    let clock = NOON
    const log = createPostgresLog(sql, {
      scoring: () => ({ model: DEFAULT_MODEL, version: 1, foldOf }),
      refresh: async () => undefined,
      newId,
      now: () => clock,
      linkTo: () => undefined,
      report: () => undefined,
      refusals: NO_REFUSALS,
      lane: 3,
      ...(remembers && { remembers }),
    })
    const wake: typeof log.wake = (now, limit) => {
      clock = Math.max(clock, now)
      return log.wake(now, limit)
    }
    return {
      log: { ...log, wake },
      settings,
      models: createPostgresModels(sql),
      views: createPostgresViews(sql),
      close: () => sql.end(),
    }
  }
}
