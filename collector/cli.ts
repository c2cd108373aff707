/** The command line. The only file that touches the process. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { askCollector, download, postEvents } from './command/ask.ts'
import { BACKUP_HELP, runBackup } from './command/backup.ts'
import { DEMO_DATA_HELP, runDemoData } from './command/demo-data.ts'
import { DOCTOR_HELP, runDoctor } from './command/doctor.ts'
import { ERASE_HELP, runErase } from './command/erase.ts'
import { EXPORT_HELP, runExport } from './command/export.ts'
import { openSink, readLines } from './command/file.ts'
import { IMPORT_HELP, runImport } from './command/import.ts'
import { MODEL_HELP, runModel } from './command/model.ts'
import { MOVE_HELP, runMove } from './command/move.ts'
import { REPLAY_HELP, runReplay } from './command/replay.ts'
import { runSettings, SETTINGS_HELP } from './command/settings.ts'
import { CommandError, type FileTerminal } from './command/terminal.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { createLog } from './log.ts'
import { soundnessOf } from './open-store.ts'
import { createSeal } from './seal.ts'
import { secretOf } from './secret-key.ts'
import { addressOf, distPath, type Running, serve } from './serve.ts'
import { StoreError } from './store/failure.ts'
import { backUp } from './store/sqlite-backup.ts'

const SERVE_HELP = '  leadlight serve                           start the collector, the dashboard and the demo site'

/** What each command teaches. */
const TEACHES: Readonly<Record<string, string>> = {
  serve: SERVE_HELP,
  doctor: DOCTOR_HELP,
  backup: BACKUP_HELP,
  move: MOVE_HELP,
  site: SETTINGS_HELP,
  key: SETTINGS_HELP,
  erase: ERASE_HELP,
  import: IMPORT_HELP,
  export: EXPORT_HELP,
  model: MODEL_HELP,
  replay: REPLAY_HELP,
  'demo-data': DEMO_DATA_HELP,
}

const HELP = `Leadlight tells which visitors of your website are ready to buy, and why.

${[...new Set(Object.values(TEACHES))].join('\n\n')}

Settings are environment variables: PORT, HOST, DATABASE_URL, LEADLIGHT_DATA, LEADLIGHT_TOKEN, LEADLIGHT_SECRET,
LEADLIGHT_ALLOW_PRIVATE_WEBHOOKS, LEADLIGHT_PUBLIC_URL, LEADLIGHT_MODEL, LEADLIGHT_TRUST_PROXY,
LEADLIGHT_RATE_ADDRESS, LEADLIGHT_RATE_SITE, LEADLIGHT_LOG, LEADLIGHT_DEMO. README.md says what each takes.

Exit codes: 0 done, 1 refused or out of reach, 2 a model or a history with mistakes, 3 nobody is known by that name.`

/** What is asked of the running collector. */
const ASKING: Readonly<Record<string, (words: readonly string[], terminal: FileTerminal) => Promise<number>>> = {
  'demo-data': runDemoData,
  erase: runErase,
  export: runExport,
  import: runImport,
  key: (words, at) => runSettings(['key', ...words], at),
  model: runModel,
  replay: runReplay,
  site: (words, at) => runSettings(['site', ...words], at),
}

