/** The thread that owns the database: takes raw bodies, commits what arrived while the last commit ran, answers. */
import { hash, randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { Model } from '../shared/model.ts'
import { createAdmission } from './admission.ts'
import { startCheckpointer } from './checkpointer-thread.ts'
import { createEdition } from './edition.ts'
import { openErasures } from './erasures.ts'
import { createIntake } from './intake.ts'
import { createKeyUse } from './key-use.ts'
import { createLog, type LogFormat } from './log.ts'
import { publish } from './publish.ts'
import type { Answer, RawBody } from './raw-body.ts'
import { createRetention } from './retention.ts'
import { StoreError } from './store/failure.ts'
import { checkpointBySelf, checkpointElsewhere, type Db, isOutage, openWriter } from './store/sqlite.ts'
import { countFirst } from './store/sqlite-aggregates.ts'
import { createSqliteLog } from './store/sqlite-log.ts'
import { createSqliteModels, markPublished } from './store/sqlite-models.ts'
import { clearRebuild } from './store/sqlite-next-table.ts'
import { createSqliteOutbox } from './store/sqlite-outbox.ts'
import { createSqliteSettings } from './store/sqlite-settings.ts'
import { beginSiteRemoval } from './store/sqlite-site-removal.ts'
import type {
  Approval,
  AuditEntry,
  Draft,
  Erased,
  Erasing,
  EventLog,
  Key,
  KeyUse,
  Outbox,
  RemovedSite,
  Site,
  SiteSettings,
} from './store/store.ts'

/** Bodies in one transaction: enough to share a sync, few enough that none waits long. */
const GROUP = 500
/** How often what falls due by time alone is looked for, in ms, and how many are done in one transaction. */
const WAKE_EVERY = 1000
const WAKE_GROUP = 500
/** After how many ms without a body the time has come for what nobody should wait for. */
const QUIET = 10_000
/** For how long a failure to write is taken to last, in ms: a small write may go through where a real one does not. */
const FAILURE_LASTS = 3000

export interface WriterData {
  readonly path: string
  /** Seeds version 1 of a new database. */
  readonly model: Model
  readonly sites: readonly Site[]
  readonly adminHash: string
  /** Where the dashboard is, where that is known. */
  readonly origin?: string | undefined
  /** Bodies a minute taken for one site; 0 or nothing: any number. */
  readonly perMinute?: number
  readonly logFormat?: LogFormat
}

/** What can be asked beside taking bodies. */
export interface Commands extends Outbox {
  readonly insertSite: (site: Site) => Promise<boolean>
  readonly updateSite: (name: string, settings: SiteSettings, key?: string) => Promise<void>
  /** Removes a site with all that is kept of it. Undefined where there is none of that name. */
  readonly removeSite: (name: string) => Promise<RemovedSite | undefined>
  readonly insertKey: (key: Key & { readonly hash: string }) => Promise<void>
  readonly deleteKey: (id: string) => Promise<boolean>
  readonly labelKey: (id: string, label: string) => Promise<boolean>
  readonly touchKey: (use: KeyUse) => Promise<void>
  /** Keeps a draft; answers its version. */
  readonly insertDraft: (draft: Draft) => Promise<number>
  /** Rebuilds everyone under a version and makes it the one that scores. One at a time. */
  readonly publish: (version: number, approval: Approval) => Promise<void>
  /** Writes something, and puts it on disk. */
  readonly probe: () => Promise<void>
  readonly tell: EventLog['tell']
  readonly merge: EventLog['merge']
  readonly unmerge: EventLog['unmerge']
  /** Erases people everywhere, by our ids, and refuses them from now on. */
  readonly erase: (ids: readonly string[], erasing: Erasing) => Promise<Erased>
  /** Adds to the audit log. */
  readonly note: (entry: AuditEntry) => Promise<void>
}

export type ToWriter =
  | { readonly bodies: readonly { readonly n: number; readonly body: RawBody }[] }
  | { readonly n: number; readonly command: keyof Commands; readonly args: readonly unknown[] }
  /** Give up what takes long. */
  | { readonly halt: true }
  | { readonly close: true }

export type FromWriter =
  | { readonly ready: true }
  | { readonly failed: string }
  /** Each message wakes the other thread, which costs as much as a body: so the pulse comes with the answers. */
  | { readonly answers: readonly (Answer & { readonly n: number })[]; readonly pulse: true }
  | { readonly n: number; readonly result: unknown }
  /** `isOutage`: nothing can be written at present. */
  | { readonly n: number; readonly problem: string; readonly isOutage: boolean }
  /** How far the rebuild is. */
  | { readonly done: number; readonly total: number }
  /** Something was written: look again. */
  | { readonly pulse: true }
  | { readonly closed: true }

const newId = (): string => randomBytes(16).toString('hex')
const digest = (text: string): string => hash('sha256', text, 'hex').slice(0, 32)

const seed = async (db: Db, { model, sites }: WriterData): Promise<void> => {
  const [settings, models] = [createSqliteSettings(db), createSqliteModels(db)]
  const at = Date.now()
  if ((await models.versions()).length === 0) {
    const version = await models.insertDraft({ model, author: '', reason: '', createdAt: at })
    markPublished(db, version, { approver: '', reason: 'The first model', at })
  }
  if ((await settings.sites()).length === 0) for (const site of sites) await settings.insertSite(site)
}

const start = async (data: WriterData, say: (message: FromWriter) => void): Promise<(message: ToWriter) => void> => {
  const { db, close } = openWriter(data.path)
  const settings = createSqliteSettings(db)
  const models = createSqliteModels(db)
  clearRebuild(db)
  await seed(db, data)
  const noteUse = createKeyUse(settings.touchKey)
  const admission = createAdmission(data.adminHash, (hash) => noteUse({ hash, at: Date.now() }))
  let edition = createEdition(await models.published())
  let sites: readonly Site[] = []
  let isHalted = false
  let isPublishing = false
  countFirst(db, edition.model)
  const refresh = async (): Promise<void> => {
    sites = await settings.sites()
    admission.learn(sites, await settings.keys())
    edition.learn(sites)
  }
  await refresh()
  const linkTo = (id: string) => data.origin && `${data.origin}/#/visitors/${encodeURIComponent(id)}`
  const shell = { scoring: () => edition, newId, now: Date.now }
  const log = createSqliteLog(db, { ...shell, linkTo })
  const ends = { ...shell, db, forget: log.forget }
  const erasures = openErasures({ ...ends, path: data.path, report })
  const retention = createRetention({ ...ends, sites: () => sites })
  const signalOf = (name: string): string | undefined => edition.signalOf(name)
  const entrance = { admit: admission.admit, digest, isErased: erasures.isErased, perMinute: data.perMinute ?? 0 }
  const intake = createIntake({ log, ...entrance, signalOf, isOutage, report })
  let failedAt = Number.NEGATIVE_INFINITY
  const probe = async (): Promise<void> => {
    if (Date.now() - failedAt < FAILURE_LASTS) throw new Error('The last write failed.')
    await settings.probe()
  }

  const switchTo = async (version: number, approval: Approval): Promise<void> => {
    const stored = await models.model(version)
    if (!stored) throw new Error(`There is no version ${version} of the model.`)
    const next = createEdition(stored)
    next.learn(await settings.sites())
    const onProgress = ({ done, total }: { done: number; total: number }): void => say({ done, total })
    const shell = { now: Date.now, breathe: nextTurn, isHalted: () => isHalted, onProgress }
    await publish({ db, next, approval, ...shell })
    edition = next
    log.forget()
  }

  const commands: Commands = {
    ...settings,
    ...createSqliteOutbox(db),
    updateSite: async (name, changed, key) => {
      await settings.updateSite(name, changed, key)
      retention.restart()
    },
    removeSite: async (name) => {
      if (!sites.some((site) => site.name === name)) return undefined
      const removal = beginSiteRemoval(db, name, Date.now)
      await refresh()
      while (removal.step()) await nextTurn()
      log.forget()
      return removal.removed()
    },
    probe,
    tell: log.tell,
    merge: log.merge,
    unmerge: log.unmerge,
    ...erasures.commands,
    insertDraft: models.insertDraft,
    publish: async (version, approval) => {
      if (isPublishing) throw new Error('Another version is being published.')
      isPublishing = true
      await switchTo(version, approval).finally(() => {
        isPublishing = false
      })
    },
  }

  const queue: { readonly n: number; readonly body: RawBody }[] = []
  let isRunning = false
  let answeredAt = Date.now()

  /** One group. When it fails as a whole, nothing of it is acknowledged. */
  const answer = async (bodies: readonly RawBody[]): Promise<readonly Answer[]> => {
    try {
      return await intake(bodies)
    } catch (error) {
      failedAt = Date.now()
      report(error)
      return bodies.map(() => UNAVAILABLE)
    }
  }

  const run = async (): Promise<void> => {
    if (isRunning) return
    isRunning = true
    while (queue.length > 0) {
      const group = queue.splice(0, GROUP)
      const answers = await answer(group.map(({ body }) => body))
      answeredAt = Date.now()
      say({ answers: answers.map((each, i) => ({ ...each, n: group[i]!.n })), pulse: true })
      await nextTurn()
    }
    isRunning = false
  }

  const obey = async (n: number, command: keyof Commands, args: readonly unknown[]): Promise<void> => {
    try {
      const result = await (commands[command] as (...args: readonly unknown[]) => Promise<unknown>)(...args)
      await refresh()
      say({ n, result })
      say({ pulse: true })
    } catch (error) {
      say({ n, problem: error instanceof Error ? error.message : String(error), isOutage: isOutage(error) })
    }
  }

  let isClosing = false

  /** Brings forward whoever is due. After an import that may be thousands: bodies are taken in between. */
  const wake = async (): Promise<void> => {
    try {
      for (let woken = WAKE_GROUP; woken === WAKE_GROUP && !isClosing; await nextTurn()) {
        woken = await log.wake(Date.now(), WAKE_GROUP)
        if (woken > 0) say({ pulse: true })
      }
      while (!isPublishing && !isClosing && retention.step()) await nextTurn()
      if (!isPublishing) erasures.tidy(Date.now() - answeredAt > QUIET)
    } catch (error) {
      // What is due stays due, and is tried again at the next turn.
      failedAt = Date.now()
      report(error)
    }
    if (!isClosing) timer = setTimeout(wake, WAKE_EVERY)
  }
  let timer = setTimeout(wake, WAKE_EVERY)

  checkpointElsewhere(db)
  const checkpointer = startCheckpointer({ path: data.path }, (error) => {
    report(error)
    checkpointBySelf(db)
  })

  const finish = async (): Promise<void> => {
    isClosing = true
    clearTimeout(timer)
    while (isRunning || queue.length > 0) await nextTurn()
    await checkpointer.stop()
    close()
    say({ closed: true })
  }

  return (message) => {
    if ('bodies' in message) {
      queue.push(...message.bodies)
      void run()
    } else if ('command' in message) void obey(message.n, message.command, message.args)
    else if ('halt' in message) isHalted = true
    else void finish()
  }
}

/** Not on disk, so not acknowledged: the sender keeps it and tries again. */
const UNAVAILABLE: Answer = {
  status: 503,
  body: JSON.stringify({
    error: {
      code: 'unavailable',
      message: 'The collector cannot write at present. Nothing of this is acknowledged; send it again.',
    },
  }),
}

const { logFormat = 'text' } = (workerData ?? {}) as Partial<WriterData>
const log = createLog({ format: logFormat, write: console.error, now: Date.now })

/** The machine's failures in a sentence, our own mistakes with where they are. */
const report = (error: unknown): void => {
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error))
  log(isOutage(error) ? `Could not write: ${message}` : stack)
}

if (parentPort) {
  const port = parentPort
  const say = (message: FromWriter): void => port.postMessage(message)
  try {
    const hear = await start(workerData as WriterData, say)
    port.on('message', hear)
    say({ ready: true })
  } catch (error) {
    if (!(error instanceof StoreError)) console.error(error)
    say({ failed: error instanceof Error ? error.message : String(error) })
  }
}
