/** The composition root: makes everything, stops everything. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULT_MODEL } from '../shared/default-model.ts'
import { type Access, createAccess } from './access.ts'
import { createAddressOf } from './address.ts'
import { hashOf } from './admission.ts'
import { createApp } from './app.ts'
import { createCallers } from './callers.ts'
import type { Config } from './config.ts'
import { createDirectory, type Directory } from './directory.ts'
import { createEditions, type Editions } from './editions.ts'
import { createHandoff } from './handoff.ts'
import { openHttp } from './http.ts'
import { createJobs } from './jobs.ts'
import { createKeyUse } from './key-use.ts'
import { readModelFile } from './model-file.ts'
import { type Address, openReading } from './open-store.ts'
import { createPublicOrigin } from './public-origin.ts'
import { createReading } from './reading.ts'
import { newSite } from './routes/admin.ts'
import { createDirect } from './routes/direct.ts'
import { createSample } from './sample.ts'
import { sampleMessage } from './sample-lead.ts'
import { secretOf } from './secret-key.ts'
import { runSimulation } from './simulator-thread.ts'
import type { Commons } from './store/engine.ts'
import type { Models, Site } from './store/store.ts'
import { createStrangers } from './strangers.ts'
import { createThrottle } from './throttle.ts'
import { startWriter, type Writer } from './writer-thread.ts'

export interface Running {
  readonly url: string
  /** The one it listens on, also where any was asked for. */
  readonly port: number
  readonly signInUrl: () => string
  readonly sites: () => readonly Site[]
  /** Takes no more, writes what was taken, closes. */
  readonly stop: () => Promise<void>
}

export interface ServeOptions {
  readonly config: Config
  readonly adminToken: string
  /** Where build.mjs put the snippet and the dashboard. */
  readonly dist: string
  readonly now: () => number
  readonly log: (problem: string) => void
}

/** Starts a collector; resolves when it takes requests. Rejects with a sentence that says what to do. */
export const serve = async (options: ServeOptions): Promise<Running> => {
  const { config, now, log } = options
  const { settings, close, ...store } = await openStore(options)
  const { writer, models } = store
  const editions = await createEditions(models)
  const jobs = createJobs({ now, newId: () => randomBytes(8).toString('hex'), commons: store.commons })

  const directory = await createDirectory(settings, editions.learn)
  writer.onChange(() => {
    catchUp({ models, editions, directory }).catch((error) => log(`What is configured could not be read: ${error}`))
  })
  const access = openAccess(options, { directory, writer, commons: store.commons })
  const stopping = new AbortController()
  const reading = createReading({ ...store, editions, now, stopping: stopping.signal })
  const callers = await openCallers(options, store.commons)
  const sample = createSample({ ...directory, writer, newSite, now })
  const { webhooks, relay } = createHandoff({ ...options, ...store })
  let url = ''
  const signInUrl = (): string => `${config.publicUrl ?? url}/signin?token=${access.newSignIn()}`
  const parts = { ...store, ...reading, webhooks, sample, editions, jobs, access, signInUrl, now, log }
  const app = createApp({
    ...parts,
    ...directory,
    testMessage: () => sampleMessage(editions.current(), now()),
    isReady: writer.isReady,
    version: VERSION,
    meet: callers.meet,
    runSimulation: (data, report, signal) => runSimulation({ ...addressOf(config), ...data }, report, signal),
    isSiteKey: (key) => directory.siteOfKey(key) !== undefined,
    publicOrigin: createPublicOrigin(config),
    pages: pagesOf(options, directory),
  })
  const direct = createDirect({ take: reading.take, meet: callers.meet, now, log })
  const http = await openHttp({ fetch: app.fetch, direct }, config).catch(async (error) => {
    await close()
    throw error
  })
  url = http.url
  relay.start(writer.onPulse)
  return {
    url: config.publicUrl ?? url,
    port: http.port,
    signInUrl,
    sites: directory.sites,
    stop: async () => {
      callers.stop()
      jobs.stop()
      stopping.abort()
      await Promise.all([http.shut(), relay.stop()])
      await close()
    },
  }
}

/** Another collector has changed sites or keys, or published a model. */
const catchUp = async ({ models, editions, directory }: Configured): Promise<void> => {
  await directory.refresh()
  const { version } = (await models.versions()).find(({ state }) => state === 'published')!
  if (version === editions.current().version) return
  await editions.load(version)
  editions.switchTo(version)
}

interface Configured {
  readonly models: Pick<Models, 'versions'>
  readonly editions: Editions
  readonly directory: Pick<Directory, 'refresh'>
}

const pagesOf = ({ config, dist }: ServeOptions, { siteNamed, siteOfKey }: Directory) => ({
  dist,
  demo: () => (config.demo ? siteNamed('demo') : undefined),
  siteOfKey,
})

/** Who may come in, and when each key was last seen. */
const openAccess = (
  { adminToken, now }: ServeOptions,
  { directory, writer, commons }: { readonly directory: Directory; readonly writer: Writer; readonly commons: Commons },
): Access => {
  const noteUse = createKeyUse(writer.touchKey)
  const onUse = (hash: string): void => noteUse({ hash, at: now() })
  return createAccess({ adminToken, ...directory, ...commons, onUse, now })
}

/** Secrets of the day are forgotten when it ends, whether anybody asks then or not. */
const openCallers = async ({ config: { proxies, rates }, now, log }: ServeOptions, { secretOfDay }: Commons) => {
  const strangers = createStrangers(secretOfDay)
  await strangers.turn(now())
  const turn = () => strangers.turn(now()).catch((error) => log(`The secret of the day could not be had: ${error}`))
  const night = setInterval(turn, 60_000)
  night.unref()
  const throttle = createThrottle(rates.address)
  return {
    meet: createCallers({ addressOf: createAddressOf(proxies), strangers, throttle }),
    stop: () => clearInterval(night),
  }
}

/** The thread that writes, and what reads. */
const openStore = async ({ config, adminToken, now }: ServeOptions) => {
  const writer = await startWriter({
    ...addressOf(config),
    model: config.modelPath === undefined ? DEFAULT_MODEL : await readModelFile(config.modelPath),
    adminHash: hashOf(adminToken),
    // Where any port was asked for, nobody knows the address yet; nor can anybody have saved it.
    origin: config.publicUrl ?? (config.port === 0 ? undefined : `http://localhost:${config.port}`),
    perMinute: config.rates.site,
    logFormat: config.logFormat,
    sites: [newSite('default', now()), newSite('demo', now(), { allowsAutomation: true })],
  })
  const reading = await openReading(addressOf(config), now)
  const close = async (): Promise<void> => {
    // The writer closes last: only it can fold the log back into the file, which is then all there is to copy.
    await reading.close()
    await writer.close()
  }
  return { ...reading, writer, close }
}

/** Where a collector so configured keeps its data. */
export const addressOf = (config: Config): Address => ({
  path: config.path,
  ...(config.postgres !== undefined && { postgres: { url: config.postgres, secret: secretOf(config) } }),
})

export const distPath = join(import.meta.dirname, '..', 'dist')

/** Of the program, as its package says. */
const VERSION = (
  JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as { version: string }
).version
