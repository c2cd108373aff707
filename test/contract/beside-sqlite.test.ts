/** SQLite keeps the contract of what is beside the log. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { newSite } from '../../collector/routes/admin.ts'
import { type Db, openReader, openWriter } from '../../collector/store/sqlite.ts'
import { createNote, createSqliteAudit } from '../../collector/store/sqlite-audit.ts'
import { createSqliteLeads } from '../../collector/store/sqlite-leads.ts'
import { createSqliteModels, markPublished } from '../../collector/store/sqlite-models.ts'
import { createSqliteOutbox, createSqliteOutboxViews } from '../../collector/store/sqlite-outbox.ts'
import { createSqliteSettings } from '../../collector/store/sqlite-settings.ts'
import { createSqliteViews } from '../../collector/store/sqlite-views.ts'
import { storedEvents, storedState } from '../../collector/store/stored.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { OpenBeside, Rows } from './beside.ts'
import { describeDesk } from './desk.ts'
import { NOON } from './events.ts'
import { describeOutbox } from './outbox.ts'
import { describeReading } from './reading.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

type Value = string | number | Buffer | null | undefined

const rowsOf = (db: Db): Rows => {
  const insert = (table: string, row: Readonly<Record<string, Value>>, ending = ''): void => {
    const set = Object.entries(row).filter(([, value]) => value !== undefined)
    const columns = set.map(([column]) => column)
    const values = columns.map((column) => `@${column}`)
    db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${values}) ${ending}`).run(Object.fromEntries(set))
  }
  const siteNumber = (site = 'default') => (site === 'default' ? 1 : 2)
  return {
    person: async ({ site, state, ...row }) =>
      insert('visitor', { ...row, site: siteNumber(site), changed: row.n, state: state && storedState(state) }),
    name: async (row) => insert('name', { ...row, site: 1 }),
    events: async ({ events, ...row }) => insert('event', { ...row, body: storedEvents(events) }),
    transition: async (row) => insert('transition', { rule: 'r', score: 1, model: 1, ...row }),
    feedback: async (row) => insert('feedback', row),
    message: async ({ to, dueAt = NOON, ...row }) => {
      insert('message', { type: 'lead.handoff', at: NOON, body: '{}', ...row })
      for (const webhook of to) insert('delivery', { message: row.seq, webhook, state: 'pending', due_at: dueAt })
    },
    count: async ({ site, lane: _, ...row }) =>
      insert(
        'aggregate',
        { ...row, site: siteNumber(site) },
        'ON CONFLICT (site, kind, what, outcome, day) DO UPDATE SET n = n + excluded.n',
      ),
    rejected: async (row) => insert('rejected', row),
    auditFrom: async (n) => insert('audit', { n: n - 1, at: NOON, actor: 'x', action: 'x', detail: 'gap' }),
    countOf: async (table) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number,
  }
}

const open: OpenBeside = async () => {
  files += 1
  const path = join(folder, `${files}.db`)
  const { db, close } = openWriter(path)
  const [settings, models] = [createSqliteSettings(db), createSqliteModels(db)]
  for (const name of ['default', 'other']) await settings.insertSite(newSite(name, NOON))
  await models.insertDraft({ model: DEFAULT_MODEL, author: '', reason: '', createdAt: NOON })
  markPublished(db, 1, { approver: '', reason: '', at: NOON })
  const reader = openReader(path)
  const [outbox, note] = [createSqliteOutbox(db), createNote(db)]
  return {
    settings,
    models,
    audit: createSqliteAudit(reader),
    note: async (entry) => note(entry),
    outbox,
    otherOutbox: outbox,
    deliveries: createSqliteOutboxViews(reader),
    leads: createSqliteLeads(reader).leads,
    views: createSqliteViews(reader),
    rows: rowsOf(db),
    close: async () => {
      reader.close()
      close()
    },
  }
}

describeDesk('SQLite', open)
describeOutbox('SQLite', open)
describeReading('SQLite', open)
