/** PostgreSQL as the store of a collector: one database, which any number of collectors share. */
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createSeal } from './seal.ts'
import type { PulseKind, ReadingStore, Shell, Work, WritingStore } from './store/engine.ts'
import { createMarkOf, openErasedFile } from './store/erased-file.ts'
import { StoreError } from './store/failure.ts'
import { connect, cureFor, isOutage, migrate, type Sql } from './store/postgres.ts'
import { createPostgresAudit } from './store/postgres-audit.ts'
import { createPostgresCommons } from './store/postgres-commons.ts'
import { createPostgresErasures } from './store/postgres-erasures.ts'
import { createInGroup } from './store/postgres-group.ts'
import { createPostgresHistory } from './store/postgres-history.ts'
import { openLane } from './store/postgres-lane.ts'
import { createPostgresLeads } from './store/postgres-leads.ts'
import { createPostgresLog } from './store/postgres-log.ts'
import { createPostgresMarks } from './store/postgres-marks.ts'
import { createPostgresModels } from './store/postgres-models.ts'
import { createPostgresOutbox, createPostgresOutboxViews } from './store/postgres-outbox.ts'
import { tendMonths } from './store/postgres-partitions.ts'
import { openPresence, type Presence } from './store/postgres-presence.ts'
import { createPostgresPublish, publishFirst } from './store/postgres-publish.ts'
import { openPulse } from './store/postgres-pulse.ts'
import { createPostgresRetention } from './store/postgres-retention.ts'
import { createPostgresSettings } from './store/postgres-settings.ts'
import { removeSite } from './store/postgres-site-removal.ts'
import { createPostgresTending } from './store/postgres-tending.ts'
import { markKey } from './store/postgres-tombstone-key.ts'
import { createPostgresViews } from './store/postgres-views.ts'

export interface OpeningPostgres {
  readonly url: string
  /** What all collectors share, and the database does not hold. */
  readonly secret: string
  /** What is kept beside the database, of this collector alone, lies beside this path. */
  readonly path: string
}

/** Connections of the thread that writes; one more listens. */
const WRITING = 6
const READING = 8
/** How often it is looked for changes that no pulse told of, in ms. */
const LOOK_EVERY = 5000

/** Rejects with `StoreError`, which names the cure. */
export const openPostgresWriting = async ({
  url,
  secret,
  path,
  report,
}: OpeningPostgres & { readonly report: (problem: unknown) => void }): Promise<WritingStore> => {
  const sql = connect({ url, connections: WRITING, name: 'leadlight writer' })
  const listeners = new Set<(kind: PulseKind) => void>()
  const hear = (kind: PulseKind): void => {
    for (const callback of listeners) callback(kind)
  }
  try {
    mkdirSync(dirname(path), { recursive: true })
    await migrate(sql)
    // Tells, too, whether this is the secret of the other collectors.
    const key = await markKey(sql, createSeal(secret))
    await tendMonths(sql, Date.now())
    const pulse = await openPulse(sql, { self: randomBytes(8).toString('hex'), hear, report })
    const lasting = connect({ url, connections: 1, name: 'leadlight lane', lasts: true })
    const { lane, stop } = await openLane(lasting)
    const presence = await openPresence(lasting, { newId: () => randomBytes(8).toString('hex'), report })
    const look = setInterval(() => hear('settings'), LOOK_EVERY)
    return {
      settings: createPostgresSettings(sql),
      models: createPostgresModels(sql),
      publishFirst: (draft) => publishFirst(sql, draft),
      begin: (shell) => begin(sql, { ...shell, lane, presence }, openErasedFile(path, key)),
      onPulse: (callback) => void listeners.add(callback),
      pulse: pulse.send,
      // A transaction takes two ways to the server and back, however much it holds.
      share: 1,
      worth: 64,
      // While the server works on one, the other is read and scored here.
      groups: 2,
      isOutage,
      hasLog: false,
      mend: async () => undefined,
      close: async () => {
        clearInterval(look)
        await pulse.stop()
        presence.stop()
        await stop()
        await sql.end({ timeout: 5 })
      },
    }
  } catch (error) {
    await sql.end({ timeout: 0 })
    throw error instanceof StoreError ? error : new StoreError(cureFor(error))
  }
}

const begin = async (
  sql: Sql,
  shell: Shell & { readonly lane: number; readonly presence: Presence },
  file: ReturnType<typeof openErasedFile>,
): Promise<Work> => {
  const { lane, presence } = shell
  const { holder, newHolder } = presence
  const marks = createPostgresMarks(sql, file)
  const inGroup = createInGroup(sql, shell, marks)
  const ends = { ...shell, lane, inGroup }
  const erasures = createPostgresErasures(sql, { ...ends, marks })
  await erasures.restore()
  const retention = createPostgresRetention(sql, { ...ends, holder: newHolder() })
  const log = createPostgresLog(sql, {
    ...shell,
    lane,
    refusals: { ...marks, isErased: erasures.isErased },
  })
  return {
    log,
    outbox: createPostgresOutbox(sql, holder),
    isErased: erasures.isErased,
    erase: erasures.erase,
    note: erasures.note,
    removeSite: async (name) => {
      const removed = await removeSite(sql, { name, inGroup, breathe: nextTurn })
      await shell.refresh()
      return removed
    },
    publish: createPostgresPublish(sql, { ...shell, lane, newHolder }),
    tend: createPostgresTending(sql, { ...shell, lane, newHolder, retention }),
    retainAnew: () => {
      retention.restart().catch(shell.report)
    },
  }
}

/** To be opened after the writer: it brings the schema up to date. */
export const openPostgresReading = async ({
  url,
  secret,
  now,
}: Omit<OpeningPostgres, 'path'> & { readonly now: () => number }): Promise<ReadingStore> => {
  const sql = connect({ url, connections: READING, name: 'leadlight reader' })
  const key = await markKey(sql, createSeal(secret))
  return {
    settings: createPostgresSettings(sql),
    models: createPostgresModels(sql),
    audit: createPostgresAudit(sql),
    views: createPostgresViews(sql),
    outbox: createPostgresOutboxViews(sql),
    leads: createPostgresLeads(sql).leads,
    history: createPostgresHistory(sql),
    commons: createPostgresCommons(sql, now),
    markOf: createMarkOf(key),
    sizes: async () => {
      const [row] = await sql<{ data: number }[]>`SELECT pg_database_size(current_database()) AS data`
      return { data: row!.data, log: 0 }
    },
    close: () => sql.end({ timeout: 5 }),
  }
}

/** `ok`, or a sentence that says what is wrong. */
export const postgresSoundness = async (url: string): Promise<string> => {
  const sql = connect({ url, connections: 1, name: 'leadlight doctor' })
  try {
    await sql`SELECT 1`
    return 'ok'
  } catch (error) {
    return cureFor(error)
  } finally {
    await sql.end({ timeout: 0 })
  }
}
