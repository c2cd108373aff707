/** Collectors that share a PostgreSQL database: real programs, each with a port and a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Program, startProgram } from '../e2e/program.ts'

export const TOKEN = 'admin_token_of_all_collectors'

export interface Together {
  readonly programs: readonly Program[]
  readonly urls: () => readonly string[]
  /** The public key of a site that scores programs as well: nobody reads as fast as a load does. */
  readonly key: string
  /** Kills one without warning and starts it again. */
  readonly restart: (index: number) => Promise<void>
  readonly end: () => Promise<void>
}

/** Each has the address of the database, or its own way there. */
export const startTogether = async (
  databases: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Together> => {
  const folders = databases.map(() => mkdtempSync(join(tmpdir(), 'leadlight-')))
  const all = {
    LEADLIGHT_TOKEN: TOKEN,
    LEADLIGHT_SECRET: 'secret_of_all_collectors',
    LEADLIGHT_RATE_ADDRESS: '0',
    LEADLIGHT_DEMO: 'on',
    ...environment,
  }
  const start = (index: number): Promise<Program> => {
    const [folder, DATABASE_URL] = [folders[index]!, databases[index]!]
    return startProgram({ folder, environment: { ...all, DATABASE_URL, LEADLIGHT_DATA: folder } })
  }
  const programs = await Promise.all(databases.map((_, index) => start(index)))
  const sites = await programs[0]!.get<{ items: { name: string; key: string }[] }>('/api/sites')
  return {
    programs,
    urls: () => programs.map(({ url }) => url),
    key: sites.items.find(({ name }) => name === 'demo')!.key,
    restart: async (index) => {
      programs[index] = await programs[index]!.restart()
    },
    end: async () => {
      await Promise.all(programs.map((program) => program.kill('SIGKILL')))
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface Asked<Body = unknown> {
  readonly status: number
  readonly body: Body
  readonly retryAfter: string | null
}

/** As the administrator, unless it says who else. */
export const ask = async <Body = unknown>(
  { url }: Program,
  path: string,
  { method = 'GET', body, token = TOKEN }: { method?: string; body?: unknown; token?: string } = {},
): Promise<Asked<Body>> => {
  const init = { method, headers: { authorization: `Bearer ${token}` } }
  const answer = await fetch(url + path, { ...init, ...(body !== undefined && { body: JSON.stringify(body) }) })
  const text = await answer.text()
  const parsed = text.startsWith('{') ? JSON.parse(text) : text
  return { status: answer.status, body: parsed as Body, retryAfter: answer.headers.get('retry-after') }
}

export const sleep = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits for what must come about by itself; the time is an emergency brake, not a promise. */
export const until = async (what: string, isSo: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> => {
  const end = performance.now() + ms
  while (!(await isSo())) {
    expect(performance.now(), what).toBeLessThan(end)
    await sleep(25)
  }
}
