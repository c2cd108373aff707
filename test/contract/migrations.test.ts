/** Every schema there ever was becomes today's, also when the program dies on the way, at whatever point. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { MIGRATIONS } from '../../collector/store/migrations.ts'
import { openWriter } from '../../collector/store/sqlite.ts'

const NOW = MIGRATIONS.length

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
const newPath = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
  folders.push(folder)
  return join(folder, 'leadlight.db')
}

/** A database as the version with so many steps left it, with something in it. */
const writtenBy = (version: number): string => {
  const path = newPath()
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  for (const sql of MIGRATIONS.slice(0, version)) db.exec(sql)
  db.pragma(`user_version = ${version}`)
  if (version > 0) db.exec(`INSERT INTO site (name, key, settings, created_at) VALUES ('mine', 'k', '{}', 1)`)
  db.close()
  return path
}

const schemaOf = (path: string): readonly unknown[] => {
  const db = new Database(path, { readonly: true })
  const rows = db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all()
  db.close()
  return rows
}
const fresh = (() => {
  const path = newPath()
  openWriter(path).close()
  return schemaOf(path)
})()

const expectToday = (path: string, version: number): void => {
  const { db, close } = openWriter(path)
  expect(db.pragma('user_version', { simple: true })).toBe(NOW)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(db.prepare('SELECT name FROM site').pluck().all()).toEqual(version > 0 ? ['mine'] : [])
  close()
  expect(schemaOf(path)).toEqual(fresh)
}

/** Dies at the nth point; undefined where there was none, so that it came through. */
const dieAt = (path: string, point: number): 'died' | 'came through' => {
  const preload = join(import.meta.dirname, 'dies.mjs')
  const args = ['--import', preload, join(import.meta.dirname, 'opens.mjs'), path]
  const { signal, stdout } = spawnSync(process.execPath, args, { env: { ...process.env, DIES_AT: String(point) } })
  if (signal === 'SIGKILL') return 'died'
  expect(String(stdout)).toContain('opened')
  return 'came through'
}

const versions = Array.from({ length: NOW }, (_, version) => version)

describe.each(versions)('from schema %d', { timeout: 120_000 }, (version) => {
  it("it becomes today's, and what was is kept beside where there was anything", () => {
    const path = writtenBy(version)
    const was = schemaOf(path)
    expectToday(path, version)
    expect(existsSync(`${path}.schema-${version}`)).toBe(version > 0 && version < NOW)
    if (version > 0) expect(schemaOf(`${path}.schema-${version}`)).toEqual(was)
  })

  it('it does so after dying at each point on the way', () => {
    let deaths = 0
    for (let point = 1; ; point += 1) {
      const path = writtenBy(version)
      if (dieAt(path, point) === 'came through') break
      deaths += 1
      expectToday(path, version)
      if (version > 0) {
        const copy = new Database(`${path}.schema-${version}`, { readonly: true })
        expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
        expect(copy.pragma('user_version', { simple: true })).toBe(version)
        expect(copy.prepare('SELECT name FROM site').pluck().all()).toEqual(['mine'])
        copy.close()
      }
      expect(readdirSync(join(path, '..')).filter((name) => name.includes('partial'))).toEqual([])
    }
    // Before and after the statements of each step and its number, and around the copy.
    expect(deaths).toBe(4 * (NOW - version) + (version > 0 ? 2 : 0))
  })
})

it('a database of today is left as it is', () => {
  const path = writtenBy(NOW)
  expectToday(path, NOW)
  expect(existsSync(`${path}.schema-${NOW}`)).toBe(false)
})
