/** The composition root: makes everything, stops everything. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DEFAULT_MODEL } from '../shared/default-model.ts'
import type { Model } from '../shared/model.ts'
import { readModel } from '../shared/read-model.ts'
import { createAccess } from './access.ts'
import { createAccounts } from './accounts.ts'
import { createAddressOf } from './address.ts'
import { hashOf } from './admission.ts'
import { createApp } from './app.ts'
import { createCallers } from './callers.ts'
import { type Config, ConfigError } from './config.ts'
import { createDirectory } from './directory.ts'
import { createEditions, type Editions } from './editions.ts'
import { openHttp } from './http.ts'
import { createJobs } from './jobs.ts'
import { createLive } from './live.ts'
import { createRelay } from './outbox/relay.ts'
import { createSend } from './outbox/send.ts'
import { createProfiles } from './profiles.ts'
import { createPublicOrigin } from './public-origin.ts'
import { createReports } from './reports.ts'
import { newSite } from './routes/admin.ts'
import { createDirect } from './routes/direct.ts'
import { createSample } from './sample.ts'
import { sampleMessage } from './sample-lead.ts'
import { createSeal } from './seal.ts'
import { secretOf } from './secret-key.ts'
import { runSimulation } from './simulator-thread.ts'
import { openReader } from './store/sqlite.ts'
import { createSqliteLeads } from './store/sqlite-leads.ts'
import { createSqliteModels } from './store/sqlite-models.ts'
import { createSqliteOutboxViews } from './store/sqlite-outbox.ts'
import { createSqliteSettings } from './store/sqlite-settings.ts'
import { createSqliteViews } from './store/sqlite-views.ts'
import type { OutboxViews, Site, Views } from './store/store.ts'
import { createStrangers } from './strangers.ts'
import { createThrottle } from './throttle.ts'
import { createWebhooks } from './webhooks.ts'
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
  const { config, adminToken, dist, now, log } = options
  const { writer, settings, models, views, outbox, leads, close } = await openStore(options)
  const editions = await createEditions(models)
  const jobs = createJobs({ now, newId: () => randomBytes(8).toString('hex') })

  const directory = await createDirectory(settings, editions.learn)
  const access = createAccess({ adminToken, roleOfHash: directory.roleOfHash, now })
  const stopping = new AbortController()
  const reading = createReading({ writer, views, editions, now, stopping: stopping.signal })
  const callers = openCallers(options)
  const sample = createSample({ writer, siteNamed: directory.siteNamed, newSite, refresh: directory.refresh, now })
  const { webhooks, relay } = createHandoff(options, { writer, outbox })
  let url = ''
  const signInUrl = (): string => `${config.publicUrl ?? url}/signin?token=${access.newSignIn()}`
  const parts = { ...reading, sample, writer, views, models, editions, jobs, access, signInUrl, now, log }
  const app = createApp({
    ...parts,
    ...directory,
    ...{ webhooks, outbox, leads, testMessage: () => sampleMessage(editions.current(), now()) },
    ...{ take: writer.take, meet: callers.meet },
    runSimulation: (data, report, signal) => runSimulation({ path: config.path, ...data }, report, signal),
    isReady: writer.isReady,
    isSiteKey: (key) => directory.siteOfKey(key) !== undefined,
    publicOrigin: createPublicOrigin(config),
    pages: {
      dist,
      demo: () => (config.demo ? directory.siteNamed('demo') : undefined),
      siteOfKey: directory.siteOfKey,
    },
  })
  const direct = createDirect({ take: writer.take, meet: callers.meet, now, log })
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

/** What carries messages out, and where to. */
const createHandoff = (
  { config, now, log }: ServeOptions,
  { writer, outbox }: { readonly writer: Writer; readonly outbox: OutboxViews },
) => {
  const destinations = { allowsPrivate: config.allowsPrivateWebhooks }
  const send = createSend(destinations)
  const webhooks = createWebhooks({ seal: createSeal(secretOf(config)), send, destinations, now })
  const { planFor } = webhooks
  const relay = createRelay({ views: outbox, outbox: writer, planFor, send, now, dice: Math.random, log })
  return { webhooks, relay }
}

interface ReadingOptions {
  readonly writer: Pick<Writer, 'onPulse'>
  readonly views: Views
  readonly editions: Editions
  readonly now: () => number
  readonly stopping: AbortSignal
}

/** What is read: of one visitor, of companies, of all together, and as it happens. */
const createReading = ({ writer, views, editions, now, stopping }: ReadingOptions) => {
  const profiles = createProfiles({ views, editions })
  return {
    profiles,
    accounts: editions.derived(({ model }) => createAccounts({ views, profiles, model, now })),
    reports: createReports({ views, editions, now }),
    live: createLive({ views, profiles, onPulse: writer.onPulse, now, stopping }),
  }
}

/** Secrets of the day are forgotten when it ends, whether anybody asks then or not. */
const openCallers = ({ config: { proxies, rates }, now }: ServeOptions) => {
  const strangers = createStrangers()
  const night = setInterval(() => strangers.turn(now()), 60_000)
  night.unref()
  const throttle = createThrottle(rates.address)
  return {
    meet: createCallers({ addressOf: createAddressOf(proxies), strangers, throttle }),
    stop: () => clearInterval(night),
  }
}

/** The thread that writes, and a connection that reads. */
const openStore = async ({ config, adminToken, now }: ServeOptions) => {
  const writer = await startWriter({
    path: config.path,
    model: config.modelPath === undefined ? DEFAULT_MODEL : await readModelFile(config.modelPath),
    adminHash: hashOf(adminToken),
    // Where any port was asked for, nobody knows the address yet; nor can anybody have saved it.
    origin: config.publicUrl ?? (config.port === 0 ? undefined : `http://localhost:${config.port}`),
    perMinute: config.rates.site,
    sites: [newSite('default', now()), newSite('demo', now(), { allowsAutomation: true })],
  })
  const db = openReader(config.path)
  const close = async (): Promise<void> => {
    await writer.close()
    db.close()
  }
  return {
    writer,
    settings: createSqliteSettings(db),
    models: createSqliteModels(db),
    views: createSqliteViews(db),
    outbox: createSqliteOutboxViews(db),
    leads: createSqliteLeads(db).leads,
    close,
  }
}

const readModelFile = async (path: string): Promise<Model> => {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new ConfigError(`LEADLIGHT_MODEL: there is no file ${path} that can be read.`)
  })
  const { model, mistakes } = readModel(parse(text))
  if (model) return model
  const lines = mistakes.map(({ path: at, message }) => `  ${at}: ${message}`)
  throw new ConfigError(`LEADLIGHT_MODEL: ${path} is not a model:\n${lines.join('\n')}`)
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const distPath = join(import.meta.dirname, '..', 'dist')