export const main = async (words: readonly string[]): Promise<void> => {
  const [command = 'help', ...rest] = words
  try {
    if (command === 'help' || command === '--help') console.log(HELP)
    else if (rest.includes('--help')) console.log(Object.hasOwn(TEACHES, command) ? TEACHES[command] : HELP)
    else if (command === 'start' || command === 'serve') await start(configWithout(rest), command === 'start')
    else if (command === 'doctor') process.exitCode = await examine(rest, readConfig(process.env))
    else if (command === 'backup') await makeBackup(rest, readConfig(process.env))
    else if (command === 'move') process.exitCode = await moveIn(rest, readConfig(process.env))
    else if (Object.hasOwn(ASKING, command))
      process.exitCode = await ASKING[command]!(rest, terminal(readConfig(process.env)))
    else throw new ConfigError(`There is no command "${words.join(' ')}".\n\n${HELP}`)
  } catch (error) {
    const isExpected = error instanceof ConfigError || error instanceof StoreError || error instanceof CommandError
    if (!isExpected) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

/** Of a command that takes nothing but the environment. */
const configWithout = (words: readonly string[]): Config => {
  if (words.length > 0) throw new CommandError(`It takes settings from the environment alone.\n\nUsage:\n${SERVE_HELP}`)
  return readConfig(process.env)
}

const start = async (config: Config, builds: boolean): Promise<void> => {
  if (builds) await build()
  if (!existsSync(join(distPath, 'leadlight.js')))
    throw new ConfigError('The snippet and the dashboard are not built. Run npm start, or npm run build once.')
  const token = ownToken(config)
  const log = createLog({ format: config.logFormat, write: console.error, now: Date.now })
  const running = await serve({ config, adminToken: token.value, dist: distPath, now: Date.now, log })
  console.log(welcome(running, config, token.kept))
  stopOnSignal(running)
}

/** Builds the snippet and the dashboard when a source is newer than they are. */
const build = async (): Promise<void> => {
  // @ts-expect-error: build.mjs is plain JavaScript, so that it runs before anything is set up
  const { buildIfStale } = await import('../build.mjs')
  await buildIfStale()
}

interface Token {
  readonly value: string
  /** Where it can be read. */
  readonly kept: string
}

const tokenPath = ({ path }: Config): string => join(dirname(path), 'admin-token')

/** From the environment, or made at the first start and kept where only its owner can read it. */
const ownToken = (config: Config): Token => {
  const path = tokenPath(config)
  if (!config.token && !existsSync(path)) makeToken(path, config)
  return knownToken(config)
}

const makeToken = (path: string, { postgres }: Config): void => {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `admin_${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const variable = postgres === undefined ? 'DATABASE_URL' : 'LEADLIGHT_DATA'
    throw new ConfigError(
      `${dirname(path)} cannot be written (${messageOf(error)}). Let this user write it, or set ${variable} to another folder.`,
    )
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The token of a collector that was started before. */
const knownToken = (config: Config): Token => {
  if (config.token) return { value: config.token, kept: 'in LEADLIGHT_TOKEN' }
  const path = tokenPath(config)
  if (existsSync(path)) return { value: readToken(path), kept: `in ${path}` }
  throw new ConfigError(`There is no admin token in ${path}. Set DATABASE_URL or LEADLIGHT_TOKEN as for the collector.`)
}

const readToken = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new ConfigError(
      `${path} cannot be read (${messageOf(error)}). Be the user who runs the collector, or set LEADLIGHT_TOKEN.`,
    )
  }
}

const welcome = ({ url, signInUrl, sites }: Running, config: Config, kept: string): string => {
  const key = sites().find(({ name }) => name === 'default')?.key
  return [
    '',
    `  Leadlight is running at ${url}`,
    '',
    `  Dashboard    ${signInUrl()}`,
    '               (signs you in once, within 15 minutes; another: npx leadlight key signin)',
    ...(config.demo ? [`  Demo site    ${url}/demo/`] : []),
    `  Admin token  ${kept}`,
    '',
    '  Paste this into every page of your website:',
    '',
    `  <script defer src="${url}/leadlight.js" data-site="${key}"></script>`,
    '',
  ].join('\n')
}

const stopOnSignal = (running: Running): void => {
  let isStopping = false
  const stop = async (): Promise<void> => {
    if (isStopping) return
    isStopping = true
    await running.stop()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  if (process.env.npm_lifecycle_event !== undefined) onOrphaned(stop)
}

/** npm passes a signal on to its shell, which ends without passing it on to us: then our parent has changed. */
const onOrphaned = (stop: () => void): void => {
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && stop(), 200).unref()
}

/** Of a `postgres://…`: the host, or several. */
const HOSTS = /^\w+:\/\/(?:[^/]*@)?([^/?]*).*$/

const examine = (words: readonly string[], config: Config): Promise<number> =>
  runDoctor(words, {
    ...config,
    believesProxy: config.trustsProxy,
    nodeVersion: process.versions.node,
    database: config.postgres === undefined ? config.path : config.postgres.replace(HOSTS, '$1'),
    soundness: () => soundnessOf(addressOf(config)),
    now: Date.now,
    terminal: terminal(config),
  })

const makeBackup = (words: readonly string[], config: Config): Promise<void> => {
  if (config.postgres !== undefined) throw new CommandError(BY_ITS_OWN)
  return runBackup(words, {
    folder: join(dirname(config.path), 'backups'),
    now: Date.now(),
    terminal: terminal(config),
    backUp: (to, onProgress) => backUp({ from: config.path, to, onProgress }),
  })
}

const BY_ITS_OWN =
  'PostgreSQL is backed up by its own tools, such as pg_dump --format=custom --file=leadlight.dump, with the address in ' +
  'DATABASE_URL. Keep LEADLIGHT_SECRET, and the .erased files of the data folders, beside it.'

/** Under the secret that the collectors will use: it is kept where they look for it. */
const moveIn = (words: readonly string[], config: Config): Promise<number> =>
  runMove(words, {
    terminal: terminal(config),
    move: async (file, onProgress) => {
      const { postgres: url, path } = config
      if (url === undefined) throw new CommandError(WHERE_TO)
      mkdirSync(dirname(path), { recursive: true })
      const { move } = await import('./store/move.ts')
      return move({ file, url, seal: createSeal(secretOf(config)), now: Date.now(), onProgress })
    },
  })

const WHERE_TO =
  'Set DATABASE_URL to the empty PostgreSQL database that all is to be moved to: postgres://USER:PASSWORD@HOST/DATABASE.'

const terminal = (config: Config): FileTerminal => ({
  print: console.log,
  // Nobody looks on where it is not a terminal.
  progress: (text) => void (process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`)),
  ask: (method, path, body) => askCollector({ ...config, token: knownToken(config).value }, { method, path, body }),
  post: (path, body, key) =>
    postEvents({ ...config, token: key ?? knownToken(config).value }, { method: 'POST', path, body }),
  download: (path) =>
    download({ ...config, token: knownToken(config).value }, { method: 'GET', path, body: undefined }),
  open: (path) => openSink(path, process.stdout),
  lines: readLines,
  write: (path, text) => writeFile(path, text),
  remove: (path) => rm(path, { force: true }),
  read: (path) =>
    readFile(path, 'utf8').catch(() => {
      throw new CommandError(`There is no file ${path} that can be read.`)
    }),
  user: process.env.USER || process.env.USERNAME || 'admin',
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
})
