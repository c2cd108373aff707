/** `leadlight doctor`: looks at everything a collector needs, and says of each what to do. Over 150 lines: one list of checks. */
import { existsSync } from 'node:fs'
import { access, constants, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { readModel } from '../../shared/read-model.ts'
import { nearOf } from './ask.ts'
import { CommandError, type Terminal } from './terminal.ts'

export const DOCTOR_HELP = `  leadlight doctor                          look at Node, folder, disk, database, port, public address, clock, snippet
                                            and model; ends with 1 where something fails. --json for programs`

export interface DoctorOptions {
  readonly nodeVersion: string
  readonly host: string
  readonly port: number
  /** What is kept beside the database is in its folder. */
  readonly path: string
  readonly publicUrl: string | undefined
  readonly believesProxy: boolean
  readonly modelPath: string | undefined
  /** What the database is called. */
  readonly database: string
  /** Undefined where there is no database yet; `ok`, or what is wrong. */
  readonly soundness: () => Promise<string | undefined>
  readonly now: () => number
  readonly terminal: Pick<Terminal, 'print' | 'read'>
}

type State = 'ok' | 'warn' | 'fail'
interface Finding {
  readonly what: string
  readonly state: State
  readonly says: string
}
type Check = (options: DoctorOptions) => Promise<Finding | readonly Finding[]>

const GIGABYTE = 1e9
/** Clocks that differ by more ms are worth a word, and worse. */
const [SKEWED, WRONG] = [5000, 60_000]
const PATIENCE = 5000

const finding = (what: string, state: State, says: string): Finding => ({ what, state, says })

const node: Check = async ({ nodeVersion }) => {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number)
  const isNew = major > 22 || (major === 22 && minor >= 18)
  return finding(
    'node',
    isNew ? 'ok' : 'fail',
    isNew ? nodeVersion : `${nodeVersion} is too old. Install 22.18 or newer.`,
  )
}

const folder: Check = async ({ path }) => {
  // A folder that is not there yet is made at the first start, if the one above it can be written.
  let at = dirname(path)
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at)
  try {
    await access(at, constants.W_OK)
  } catch {
    return finding(
      'folder',
      'fail',
      `${at} cannot be written. Give this user the right to, or set DATABASE_URL to another folder.`,
    )
  }
  const { bavail, bsize } = await statfs(at)
  const free = bavail * bsize
  const says = `${(free / GIGABYTE).toFixed(1)} GB free in ${at}.`
  const state = free < GIGABYTE / 10 ? 'fail' : free < GIGABYTE ? 'warn' : 'ok'
  return [
    finding('folder', 'ok', `${at} can be written.`),
    finding('disk', state, state === 'ok' ? says : `${says} Make room.`),
  ]
}

const database: Check = async ({ soundness, database: name }) => {
  const found = await soundness()
  if (found === undefined) return finding('database', 'ok', `${name} is made at the first start.`)
  return finding('database', found === 'ok' ? 'ok' : 'fail', found === 'ok' ? `${name} is sound.` : found)
}

const get = (url: string): Promise<Response | undefined> =>
  fetch(url, { signal: AbortSignal.timeout(PATIENCE), redirect: 'manual' }).catch(() => undefined)

const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })

const port: Check = async ({ host, port: number }) => {
  const near = nearOf(host)
  const alive = await get(`http://${near}:${number}/healthz`)
  if (alive?.ok) {
    const ready = await get(`http://${near}:${number}/readyz`)
    if (ready?.ok) return finding('port', 'ok', `A collector runs at ${near}:${number}, and can write.`)
    return finding('port', 'fail', `The collector at ${near}:${number} cannot write. Look at its log, and at the disk.`)
  }
  if (await isFree(host, number)) return finding('port', 'ok', `${host}:${number} is free; no collector runs there.`)
  return finding('port', 'fail', `${host}:${number} is used by something else. Stop it, or set PORT.`)
}

