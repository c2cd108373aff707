/** Erasing, retention, removal of sites and publishing on SQLite. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { createEdition } from '../../collector/edition.ts'
import { openErasures } from '../../collector/erasures.ts'
import { createRetention } from '../../collector/retention.ts'
import { newSite } from '../../collector/routes/admin.ts'
import { openReader, openWriter } from '../../collector/store/sqlite.ts'
import { createSqliteLog } from '../../collector/store/sqlite-log.ts'
import { createSqliteModels, markPublished } from '../../collector/store/sqlite-models.ts'
import { beginRebuild } from '../../collector/store/sqlite-rebuild.ts'
import { createSqliteSettings } from '../../collector/store/sqlite-settings.ts'
import { beginSiteRemoval } from '../../collector/store/sqlite-site-removal.ts'
import { createSqliteViews } from '../../collector/store/sqlite-views.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { everyRow } from '../collector/traces.ts'
import type { OpenEnding } from './ending-store.ts'
import { describeErasing } from './erasing.ts'
import { NOON } from './events.ts'
import { describePublishing } from './publishing.ts'
import { describeRetention } from './retention.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

const open: OpenEnding = async ({ settings = {}, model = DEFAULT_MODEL } = {}) => {
  files += 1
  const path = join(folder, `${files}.db`)
  const { db, close } = openWriter(path)
  const models = createSqliteModels(db)
  const sites = [newSite('default', NOON, settings), newSite('other', NOON)]
  for (const site of sites) await createSqliteSettings(db).insertSite(site)
  const draft = await models.insertDraft({ model, author: '', reason: '', createdAt: NOON })
  markPublished(db, draft, { approver: '', reason: '', at: NOON })
  let edition = createEdition(await models.published())
  const clock = { at: NOON }
  let ids = 0
  const newId = (): string => {
    ids += 1
    return `id${ids}`
  }
  const shell = { scoring: () => edition, newId, now: () => clock.at }
  const log = createSqliteLog(db, shell)
  const ends = { ...shell, db, forget: log.forget, report: () => undefined }
  const erasures = openErasures({ ...ends, path })
  const retention = createRetention({ ...ends, sites: () => sites, slice: 3 })
  const reader = openReader(path)
  return {
    log,
    models,
    clock,
    views: createSqliteViews(reader),
    edition: () => edition,
    erase: erasures.commands.erase,
    isErased: erasures.isErased,
    pass: async (at) => {
      clock.at = at
      retention.restart()
      while (retention.step());
    },
    tend: async () => retention.step(),
    removeSite: async (name) => {
      const removal = beginSiteRemoval(db, name, () => clock.at)
      while (removal.step());
      log.forget()
      return removal.removed()
    },
    publish: async (document, breathe = async () => undefined) => {
      const version = await models.insertDraft({ model: document, author: 'Ann', reason: '', createdAt: clock.at })
      const next = createEdition((await models.model(version))!)
      const rebuild = beginRebuild(db, { scoring: next, now: () => clock.at, slice: 1 })
      try {
        while (!rebuild.step().isReady) await breathe()
        await breathe()
        rebuild.finish({ approver: 'Bob', reason: 'it is better' })
      } catch (error) {
        rebuild.abandon()
        throw error
      }
      edition = next
      log.forget()
    },
    rows: async () => everyRow(path),
    close: async () => {
      reader.close()
      close()
    },
  }
}

describeErasing('SQLite', open)
describeRetention('SQLite', open)
describePublishing('SQLite', open, 40)
