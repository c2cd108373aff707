/** A file that is not as it was left: it is refused with a hint, or what is read from it is right. */
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StoreError } from '../../collector/store/failure.ts'
import { openWriter, soundness } from '../../collector/store/sqlite.ts'
import { backUp } from '../../collector/store/sqlite-backup.ts'
import { startProgram } from '../e2e/program.ts'
import { expectSoundIn, idsIn } from './kept.ts'
import { startLoad } from './load.ts'

const ROUNDS = process.env.GATES === 'full' ? 200 : 20
const PAGE = 4096

const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
const left = join(folder, 'leadlight.db')
let all: ReadonlySet<string>
let acked: ReadonlySet<string>

/** What a program left that was killed at its work: a file, and a log that was not yet put into it. */
beforeAll(async () => {
  const program = await startProgram({ folder })
  type Sites = { items: { name: string; key: string }[] }
  const { key } = (await program.get<Sites>('/api/sites')).items.find(({ name }) => name === 'demo')!
  const load = startLoad({ url: program.url, key, name: 'damage' })
  while (load.told.acked.size < 1500) await new Promise((resolve) => setTimeout(resolve, 20))
  await program.kill('SIGKILL')
  await load.stop()
  acked = load.told.acked
  all = new Set([...acked, ...load.told.unknown])
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let copies = 0
const copy = (...others: readonly string[]): string => {
  copies += 1
  const path = join(folder, `copy-${copies}.db`)
  for (const end of ['', '-wal', ...others]) copyFileSync(left + end, path + end)
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

describe('a log beside which the killed program’s index still lies', () => {
  const LOST = /-wal is damaged: events that were acknowledged are missing/

  const expectAllIn = (path: string): void => {
    const ids = new Set(idsIn(path))
    expect([...acked].filter((id) => !ids.has(id))).toEqual([])
  }
  /** Whether it was refused, at the first start and at the next; else nothing is missing. */
  const isRefused = (path: string): boolean => {
    const refused = refusal(path)
    if (refused === undefined) expectAllIn(path)
    else for (const sentence of [refused, refusal(path)]) expect(sentence).toMatch(LOST)
    return refused !== undefined
  }

  it('is read to its end where it is whole', () => {
    const path = copy('-shm')
    expect(refusal(path)).toBeUndefined()
    expectAllIn(path)
  })

  it(`is refused wherever it was cut, ${ROUNDS} places, or nothing that was acknowledged was behind the cut`, () => {
    const { size } = statSync(`${left}-wal`)
    const refused = spread(ROUNDS, size).filter((length) => {
      const path = copy('-shm')
      truncateSync(`${path}-wal`, length)
      return isRefused(path)
    })
    expect(refused.length).toBeGreaterThan(0.8 * ROUNDS)
  })

  it('is refused where it is gone', () => {
    const path = copy('-shm')
    rmSync(`${path}-wal`)
    expect(refusal(path)).toMatch(LOST)
  })

  it(`is refused where one bit is another, ${ROUNDS} places, or that bit was not needed`, () => {
    const refused = spread(ROUNDS, statSync(`${left}-wal`).size).filter((place) => {
      const path = copy('-shm')
      const bytes = readFileSync(`${path}-wal`)
      bytes[place]! ^= 1
      writeFileSync(`${path}-wal`, bytes)
      return isRefused(path)
    })
    expect(refused.length).toBeGreaterThan(0.8 * ROUNDS)
  })

  it('is told of by who only reads, who does not hide it from the next start', async () => {
    const path = copy('-shm')
    truncateSync(`${path}-wal`, statSync(`${left}-wal`).size / 2)
    expect(soundness(path)).toMatch(LOST)
    await expect(backUp({ from: path, to: `${path}.backup` })).rejects.toThrow(LOST)
    expect(refusal(path)).toMatch(LOST)
  })

  it('is read up to the cut where the machine was started anew since: what is missing was perhaps never synced', () => {
    const path = copy('-shm')
    truncateSync(`${path}-wal`, statSync(`${left}-wal`).size / 2)
    utimesSync(`${path}-shm`, 1, 1)
    expect(refusal(path)).toBeUndefined()
  })

  it('is read up to the cut by who removes the index, as the sentence says', () => {
    const path = copy('-shm')
    truncateSync(`${path}-wal`, statSync(`${left}-wal`).size / 2)
    expect(refusal(path)).toMatch(/To go on without them, remove .*-shm/)
    rmSync(`${path}-shm`)
    expect(refusal(path)).toBeUndefined()
  })
})

describe('a log that is cut off, and of which nothing else tells,', () => {
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
