/** The write-ahead log stays small while somebody writes without end, and comes back from what a long reader does to it. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkpointElsewhere, openReader, openWriter } from '../../collector/store/sqlite.ts'
import { openCheckpoints } from '../../collector/store/sqlite-checkpoints.ts'

const PAGE = 4096
const LIMITS = { many: 200, tooMany: 800 }
let folder: string
let path: string
let opened: ReturnType<typeof openWriter>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
  path = join(folder, 'test.db')
  opened = openWriter(path)
  checkpointElsewhere(opened.db)
})
afterEach(() => {
  opened.close()
  rmSync(folder, { recursive: true, force: true })
})

const pages = (): number => statSync(`${path}-wal`).size / (PAGE + 24)
/** Commits of about twenty pages each. */
const write = (commits: number, between: () => void = () => {}): void => {
  const insert = opened.db.prepare('INSERT INTO term (text) VALUES (?)')
  for (let n = 0; n < commits; n += 1) {
    opened.db.transaction(() => insert.run('x'.repeat(20 * PAGE))).immediate()
    between()
  }
}

it('grows without end where nobody moves its pages', () => {
  write(100)
  expect(pages()).toBeGreaterThan(2000)
})

it('begins anew again and again beside a writer that never stops', () => {
  const checkpoints = openCheckpoints(path, LIMITS)
  write(100, checkpoints.run)
  checkpoints.close()
  expect(pages()).toBeLessThan(2 * LIMITS.many)
})

it('waits for a long reader while the writer goes on, and is cut when that reader has gone', () => {
  const checkpoints = openCheckpoints(path, LIMITS)
  const reader = openReader(path)
  write(1)
  reader.exec('BEGIN')
  const count = reader.prepare('SELECT count(*) FROM term').pluck()
  const seen = count.get()
  write(60)
  expect(checkpoints.run()).toBeGreaterThan(LIMITS.tooMany)
  write(1)
  expect(count.get()).toBe(seen)
  reader.exec('COMMIT')
  reader.close()
  for (let looks = 0; looks < 20; looks += 1) checkpoints.run()
  checkpoints.close()
  expect(pages()).toBe(0)
  expect(opened.db.prepare('SELECT count(*) FROM term').pluck().get()).toBe(62)
})
