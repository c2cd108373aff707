/** History in and leads out from the shell: the real program beside a running collector. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runImport } from '../../collector/command/import.ts'
import { CommandError, type FileTerminal } from '../../collector/command/terminal.ts'
import { ADMIN, type Collector, startCollector } from '../collector/collector.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
const BIN = join(import.meta.dirname, '../../collector/bin.js')
let collector: Collector
beforeAll(async () => {
  collector = await startCollector()
})
afterAll(() => collector.end())

const shell = async (...words: readonly string[]): Promise<{ code: number; out: string; err: string }> => {
  const env = {
    ...process.env,
    PORT: String(collector.running.port),
    LEADLIGHT_TOKEN: ADMIN,
    DATABASE_URL: `file:${join(collector.folder, 'test.db')}`,
  }
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [BIN, ...words], { env })
    return { code: 0, out: stdout, err: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, err: stderr }
  }
}
const fileOf = (name: string, lines: readonly (object | string)[]): string => {
  const path = join(folder, name)
  writeFileSync(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))
  return path
}
const count = async (): Promise<number> =>
  (await collector.admin<{ items: { views: number }[] }>('/api/visitors?limit=200')).body.items.reduce(
    (sum, { views }) => sum + views,
    0,
  )

const AT = Date.now() - 5 * 86_400_000
const segment = (n: number) => ({
  type: 'page',
  userId: `user-${n % 7}`,
  timestamp: new Date(AT + n * 1000).toISOString(),
  properties: { url: `https://www.acme.example/page/${n}` },
})
const own = (n: number) => ({
  type: 'page',
  visitor: `v${n % 5}`,
  at: AT + n,
  url: 'https://www.acme.example/pricing',
  signal: 'pricing',
  seconds: 40,
})

describe('import', () => {
  it('takes both forms, and again adds nothing', async () => {
    const path = fileOf('both.ndjson', [
      ...Array.from({ length: 50 }, (_, n) => segment(n)),
      '',
      ...Array.from({ length: 20 }, (_, n) => own(n)),
      { type: 'identify', visitor: 'v1', at: AT + 100, traits: { email: 'ann@acme.co' } },
      { type: 'track', visitor: 'v1', at: AT + 200, name: 'demo_request' },
      { type: 'group', visitor: 'v1', at: AT + 300, account: 'acme' },
    ])
    const first = await shell('import', path)
    expect([first.code, first.out.trim()]).toEqual([0, '73 events are new, 0 were known, 0 were refused.'])
    expect(await count()).toBe(70)
    const ann = (await collector.admin<{ qualification: string; account: string }>('/api/visitors/ann@acme.co')).body
    expect(ann).toMatchObject({ qualification: 'sql', account: 'acme' })
    const again = await shell('import', path)
    expect(again.out.trim()).toBe('0 events are new, 73 were known, 0 were refused.')
    expect(existsSync(`${path}.cursor`)).toBe(false)
  }, 30_000)

  it('says which lines it could not take, and ends with 2', async () => {
    const path = fileOf('bad.ndjson', [
      '{',
      '[]',
      { type: 'page', visitor: 'x' },
      { type: 'fly', userId: 'u' },
      segment(900),
    ])
    const { code, out } = await shell('import', path)
    expect(code).toBe(2)
    expect(out.match(/^line \d+: .+$/gm)!.map((line) => line.slice(0, 7))).toEqual([
      'line 1:',
      'line 2:',
      'line 3:',
      'line 4:',
    ])
    expect(out).toContain('1 events are new, 0 were known, 4 were refused.')
  })

  it.each([
    [['import'], 'Name one file'],
    [['import', join(folder, 'nothing.ndjson')], 'There is no file'],
    [['import', '--colour'], 'Usage'],
    [['export', '--format', 'xlsx'], '--format takes csv or ndjson'],
    [['export', '--stage', 'nowhere'], 'stage'],
    [['export', join(folder, 'no/such/folder.csv')], 'cannot be written'],
  ])('%j says what to do', async (words, says) => {
    const { code, err } = await shell(...words)
    expect(code).toBe(1)
    expect(err).toContain(says)
    expect(err).not.toMatch(/^\s+at /m)
  })

  it('broken off goes on where it ended', async () => {
    const kept = new Map<string, string>()
    const sent: number[] = []
    let fails = true
    const lines = Array.from({ length: 2500 }, (_, n) => JSON.stringify(segment(n)))
    const terminal = {
      print: () => {},
      progress: () => {},
      pause: async () => {},
      lines: async function* () {
        yield* lines
      },
      read: async (path: string) => kept.get(path) ?? Promise.reject(new CommandError('none')),
      write: async (path: string, text: string) => void kept.set(path, text),
      remove: async (path: string) => void kept.delete(path),
      post: async (_: string, body: { batch: readonly unknown[] }) => {
        if (fails && sent.length === 2) return undefined
        sent.push(body.batch.length)
        return { accepted: body.batch.length, duplicate: 0, rejected: [] }
      },
    } as unknown as FileTerminal
    await expect(runImport(['x'], terminal)).rejects.toThrow('run the same command again')
    expect([sent, kept.get('x.cursor')]).toEqual([[1000, 1000], '2000'])
    fails = false
    expect(await runImport(['x'], terminal)).toBe(0)
    expect([sent, kept.size]).toEqual([[1000, 1000, 500], 0])
  })
})

describe('export', () => {
  it('writes a file, or to standard output', async () => {
    const path = join(folder, 'leads.csv')
    const { code } = await shell('export', path, '--qualification', 'sql')
    expect(code).toBe(0)
    const rows = readFileSync(path, 'utf8').trim().split('\r\n')
    expect(rows.length).toBe(2)
    expect(rows[1]).toContain('ann@acme.co')
    const { out } = await shell('export', '--format', 'ndjson', '--q', 'ann@')
    expect(JSON.parse(out)).toMatchObject({ traits: { email: 'ann@acme.co' } })
  }, 30_000)

  it('leaves a file as it is where it is refused, and ends where none can be written', async () => {
    const path = fileOf('kept.csv', ['kept'])
    expect(await shell('export', path, '--stage', 'warm')).toMatchObject({
      code: 1,
      err: expect.stringContaining('stage:'),
    })
    expect(readFileSync(path, 'utf8')).toBe('kept')
    const nowhere = join(folder, 'nowhere', 'leads.csv')
    expect(await shell('export', nowhere)).toMatchObject({ code: 1, err: `${nowhere} cannot be written.\n` })
  }, 30_000)
})
