/** The composition root: makes everything, stops everything. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DEFAULT_MODEL } from '../shared/default-model.ts'
import type { Model } from '../shared/model.ts'
import { readModel } from '../shared/read-model.ts'
import { createAccess, type Role } from './access.ts'
import { hashOf } from './admission.ts'
import { createApp } from './app.ts'
import { type Config, ConfigError } from './config.ts'
import { createEditions } from './editions.ts'
import { openHttp } from './http.ts'
import { createJobs } from './jobs.ts'
import { createLive } from './live.ts'
import { createProfiles } from './profiles.ts'
import { newSite } from './routes/admin.ts'
import { runSimulation } from './simulator-thread.ts'
import { openReader } from './store/sqlite.ts'
import { createSqliteModels } from './store/sqlite-models.ts'
import { createSqliteSettings } from './store/sqlite-settings.ts'
import { createSqliteViews } from './store/sqlite-views.ts'
import type { Key, Site } from './store/store.ts'
import { startWriter } from './writer-thread.ts'

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
export const serve = async ({ config, adminToken, dist, now, log }: ServeOptions): Promise<Running> => {
  const writer = await startWriter({
    path: config.path,
    model: config.modelPath === undefined ? DEFAULT_MODEL : await readModelFile(config.modelPath),
    adminHash: hashOf(adminToken),
    sites: [newSite('default', now()), newSite('demo', now(), { allowsAutomation: true })],
  })
  const db = openReader(config.path)
  const settings = createSqliteSettings(db)
  const views = createSqliteViews(db)
  const models = createSqliteModels(db)
  const editions = await createEditions(models)
  const jobs = createJobs({ now, newId: () => randomBytes(8).toString('hex') })

  let sites: readonly Site[] = []
  let keys: readonly (Key & { readonly hash: string })[] = []
  const refresh = async (): Promise<void> => {
    sites = await settings.sites()
    keys = await settings.keys()
    editions.learn(sites)
  }
  await refresh()

  const roleOfHash = (hash: string): Role | undefined => {
    const kind = keys.find((key) => key.hash === hash)?.kind
    return kind === 'read' || kind === 'admin' ? kind : undefined
  }
  const access = createAccess({ adminToken, roleOfHash, now })
  const profiles = createProfiles({ views, editions })
  const stopping = new AbortController()
  const live = createLive({ views, profiles, onPulse: writer.onPulse, now, stopping: stopping.signal })
  let url = ''
  const signInUrl = (): string => `${config.publicUrl ?? url}/signin?token=${access.newSignIn()}`

  const app = createApp({
    take: writer.take,
    isSiteKey: (key) => sites.some((site) => site.key === key),
    writer,
    views,
    profiles,
    live,
    models,
    editions,
    jobs,
    runSimulation: (data, report, signal) => runSimulation({ path: config.path, ...data }, report, signal),
    access,
    publicUrl: config.publicUrl,
    sites: () => sites,
    keys: () => keys,
    refresh,
    signInUrl,
    pages: {
      dist,
      isSecure: config.publicUrl?.startsWith('https:') ?? false,
      demo: () => (config.demo ? sites.find(({ name }) => name === 'demo') : undefined),
      siteOfKey: (key) => sites.find((site) => site.key === key),
    },
    isReady: () =>
      writer.probe().then(
        () => true,
        () => false,
      ),
    now,
    log,
  })

  const stop = async (): Promise<void> => {
    await writer.close()
    db.close()
  }
  const { port, shut } = await openHttp(app.fetch, config).catch(async (error) => {
    await stop()
    throw error
  })
  url = `http://${config.host === '127.0.0.1' || config.host === '0.0.0.0' ? 'localhost' : config.host}:${port}`
  return {
    url: config.publicUrl ?? url,
    port,
    signInUrl,
    sites: () => sites,
    stop: async () => {
      jobs.stop()
      stopping.abort()
      await shut()
      await stop()
    },
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
