/** The thread that writes: takes raw bodies, commits what arrived while the last commit ran, answers. */
import { hash, randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { createAdmission } from './admission.ts'
import { createEdition } from './edition.ts'
import { createIntake } from './intake.ts'
import { createKeyUse } from './key-use.ts'
import { createLog, type LogFormat } from './log.ts'
import { type Address, openWriting } from './open-store.ts'
import { createOutageLog } from './outage-log.ts'
import { type Answer, type RawBody, UNAVAILABLE } from './raw-body.ts'
import { type First, seed } from './seed.ts'
import type { Progress } from './store/engine.ts'
import { StoreError } from './store/failure.ts'
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

/** Bodies in one transaction: so many that nobody waits for them long. */
const MOST = 500
/** How often what falls due by time alone is looked for, in ms, and how many are done in one transaction. */
const WAKE_EVERY = 1000
const WAKE_GROUP = 500
/** After how many ms without a body the time has come for what nobody should wait for. */
const QUIET = 10_000
/** For how long a failure to write is taken to last, in ms: a small write may go through where a real one does not. */
const FAILURE_LASTS = 3000

export interface WriterData extends Address, First {
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
  /** What a group has written is on disk, or its senders were told that it is not. */
  | { readonly isOut: true }
  | { readonly n: number; readonly command: keyof Commands; readonly args: readonly unknown[] }
  /** The log could not be synced, and this was said: put on disk elsewhere what was written. */
  | { readonly mend: string }
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
  /** Whether all that was written when it was asked to mend is on disk now. */
  | { readonly mended: boolean }
  /** How far the rebuild is. */
  | { readonly done: number; readonly total: number }
  /** Something was written: look again. */
  | { readonly pulse: true }
  /** Another collector changed what is configured. */
  | { readonly changed: true }
  | { readonly closed: true }

const newId = (): string => randomBytes(16).toString('hex')
const digest = (text: string): string => hash('sha256', text, 'hex').slice(0, 32)

const start = async (data: WriterData, say: (message: FromWriter) => void): Promise<(message: ToWriter) => void> => {
  const store = await openWriting(data, (problem) => report(problem))
  const { settings, models, isOutage } = store
  const report = createOutageLog({ isOutage, log: print, now: Date.now })
  await seed(store, data)
  const noteUse = createKeyUse(settings.touchKey)
  const admission = createAdmission(data.adminHash, (hash) => noteUse({ hash, at: Date.now() }))
  let edition = createEdition(await models.published())
  let sites: readonly Site[] = []
  let isHalted = false
  let isPublishing = false
  const learnSites = async (): Promise<void> => {
    sites = await settings.sites()
    admission.learn(sites, await settings.keys())
    edition.learn(sites)
  }
  const refresh = async (): Promise<void> => {
    const { version } = (await models.versions()).find(({ state }) => state === 'published')!
    if (version !== edition.version) edition = createEdition(await models.published())
    await learnSites()
  }
  await learnSites()
  const linkTo = (id: string) => data.origin && `${data.origin}/#/visitors/${encodeURIComponent(id)}`
  const shell = { scoring: () => edition, refresh, sites: () => sites, newId, now: Date.now, linkTo, report }
  const work = await store.begin(shell)
  const { log } = work
  const signalOf = (name: string): string | undefined => edition.signalOf(name)
  const entrance = { admit: admission.admit, digest, isErased: work.isErased, perMinute: data.perMinute ?? 0 }
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
    const onProgress = ({ done, total }: Progress): void => say({ done, total })
    await work.publish({ next, approval, breathe: nextTurn, isHalted: () => isHalted, onProgress })
    edition = next
  }

  const commands: Commands = {
    ...settings,
    ...work.outbox,
    updateSite: async (name, changed, key) => {
      await settings.updateSite(name, changed, key)
      work.retainAnew()
    },
    removeSite: async (name) => (sites.some((site) => site.name === name) ? work.removeSite(name) : undefined),
    probe,
    tell: log.tell,
    merge: log.merge,
    unmerge: log.unmerge,
    erase: work.erase,
    note: work.note,
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
  /** Groups that were begun, and may not be on disk yet. */
  let underWay = 0
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

  /** While others are under way, only what is worth a transaction of its own. */
  const mayBegin = (): boolean => underWay < store.groups && queue.length >= (underWay === 0 ? 1 : store.worth)

  const run = async (): Promise<void> => {
    while (mayBegin()) {
      underWay += 1
      const group = queue.splice(0, Math.min(MOST, Math.max(store.worth, Math.ceil(queue.length * store.share))))
      const answers = await answer(group.map(({ body }) => body))
      answeredAt = Date.now()
      say({ answers: answers.map((each, i) => ({ ...each, n: group[i]!.n })), pulse: true })
      if (!store.hasLog) underWay -= 1
      store.pulse('log')
      await nextTurn()
    }
  }

  const obey = async (n: number, command: keyof Commands, args: readonly unknown[]): Promise<void> => {
    try {
      const result = await (commands[command] as (...args: readonly unknown[]) => Promise<unknown>)(...args)
      await learnSites()
      say({ n, result })
      say({ pulse: true })
      store.pulse('settings')
    } catch (error) {
      say({ n, problem: error instanceof Error ? error.message : String(error), isOutage: isOutage(error) })
    }
  }

  const mend = async (problem: string): Promise<void> => {
    failedAt = Date.now()
    try {
      await store.mend(problem)
      say({ mended: true })
    } catch (error) {
      report(error)
      say({ mended: false })
    }
  }

  let isClosing = false
  const stir = (): void => {
    say({ pulse: true })
    store.pulse('log')
  }

  /** Brings forward whoever is due. After an import that may be thousands: bodies are taken in between. */
  const wake = async (): Promise<void> => {
    try {
      for (let woken = WAKE_GROUP; woken === WAKE_GROUP && !isClosing; await nextTurn()) {
        woken = await log.wake(Date.now(), WAKE_GROUP)
        if (woken > 0) stir()
      }
      const quiet = (): boolean => Date.now() - answeredAt > QUIET
      while (!isClosing && (await work.tend({ isQuiet: quiet(), isPublishing }))) await nextTurn()
    } catch (error) {
      // What is due stays due, and is tried again at the next turn.
      failedAt = Date.now()
      report(error)
    }
    if (!isClosing) timer = setTimeout(wake, WAKE_EVERY)
  }
  let timer = setTimeout(wake, WAKE_EVERY)

  store.onPulse((kind) => {
    if (kind === 'log') say({ pulse: true })
    else refresh().then(() => say({ changed: true }), report)
  })

  const finish = async (): Promise<void> => {
    isClosing = true
    clearTimeout(timer)
    while (underWay > 0 || queue.length > 0) await nextTurn()
    await store.close()
    say({ closed: true })
    // Nothing else holds the thread: it ends by itself, and its connections with it.
    parentPort?.close()
  }

  return (message) => {
    if ('bodies' in message) {
      queue.push(...message.bodies)
      void run()
    } else if ('isOut' in message) {
      underWay -= 1
      void run()
    } else if ('mend' in message) void mend(message.mend)
    else if ('command' in message) void obey(message.n, message.command, message.args)
    else if ('halt' in message) isHalted = true
    else void finish()
  }
}

const { logFormat = 'text' } = (workerData ?? {}) as Partial<WriterData>
const print = createLog({ format: logFormat, write: console.error, now: Date.now })

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
