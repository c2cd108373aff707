/** Texts that many share, by number: a number stands for one text only, whatever was taken back. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openWriter } from '../../collector/store/sqlite.ts'
import { createKnownTerms, createTerms, createWrittenTerms } from '../../collector/store/sqlite-terms.ts'

const FIVE = [1, 2, 3, 4, 5]
let folder: string
let opened: ReturnType<typeof openWriter>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leadlight-terms-'))
  opened = openWriter(join(folder, 'test.db'))
})
afterEach(() => {
  opened.close()
  rmSync(folder, { recursive: true, force: true })
})

it('a text is numbered when a fifth visitor shows it, and never for one alone', () => {
  const terms = createWrittenTerms(opened.db)
  const shown = FIVE.map((n) => terms.for(n).numberOf('/pricing'))
  expect(shown).toEqual([undefined, undefined, undefined, undefined, 1])
  expect(FIVE.map(() => terms.for(1).numberOf('/my own page'))).toEqual(FIVE.map(() => undefined))
})

it('what was numbered and read in a transaction that failed is forgotten', () => {
  const written = createWrittenTerms(opened.db)
  const read = createTerms(opened.db)
  const number = (text: string): number => FIVE.map((n) => written.for(n).numberOf(text)).at(-1)!
  opened.db.exec('BEGIN')
  expect(read.textOf(number('/pricing'))).toBe('/pricing')
  opened.db.exec('ROLLBACK')
  for (const terms of [written, read]) terms.forget()
  expect(read.textOf(number('/docs'))).toBe('/docs')
})

it('what is written beside the log takes the numbers there are, but not of who was erased since', () => {
  const written = createWrittenTerms(opened.db)
  for (const text of ['/pricing', 'somebody']) for (const n of FIVE) written.for(n).numberOf(text)
  const known = createKnownTerms(opened.db)
  opened.db.prepare(`UPDATE term SET text = 'gone 2' WHERE n = 2`).run()
  expect(['/pricing', 'somebody', '/docs'].map(known.numberOf)).toEqual([1, undefined, undefined])
})
