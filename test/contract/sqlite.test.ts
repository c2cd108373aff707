/** SQLite keeps the contract of a store, and is had by one writer alone. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { newSite } from '../../collector/routes/admin.ts'
import { StoreError } from '../../collector/store/failure.ts'
import { openReader, openWriter } from '../../collector/store/sqlite.ts'
import { createSqliteLog } from '../../collector/store/sqlite-log.ts'
import { createSqliteModels } from '../../collector/store/sqlite-models.ts'
import { createSqliteSettings } from '../../collector/store/sqlite-settings.ts'
import { createSqliteViews } from '../../collector/store/sqlite-views.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { createFold } from '../../shared/visitor.ts'
import { event, from, NOON } from './events.ts'
import { describeStore, type OpenStore } from './store.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const newPath = (): string => {
  files += 1
  return join(folder, `${files}`, 'test.db')
}

const openAt =
  (path: string): OpenStore =>
  async ({ foldOf, sites, remembers }) => {
    const { db, close } = openWriter(path)
    const settings = createSqliteSettings(db)
    const known = new Set((await settings.sites()).map(({ name }) => name))
    for (const name of sites) if (!known.has(name)) await settings.insertSite(newSite(name, NOON))
    let ids = 0
    const newId = (): string => {
      ids += 1
      // In no order of their own, as the real ones are.
      return `${(ids * 7919) % 10007}`.padStart(32, '0')
    }
    // The clock stands where the log was last told that it stands.
    let clock = NOON
    const log = createSqliteLog(db, {
      scoring: () => ({ model: DEFAULT_MODEL, version: 1, foldOf }),
      newId,
      now: () => clock,
      ...(remembers && { remembers }),
    })
    const reader = openReader(path)
    const wake: typeof log.wake = (now, limit) => {
      clock = Math.max(clock, now)
      return log.wake(now, limit)
    }
    return {
      log: { ...log, wake },
      settings,
      models: createSqliteModels(db),
      views: createSqliteViews(reader),
      close: async () => {
        reader.close()
        close()
      },
    }
  }

describeStore('SQLite', (options) => openAt(newPath())(options))

const options = { foldOf: () => createFold(DEFAULT_MODEL), sites: ['default'] }
const filled = async (): Promise<string> => {
  const path = newPath()
  const store = await openAt(path)(options)
  for (let n = 0; n < 300; n += 1)
    await store.log.append(
      [from(`v${n % 40}`, event('page', { id: `${n}`, at: NOON + n, title: 'x'.repeat(400) }))],
      [],
    )
  await store.close()
  return path
}

describe('the file', () => {
  it('is had by one writer at a time', async () => {
    const path = newPath()
    const first = openWriter(path)
    expect(() => openWriter(path)).toThrow(StoreError)
    expect(() => openWriter(path)).toThrow('is in use by another Leadlight')
    first.close()
    openWriter(path).close()
  })

  it('is synced before a commit ends', () => {
    const { db, close } = openWriter(newPath())
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(db.pragma('synchronous', { simple: true })).toBe(2)
    close()
  })

  it('keeps what it holds over a restart, and goes on where it ended', async () => {
    const path = newPath()
    const first = await openAt(path)(options)
    await first.log.append([from('a', event('page', { id: '1' }))], [])
    const head = await first.views.head()
    await first.close()
    const second = await openAt(path)(options)
    expect(await second.log.append([from('a', event('page', { id: '1' }))], [])).toEqual(['duplicate'])
    await second.log.append([from('a', event('page', { id: '2', at: NOON + 1 }))], [])
    expect((await second.views.read(head, 10)).length).toBeGreaterThan(0)
    expect((await second.views.visitor('a'))!.state.views).toBe(2)
    await second.close()
  })

  it.each<readonly [string, (path: string) => void, RegExp]>([
    [
      'is none of ours',
      (path) => writeFileSync(path, 'not a database, but long enough to look at'.repeat(50)),
      /damaged/,
    ],
    ['was cut', (path) => truncateSync(path, 40_960), /damaged/],
    [
      'was written over',
      (path) => {
        const bytes = readFileSync(path)
        bytes.fill(0x5a, 8192, bytes.length - 8192)
        writeFileSync(path, bytes)
      },
      /damaged/,
    ],
    [
      'comes from a newer version',
      (path) => {
        const db = new Database(path)
        db.pragma('user_version = 999')
        db.close()
      },
      /newer Leadlight \(schema 999\)/,
    ],
  ])('that %s is refused, with what to do', async (_, harm, says) => {
    const whole = await filled()
    const path = newPath()
    openWriter(path).close()
    copyFileSync(whole, path)
    harm(path)
    expect(() => openWriter(path)).toThrow(StoreError)
    expect(() => openWriter(path)).toThrow(says)
    expect(() => openWriter(path)).toThrow(/restore a backup/)
  })

  it('that cannot be made is refused, with what to do', () => {
    const path = join(newPath(), '..', '..', 'file')
    writeFileSync(path, '')
    expect(() => openWriter(join(path, 'below.db'))).toThrow(StoreError)
    expect(() => openWriter(join(path, 'below.db'))).toThrow('DATABASE_URL')
  })
})
