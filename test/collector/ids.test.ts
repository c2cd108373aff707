/** An id is known from the moment it was kept, wherever it has gone since; and a new one is never taken for known. */
import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createFilter } from '../../collector/store/filter.ts'
import { openWriter } from '../../collector/store/sqlite.ts'
import { createIds, type Ids } from '../../collector/store/sqlite-ids.ts'

const terms = { numberOf: () => undefined, textOf: () => '' }
let folder: string
let opened: ReturnType<typeof openWriter>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
  opened = openWriter(join(folder, 'ids.db'))
})
afterEach(() => {
  opened.close()
  rmSync(folder, { recursive: true, force: true })
})

const open = (run = 10): Ids => createIds(opened.db, { terms, run })
const count = (table: string): number => opened.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number

/** Each in a transaction of its own, as the log does it. */
const keep = (ids: Ids, from: number, to: number): void => {
  for (let n = from; n < to; n += 1)
    opened.db.transaction(() => {
      ids.seal(n)
      ids.add(1, `id ${n}`)
      ids.settle()
    })()
}
const known = (ids: Ids, from: number, to: number): number =>
  Array.from({ length: to - from }, (_, n) => ids.has(1, `id ${from + n}`)).filter(Boolean).length

it('in memory, in a run, and in a run of runs', () => {
  const ids = open()
  keep(ids, 0, 2000)
  expect(count('id_run')).toBeLessThan(2000 / 10 / 2)
  expect(opened.db.prepare('SELECT count(*) FROM id_run WHERE level = 1').pluck().get()).toBeGreaterThan(1)
  expect(known(ids, 0, 2000)).toBe(2000)
  expect(known(ids, 2000, 5000)).toBe(0)
  expect(ids.has(2, 'id 3')).toBe(false)
})

it('after the program was started again, but for those that only memory held: these the log tells', () => {
  keep(open(), 0, 305)
  expect(known(open(), 0, 300)).toBe(300)
  expect(known(open(), 300, 305)).toBe(0)
})

it('not after its transaction was rolled back', () => {
  const ids = open()
  keep(ids, 0, 10)
  const failing = opened.db.transaction(() => {
    ids.seal(10)
    ids.add(1, 'id 10')
    expect(known(ids, 0, 11)).toBe(11)
    throw new Error('no')
  })
  expect(failing).toThrow('no')
  ids.undo()
  expect(count('id_run')).toBe(0)
  expect(known(ids, 0, 11)).toBe(10)
  keep(ids, 10, 12)
  expect(count('id_run')).toBe(1)
  expect(known(ids, 0, 12)).toBe(12)
})

it('the filter forgets nothing while it grows, and is seldom wrong', () => {
  const filter = createFilter()
  const key = (n: number): string => hash('sha256', String(n), 'binary').slice(0, 8)
  for (let n = 0; n < 200_000; n += 1) filter.add(key(n))
  let [lost, wrong] = [0, 0]
  for (let n = 0; n < 200_000; n += 1) if (!filter.mayHold(key(n))) lost += 1
  for (let n = 200_000; n < 300_000; n += 1) if (filter.mayHold(key(n))) wrong += 1
  expect(lost).toBe(0)
  expect(wrong / 100_000).toBeLessThan(0.01)
})
