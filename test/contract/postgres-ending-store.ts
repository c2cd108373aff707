/** A collector's store on a real PostgreSQL server, for erasing, retention, removal and publishing. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEdition } from '../../collector/edition.ts'
import { newSite } from '../../collector/routes/admin.ts'
import { openErasedFile } from '../../collector/store/erased-file.ts'
import { connect, migrate, type Sql } from '../../collector/store/postgres.ts'
import { createPostgresErasures } from '../../collector/store/postgres-erasures.ts'
import { createInGroup } from '../../collector/store/postgres-group.ts'
import { createPostgresHistory } from '../../collector/store/postgres-history.ts'
import { createPostgresLog } from '../../collector/store/postgres-log.ts'
import { createPostgresMarks } from '../../collector/store/postgres-marks.ts'
import { createPostgresModels } from '../../collector/store/postgres-models.ts'
import { createPostgresPublish, publishFirst } from '../../collector/store/postgres-publish.ts'
import { createPostgresReports } from '../../collector/store/postgres-reports.ts'
import { createPostgresRetention } from '../../collector/store/postgres-retention.ts'
import { createPostgresSettings } from '../../collector/store/postgres-settings.ts'
import { removeSite } from '../../collector/store/postgres-site-removal.ts'
import { createPostgresTending } from '../../collector/store/postgres-tending.ts'
import { createPostgresViews } from '../../collector/store/postgres-views.ts'
import type { Views } from '../../collector/store/store.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { EndingOptions, EndingStore, OpenEnding } from './ending-store.ts'
import { NOON } from './events.ts'
import { postgresRows } from './postgres-rows.ts'

export interface CollectorOptions extends EndingOptions {
  readonly url: string
  /** Of the file of the erased. */
  readonly folder?: string
  readonly key?: Buffer
  readonly report?: (problem: unknown) => void
}

let collectors = 0
const opened = new Set<Sql>()

/** Of a test that failed before it did so itself. */
export const closeAll = async (): Promise<void> => {
  for (const sql of opened) await sql.end({ timeout: 1 })
  opened.clear()
}

/** One collector of any number on the same database. */
export const openCollector = async (options: CollectorOptions) => {
  const { url, settings = {}, model = DEFAULT_MODEL, key = Buffer.alloc(32, 7), report = () => undefined } = options
  const { folder = mkdtempSync(join(tmpdir(), 'leadlight-')) } = options
  collectors += 1
  const holder = `collector${collectors}`
  const lane = collectors % 32
  const sql = connect({ url, connections: 4, name: holder })
  opened.add(sql)
  await migrate(sql)
  const sites = [newSite('default', NOON, settings), newSite('other', NOON)]
  for (const site of sites) await createPostgresSettings(sql).insertSite(site)
  const models = createPostgresModels(sql)
  await publishFirst(sql, { model, author: '', reason: '', createdAt: NOON })
  let edition = createEdition(await models.published())
  const refresh = async (): Promise<void> => {
    edition = createEdition(await models.published())
  }
  const clock = { at: NOON }
  let ids = 0
  const newId = (): string => {
    ids += 1
    return `${holder}-${ids}`
  }
  const marks = createPostgresMarks(sql, openErasedFile(join(folder, 'leadlight'), key))
  const shell = {
    scoring: () => edition,
    refresh,
    newId,
    now: () => clock.at,
    linkTo: () => undefined,
    report,
    lane,
    newHolder: newId,
  }
  const inGroup = createInGroup(sql, shell, marks)
  const erasures = createPostgresErasures(sql, { ...shell, inGroup, marks })
  await erasures.restore()
  const log = createPostgresLog(sql, { ...shell, refusals: { ...marks, isErased: erasures.isErased } })
  const retention = createPostgresRetention(sql, { ...shell, inGroup, sites: () => sites, holder, slice: 3 })
  const publish = createPostgresPublish(sql, { ...shell, slice: 1 })
  const store: EndingStore = {
    log,
    models,
    clock,
    views: { ...createPostgresViews(sql), ...createPostgresReports(sql) } as Views,
    edition: () => edition,
    erase: erasures.erase,
    isErased: erasures.isErased,
    pass: async (at) => {
      clock.at = at
      await retention.restart()
      while (await retention.step());
    },
    tend: () => retention.step(),
    removeSite: (name) => removeSite(sql, { name, inGroup, breathe: async () => undefined }),
    publish: async (document, breathe = async () => undefined) => {
      const version = await models.insertDraft({ model: document, author: 'Ann', reason: '', createdAt: clock.at })
      const next = createEdition((await models.model(version))!)
      const approval = { approver: 'Bob', reason: 'it is better' }
      await publish({ next, approval, breathe, isHalted: () => false, onProgress: () => undefined })
      edition = next
    },
    rows: () => postgresRows(sql),
    close: async () => {
      opened.delete(sql)
      await sql.end()
    },
  }
  const tending = createPostgresTending(sql, { ...shell, retention })
  return { ...store, sql, marks, folder, publish: store.publish, tending, history: createPostgresHistory(sql), inGroup }
}
export type PostgresCollector = Awaited<ReturnType<typeof openCollector>>

export const openEndingOn =
  (newDatabase: () => Promise<string>): OpenEnding =>
  async (options) =>
    openCollector({ url: await newDatabase(), ...options })
