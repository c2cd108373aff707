/** The real program, started as its users start it: its own process, a folder of its own, a free port. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Model } from '../../shared/model.ts'
import { databaseIn } from '../database.ts'

const ROOT = join(import.meta.dirname, '../..')

export interface Program {
  readonly url: string
  readonly token: string
  /** All it printed so far. */
  readonly output: () => string
  readonly get: <Body = unknown>(path: string) => Promise<Body>
  /** As the company's server: what only a secret key may tell. */
  readonly importBatch: (
    batch: readonly object[],
  ) => Promise<{ readonly accepted: number; readonly rejected: readonly unknown[] }>
  readonly kill: (signal: NodeJS.Signals) => Promise<number | null>
  /** Kills it without warning and starts it again on the same folder and port. */
  readonly restart: () => Promise<Program>
  /** Ends it and removes its folder. */
  readonly end: () => Promise<void>
}

export interface ProgramOptions {
  readonly model?: Model
  readonly folder?: string
  /** Free by default. */
  readonly port?: string
  /** What it runs under, such as a tracer, and what Node is told beside the program. */
  readonly under?: readonly string[]
  readonly nodeArgs?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

export const startProgram = async (options: ProgramOptions = {}): Promise<Program> => {
  const { model, folder, port = '0', under = [], nodeArgs = [], environment = {} } = options
  const home = folder ?? mkdtempSync(join(tmpdir(), 'leadlight-'))
  const modelPath = join(home, 'model.json')
  if (model) writeFileSync(modelPath, JSON.stringify(model))
  const [command, ...args] = [...under, process.execPath, ...nodeArgs, join(ROOT, 'collector/bin.js'), 'serve']
  const child = spawn(command!, args, {
    env: {
      ...process.env,
      ...(await databaseIn(home, 'leadlight.db')),
      ...environment,
      NODE_ENV: 'test',
      PORT: port,
      ...(model && { LEADLIGHT_MODEL: modelPath }),
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const url = await urlOf(child, () => output)
  const token = environment.LEADLIGHT_TOKEN ?? readFileSync(join(home, 'admin-token'), 'utf8').trim()
  const headers = { authorization: `Bearer ${token}` }

  const kill = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const gone = once(child, 'exit')
    child.kill(signal)
    return (await gone)[0]
  }

  return {
    url,
    token,
    output: () => output,
    get: async <Body>(path: string): Promise<Body> => {
      const answer = await fetch(url + path, { headers })
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as Body
    },
    importBatch: async (batch) => {
      const answer = await fetch(`${url}/v1/import`, { method: 'POST', headers, body: JSON.stringify({ batch }) })
      if (!answer.ok) throw new Error(`import: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as { accepted: number; rejected: unknown[] }
    },
    kill,
    restart: async () => {
      await kill('SIGKILL')
      return startProgram({ ...options, folder: home, port: new URL(url).port })
    },
    end: async () => {
      await kill('SIGTERM')
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** The address it prints when it takes requests. */
const urlOf = (child: ChildProcess, output: () => string): Promise<string> =>
  new Promise((resolve, reject) => {
    const look = (): void => {
      const url = /running at (\S+)/.exec(output())?.[1]
      if (url && output().includes('</script>')) resolve(url)
    }
    child.stdout!.on('data', look)
    child.on('exit', (code) => reject(new Error(`it ended with ${code}:\n${output()}`)))
  })
