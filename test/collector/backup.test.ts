/** A copy made while everything is written is sound, and holds all that was acknowledged before it was begun. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backUp } from '../../collector/store/sqlite-backup.ts'
import { type Program, startProgram } from '../e2e/program.ts'
import { expectSoundIn, idsIn } from './kept.ts'
import { nothingTold, startLoad } from './load.ts'

const ROOT = join(import.meta.dirname, '../..')
const BACKUPS = process.env.GATES === 'full' ? 100 : 5

let folder: string
const folders: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
  folders.push(folder)
})
let program: Program | undefined
afterEach(async () => {
  await program?.kill('SIGKILL')
  program = undefined
})
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true, force: true })
})

/** As from a shell. */
const leadlight = (...words: readonly string[]): Promise<{ stdout: string; stderr: string; code: number }> =>
  promisify(execFile)(process.execPath, [join(ROOT, 'collector/bin.js'), ...words], {
    env: { ...process.env, NODE_ENV: 'test', DATABASE_URL: `file:${join(folder, 'leadlight.db')}` },
  }).then(
    (said) => ({ ...said, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  )

const keyOf = async ({ get }: Program): Promise<string> =>
  (await get<{ items: { name: string; key: string }[] }>('/api/sites')).items.find(({ name }) => name === 'demo')!.key

describe('a backup', { timeout: 60_000 + BACKUPS * 5000 }, () => {
  it(`made ${BACKUPS} times under load, holds every acknowledged event, once, and is sound`, async () => {
    program = await startProgram({ folder })
    const told = nothingTold()
    const load = startLoad({ url: program.url, key: await keyOf(program), name: 'backup', told })
    for (let round = 0; round < BACKUPS; round += 1) {
      const before = [...told.acked]
      const to = join(folder, `copy-${round}.db`)
      const { stdout, code } = await leadlight('backup', to, '--json')
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toEqual({ file: to, bytes: statSync(to).size })
      const after = told.acked.size
      const ids = idsIn(to)
      const held = new Set(ids)
      expect(ids.length).toBe(held.size)
      expect(before.filter((id) => !held.has(id))).toEqual([])
      expect(after, 'it went on meanwhile').toBeGreaterThan(before.length)
      if (round === BACKUPS - 1) expect(await expectSoundIn(to)).toBeGreaterThan(10)
      rmSync(to)
    }
    await load.stop()
    expect([...told.refusals]).toEqual([])
    expect(readdirSync(folder).filter((name) => name.includes('copy'))).toEqual([])
  })

  it('can be started from', async () => {
    program = await startProgram({ folder })
    const [key, url] = [await keyOf(program), program.url]
    const load = startLoad({ url, key, name: 'first', clients: 2 })
    while (load.told.acked.size < 50) await new Promise((resolve) => setTimeout(resolve, 20))
    await load.stop()
    const { stdout } = await leadlight('backup')
    const copy = /^(\S+) holds everything/m.exec(stdout)![1]!
    expect(copy).toContain(join(folder, 'backups'))
    expect(statSync(copy).mode & 0o777).toBe(0o600)
    await program.kill('SIGKILL')
    for (const end of ['-wal', '-shm']) rmSync(join(folder, `leadlight.db${end}`), { force: true })
    await promisify(execFile)('cp', [copy, join(folder, 'leadlight.db')])
    program = await startProgram({ folder })
    const held = new Set(idsIn(join(folder, 'leadlight.db')))
    expect([...load.told.acked].filter((id) => !held.has(id))).toEqual([])
  })

  it.each([
    ['on a file that is there', () => writeFileSync(join(folder, 'taken.db'), 'mine'), /overwrites nothing/],
    ['of a database that is not there', () => rmSync(join(folder, 'leadlight.db')), /There is no database/],
    [
      'of a file that is none',
      () => writeFileSync(join(folder, 'leadlight.db'), 'x'.repeat(9000)),
      /could not be made/,
    ],
  ])('%s is refused in a sentence, and leaves nothing', async (_, spoil, says) => {
    new Database(join(folder, 'leadlight.db')).exec('CREATE TABLE t (x)').close()
    spoil()
    const { stderr, code } = await leadlight('backup', join(folder, 'taken.db'))
    expect(stderr).toMatch(says)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(1)
    expect(existsSync(join(folder, 'taken.db.partial'))).toBe(false)
  })

  it('tells how far it is', async () => {
    const db = new Database(join(folder, 'leadlight.db'))
    db.exec('CREATE TABLE t AS SELECT zeroblob(40000000) AS x')
    db.close()
    const shares: number[] = []
    await backUp({
      from: join(folder, 'leadlight.db'),
      to: join(folder, 'c.db'),
      onProgress: (share) => shares.push(share),
    })
    expect(shares.length).toBeGreaterThan(3)
    expect(shares.toSorted((a, b) => a - b)).toEqual(shares)
  })
})
