/** SQLite as the store of a collector: one file, which one process writes and any number of connections read. */
import { existsSync, statSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { startCheckpointer } from './checkpointer-thread.ts'
import { createOwnCommons } from './commons.ts'
import { openErasures } from './erasures.ts'
import { publish } from './publish.ts'
import { createRetention } from './retention.ts'
import type { ReadingStore, Shell, Work, WritingStore } from './store/engine.ts'
import { openErasedFile } from './store/erased-file.ts'
import {
  checkpointBySelf,
  checkpointElsewhere,
  type Db,
  emptyLog,
  isOutage,
  openReader,
  openWriter,
  soundness,
  syncElsewhere,
  syncError,
} from './store/sqlite.ts'
import { countFirst } from './store/sqlite-aggregates.ts'
import { createSqliteAudit } from './store/sqlite-audit.ts'
import { createHistory } from './store/sqlite-history.ts'
import { createSqliteLeads } from './store/sqlite-leads.ts'
import { createSqliteLog } from './store/sqlite-log.ts'
import { createSqliteModels, markPublished } from './store/sqlite-models.ts'
import { clearRebuild } from './store/sqlite-next-table.ts'
import { createSqliteOutbox, createSqliteOutboxViews } from './store/sqlite-outbox.ts'
import { createSqliteSettings } from './store/sqlite-settings.ts'
import { beginSiteRemoval } from './store/sqlite-site-removal.ts'
import { openLog } from './store/sqlite-sync.ts'
import { createSqliteViews } from './store/sqlite-views.ts'

/** Opens the file for writing, alone. Throws `StoreError` with the cure. */
export const openSqliteWriting = (path: string, report: (problem: unknown) => void): WritingStore => {
  const { db, close } = openWriter(path)
  clearRebuild(db)
  syncElsewhere(db)
  checkpointElsewhere(db)
  const checkpointer = startCheckpointer({ path }, (error) => {
    report(error)
    checkpointBySelf(db)
  })
  const models = createSqliteModels(db)
  return {
    settings: createSqliteSettings(db),
    models,
    publishFirst: async (draft) => {
      const [left] = await models.versions()
      const approval = { approver: '', reason: 'The first model', at: draft.createdAt }
      markPublished(db, left?.version ?? (await models.insertDraft(draft)), approval)
    },
    begin: async (shell) => begin(db, path, shell),
    // Nobody else writes this file.
    onPulse: () => undefined,
    pulse: () => undefined,
    // The other thread answers one half while the other half is written.
    share: 0.5,
    worth: 32,
    // While one is synced, the next is written.
    groups: 3,
    isOutage,
    hasLog: true,
    mend: async (problem) => {
      report(syncError(problem))
      emptyLog(db)
    },
    close: async () => {
      await checkpointer.stop()
      close()
    },
  }
}

const begin = (db: Db, path: string, shell: Shell): Work => {
  countFirst(db, shell.scoring().model)
  const log = createSqliteLog(db, shell)
  const ends = { ...shell, db, forget: log.forget }
  const erasures = openErasures({ ...ends, path })
  const retention = createRetention(ends)
  return {
    log,
    outbox: createSqliteOutbox(db),
    isErased: erasures.isErased,
    ...erasures.commands,
    removeSite: async (name) => {
      const removal = beginSiteRemoval(db, name, shell.now)
      await shell.refresh()
      while (removal.step()) await nextTurn()
      log.forget()
      return removal.removed()
    },
    publish: async (publishing) => {
      await publish({ db, now: shell.now, ...publishing })
      log.forget()
    },
    tend: async ({ isQuiet, isPublishing }) => {
      if (isPublishing) return false
      const hasMore = retention.step()
      if (!hasMore) erasures.tidy(isQuiet)
      return hasMore
    },
    retainAnew: retention.restart,
  }
}

export const openSqliteLog = openLog

/** Opens the file for reading. The writer must have made it. */
export const openSqliteReading = (path: string, now: () => number): ReadingStore => {
  const db = openReader(path)
  return {
    settings: createSqliteSettings(db),
    models: createSqliteModels(db),
    audit: createSqliteAudit(db),
    views: createSqliteViews(db),
    outbox: createSqliteOutboxViews(db),
    leads: createSqliteLeads(db).leads,
    history: createHistory(db),
    commons: createOwnCommons(now),
    markOf: openErasedFile(path).markOf,
    sizes: async () => ({ data: sizeOf(path), log: sizeOf(`${path}-wal`) }),
    close: async () => {
      db.close()
    },
  }
}

/** Undefined where there is no file yet. */
export const sqliteSoundness = (path: string): string | undefined => (existsSync(path) ? soundness(path) : undefined)

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0
