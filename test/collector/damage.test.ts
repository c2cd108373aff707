/** A file that is not as it was left: it is refused with a hint, or what is read from it is right. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StoreError } from '../../collector/store/failure.ts'
import { openWriter } from '../../collector/store/sqlite.ts'
import { startProgram } from '../e2e/program.ts'
import { expectSoundIn, idsIn } from './kept.ts'
import { startLoad } from './load.ts'

const ROUNDS = process.env.GATES === 'full' ? 200 : 20
const PAGE = 4096

const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
const left = join(folder, 'leadlight.db')
let all: ReadonlySet<string>

/** What a program left that was killed at its work: a file, and a log that was not yet put into it. */
beforeAll(async () => {
  const program = await startProgram({ folder })
  type Sites = { items: { name: string; key: string }[] }
  const { key } = (await program.get<Sites>('/api/sites')).items.find(({ name }) => name === 'demo')!
  const load = startLoad({ url: program.url, key, name: 'damage' })
  while (load.told.acked.size < 1500) await new Promise((resolve) => setTimeout(resolve, 20))
  await program.kill('SIGKILL')
  await load.stop()
  all = new Set([...load.told.acked, ...load.told.unknown])
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let copies = 0
const copy = (): string => {
  copies += 1
  const path = join(folder, `copy-${copies}.db`)
  for (const end of ['', '-wal']) copyFileSync(left + end, path + end)
  return path
}

/** The sentence it is refused with; undefined when it is opened. */
const refusal = (path: string): string | undefined => {
  try {
    openWriter(path).close()
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError)
    return (error as Error).message
  }
}
const HINT = /is damaged: restore a backup/

/** Numbers below `most`, spread over all of it, the same each time. */
const spread = (count: number, most: number): readonly number[] =>
  Array.from({ length: count }, (_, n) => Math.floor(((n + 0.5) * most) / count))

describe('a log that is cut off', () => {
  it(`at ${ROUNDS} places, is read up to there: an earlier state, whole and right`, async () => {
    const counts: number[] = []
    for (const length of spread(ROUNDS, statSync(`${left}-wal`).size)) {
      const path = copy()
      truncateSync(`${path}-wal`, length)
      const refused = refusal(path)
      if (refused) {
        expect(refused).toMatch(HINT)
        continue
      }
      const ids = idsIn(path)
      expect(ids.filter((id) => !all.has(id))).toEqual([])
      await expectSoundIn(path)
      counts.push(ids.length)
    }
    expect(counts.toSorted((a, b) => a - b)).toEqual(counts)
    expect(new Set(counts).size).toBeGreaterThan(2)
  }, 300_000)
})

describe('a file of which a page', () => {
  const whole = (): string => {
    const path = copy()
    openWriter(path).close()
    return path
  }

  it.each([
    ['is rubbish', () => Buffer.from(Array.from({ length: PAGE }, (_, n) => (n * 89 + 7) % 251))],
    ['is empty', () => Buffer.alloc(PAGE)],
  ])(
    '%s is refused, whichever it is, or it was not needed',
    async (_, pageOf) => {
      let refusals = 0
      const pages = statSync(whole()).size / PAGE
      for (const page of spread(ROUNDS, pages)) {
        const path = whole()
        const bytes = readFileSync(path)
        pageOf().copy(bytes, page * PAGE)
        writeFileSync(path, bytes)
        const refused = refusal(path)
        if (refused) {
          refusals += 1
          expect(refused).toMatch(HINT)
        } else await expectSoundIn(path)
      }
      expect(refusals).toBeGreaterThan(ROUNDS / 2)
    },
    300_000,
  )

  it('is missing at the end is refused', () => {
    const path = whole()
    truncateSync(path, Math.floor(statSync(path).size / 2))
    expect(refusal(path)).toMatch(HINT)
  })
})
