/** The composition root: makes everything, stops everything. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { serve as listen, type ServerType } from '@hono/node-server'
import { DEFAULT_MODEL } from '../shared/default-model.ts'
import type { Model } from '../shared/model.ts'
import { readModel } from '../shared/read-model.ts'
import { createAccess, type Role } from './access.ts'
import { hashOf } from './admission.ts'
import { createApp } from './app.ts'
import { type Config, ConfigError } from './config.ts'
import { createEditions } from './editions.ts'
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

/** How long answers under way may take when stopping, in ms. */
const DRAIN = 8000

export interface Running {
  readonly url: string
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
  const live = createLive({ views, profiles, onPulse: writer.onPulse, now })
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
    sites: () => sites,
    keys: () => keys,
    refresh,
    signInUrl,
    pages: {
      dist,
      demo: () => (config.demo ? sites.find(({ name }) => name === 'demo') : undefined),
      siteOfKey: (key) => sites.find((site) => site.key === key),
    },
    isReady: async () =>
      writer.isUp() &&
      (await writer.append([]).then(
        () => true,
        () => false,
      )),
    now,
    log,
  })

  const { server, port } = await open(app.fetch, config)
  url = `http://${config.host === '127.0.0.1' || config.host === '0.0.0.0' ? 'localhost' : config.host}:${port}`
  return {
    url: config.publicUrl ?? url,
    signInUrl,
    sites: () => sites,
    stop: async () => {
      jobs.stop()
      await shut(server)
      await writer.close()
      db.close()
    },
  }
}

const open = (
  fetch: Parameters<typeof listen>[0]['fetch'],
  config: Config,
): Promise<{ server: ServerType; port: number }> =>
  new Promise((resolve, reject) => {
    const serverOptions = { headersTimeout: 10_000, requestTimeout: 25_000, keepAliveTimeout: 30_000 }
    const server = listen({ fetch, port: config.port, hostname: config.host, serverOptions }, ({ port }) =>
      resolve({ server, port }),
    )
    server.on('error', (error: NodeJS.ErrnoException) => {
      const cure = `Port ${config.port} is in use. Stop what uses it, or start with PORT=${config.port + 1}.`
      reject(error.code === 'EADDRINUSE' ? new ConfigError(cure) : error)
    })
  })

/** Lets requests under way end, but not for ever: an open stream has no end of its own. */
const shut = (server: ServerType): Promise<void> =>
  new Promise((resolve) => {
    const http = server as import('node:http').Server
    const force = setTimeout(() => http.closeAllConnections(), DRAIN)
    server.close(() => {
      clearTimeout(force)
      resolve()
    })
    http.closeIdleConnections()
  })

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