const outside: Check = async ({ publicUrl, now }) => {
  if (publicUrl === undefined)
    return finding(
      'public url',
      'warn',
      'LEADLIGHT_PUBLIC_URL is not set: links in messages lead nowhere from outside.',
    )
  const alive = await get(`${publicUrl}/healthz`)
  if (!alive?.ok)
    return finding('public url', 'fail', `${publicUrl}/healthz does not answer. Look at DNS, certificate and proxy.`)
  const script = await get(`${publicUrl}/leadlight.js`)
  const isScript = script?.ok && /javascript/.test(script.headers.get('content-type') ?? '')
  const at = Date.parse(alive.headers.get('date') ?? '')
  const apart = Math.abs(at - now())
  const clock = Number.isNaN(at) ? 'warn' : apart > WRONG ? 'fail' : apart > SKEWED ? 'warn' : 'ok'
  const skew = Number.isNaN(at) ? 'unknown' : `${Math.round(apart / 1000)} s`
  return [
    finding('public url', 'ok', `${publicUrl} answers.`),
    finding(
      'clock',
      clock,
      clock === 'ok' ? `${skew} apart.` : `${skew} apart from ${publicUrl}. Set the clock by NTP.`,
    ),
    isScript
      ? finding('snippet', 'ok', `${publicUrl}/leadlight.js is served.`)
      : finding(
          'snippet',
          'fail',
          `${publicUrl}/leadlight.js is not served as a script. Let the proxy pass it on as it is.`,
        ),
  ]
}

const proxy: Check = async ({ publicUrl, believesProxy, host }) => {
  const isOpen = host !== '127.0.0.1' && host !== 'localhost' && host !== '::1'
  if (publicUrl?.startsWith('https:') && !believesProxy)
    return finding(
      'proxy',
      'warn',
      'https ends at a proxy that is not believed: everyone seems to come from it. Set LEADLIGHT_TRUST_PROXY.',
    )
  if (believesProxy && isOpen)
    return finding(
      'proxy',
      'warn',
      `HOST ${host} can be reached past the proxy, which then is not the only one believed. Set HOST=127.0.0.1.`,
    )
  return finding('proxy', 'ok', believesProxy ? 'The proxy is believed.' : 'No proxy is expected.')
}

const model: Check = async ({ modelPath, terminal }) => {
  if (modelPath === undefined) return finding('model', 'ok', 'The built-in one seeds version 1.')
  try {
    const { mistakes = [] } = readModel(JSON.parse(await terminal.read(modelPath)))
    if (mistakes.length === 0) return finding('model', 'ok', `${modelPath} has no mistakes.`)
    return finding(
      'model',
      'fail',
      `${modelPath} has ${mistakes.length} mistakes. See leadlight model validate ${modelPath}.`,
    )
  } catch {
    return finding('model', 'fail', `${modelPath} cannot be read as JSON. Set LEADLIGHT_MODEL to a model file.`)
  }
}

const CHECKS: readonly Check[] = [node, folder, database, port, outside, proxy, model]

/** Answers the exit code: 1 where something fails. */
export const runDoctor = async (words: readonly string[], options: DoctorOptions): Promise<number> => {
  const isJson = asksForJson(words)
  const findings = (await Promise.all(CHECKS.map((check) => check(options)))).flat()
  if (isJson) options.terminal.print(JSON.stringify({ findings }, null, 2))
  else
    for (const { what, state, says } of findings)
      options.terminal.print(`${state.padEnd(5)} ${what.padEnd(11)} ${says}`)
  return findings.some(({ state }) => state === 'fail') ? 1 : 0
}

const asksForJson = (words: readonly string[]): boolean => {
  try {
    return parseArgs({ args: [...words], options: { json: { type: 'boolean' } } }).values.json ?? false
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n\nUsage:\n${DOCTOR_HELP}`)
  }
}
