/** Opens what is kept beside the log in a PostgreSQL database of its own, as two collectors would. */
import { newSite } from '../../collector/routes/admin.ts'
import { connect, migrate, type Sql } from '../../collector/store/postgres.ts'
import { createPostgresAccounts } from '../../collector/store/postgres-accounts.ts'
import { createPostgresAudit, note } from '../../collector/store/postgres-audit.ts'
import { createPostgresLeads } from '../../collector/store/postgres-leads.ts'
import { createPostgresMessages } from '../../collector/store/postgres-messages.ts'
import { createPostgresModels, markPublished } from '../../collector/store/postgres-models.ts'
import { createPostgresOutbox, createPostgresOutboxViews } from '../../collector/store/postgres-outbox.ts'
import { createPostgresHeld } from '../../collector/store/postgres-person.ts'
import { createPostgresReports } from '../../collector/store/postgres-reports.ts'
import { createPostgresSettings } from '../../collector/store/postgres-settings.ts'
import { monthOf, shardOf, shardOfName } from '../../collector/store/postgres-shard.ts'
import { storedEvents, storedState } from '../../collector/store/stored.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { Name } from '../../shared/identity.ts'
import type { Beside, Rows } from './beside.ts'
import { NOON } from './events.ts'

const rowsOf = (sql: Sql): Rows => {
  const insert = async (table: string, row: object): Promise<void> => {
    await sql`INSERT INTO ${sql(table)} ${sql(JSON.parse(JSON.stringify(row)))}`
  }
  const siteNumber = (site = 'default') => (site === 'default' ? 1 : 2)
  const ofVisitor = <Row extends { readonly visitor: number }>(row: Row) => ({ ...row, shard: shardOf(row.visitor) })
  return {
    person: async ({ site, state, user, ...row }) => {
      const place = { shard: shardOf(row.n), site: siteNumber(site), changed: row.n, version: 1, user_id: user }
      await insert('visitor', { ...row, ...place })
      if (state) await sql`UPDATE visitor SET state = ${storedState(state)} WHERE n = ${row.n}`
    },
    name: (row) => insert('name', { ...row, site: 1, shard: shardOfName(1, row as Name) }),
    events: async ({ visitor, seq, events }) => {
      await sql`INSERT INTO event (shard, visitor, seq, month, body)
        VALUES (${shardOf(visitor)}, ${visitor}, ${seq}, ${monthOf(NOON)}, ${storedEvents(events)})`
    },
    transition: (row) => insert('transition', { rule: 'r', score: 1, model: 1, ...ofVisitor(row) }),
    feedback: (row) => insert('feedback', ofVisitor(row)),
    message: async ({ to, dueAt = NOON, ...row }) => {
      const message = { type: 'lead.handoff', at: NOON, body: '{}', ...ofVisitor(row) }
      await insert('message', message)
      const { shard, seq } = message
      for (const webhook of to)
        await insert('delivery', { shard, message: seq, webhook, state: 'pending', due_at: dueAt })
    },
    count: ({ site, lane = 0, ...row }) =>
      insert('aggregate', { ...row, lane, site: siteNumber(site), version: row.kind === 'move' ? 0 : 1 }),
    rejected: (row) => insert('rejected', row),
    auditFrom: async (n) => {
      await sql`SELECT setval(pg_get_serial_sequence('audit', 'n'), ${n - 1})`
    },
    countOf: async (table) => (await sql<{ n: number }[]>`SELECT count(*) AS n FROM ${sql(table)}`)[0]!.n,
  }
}

/** Makes the tables in an empty database, and a place for the visitors of the first version of the model. */
export const preparePostgres = async (url: string): Promise<void> => {
  const sql = connect({ url, connections: 1, name: 'test' })
  await migrate(sql)
  await sql`CREATE TABLE visitor_1 PARTITION OF visitor FOR VALUES IN (1)`
  await sql.end()
}

const empty = async (sql: Sql): Promise<void> => {
  const tables = await sql<{ name: string }[]>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_step'`
  await sql.unsafe(`TRUNCATE ${tables.map(({ name }) => name)} RESTART IDENTITY`)
}

/** `url`: of a database that was prepared; what is in it goes. */
export const openPostgresBeside = async (url: string): Promise<Beside & { readonly sql: Sql }> => {
  const collector = () => connect({ url, connections: 4, name: 'test' })
  const [sql, other] = [collector(), collector()]
  await empty(sql)
  const [settings, models] = [createPostgresSettings(sql), createPostgresModels(sql)]
  for (const name of ['default', 'other']) await settings.insertSite(newSite(name, NOON))
  await models.insertDraft({ model: DEFAULT_MODEL, author: '', reason: '', createdAt: NOON })
  await sql.begin((tx) => markPublished(tx, 1, { approver: '', reason: '', at: NOON }))
  return {
    sql,
    settings,
    models,
    audit: createPostgresAudit(sql),
    note: (entry) => note(sql, entry),
    outbox: createPostgresOutbox(sql),
    otherOutbox: createPostgresOutbox(other),
    deliveries: createPostgresOutboxViews(sql),
    leads: createPostgresLeads(sql).leads,
    views: {
      ...createPostgresAccounts(sql),
      ...createPostgresReports(sql),
      ...createPostgresMessages(sql),
      ...createPostgresHeld(sql),
    },
    rows: rowsOf(sql),
    close: async () => {
      await Promise.all([sql.end(), other.end()])
    },
  }
}
