/** One sync for all that was committed before it began; and what becomes of all writing where the disk refuses one. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkpointElsewhere, type Db, isOutage, openWriter } from '../../collector/store/sqlite.ts'
import { openSyncs, type Syncs } from '../../collector/store/sqlite-sync.ts'

describe('syncs beside the thread that commits', () => {
  let folder: string
  let path: string
  let db: Db
  let syncs: Syncs
  let closeWriter: () => void
  /** How each sync that is under way ends. */
  let under: { readonly done: () => void; readonly fail: (error: Error) => void }[]
  let begun: number

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
    path = join(folder, 'a.db')
    ;({ db, close: closeWriter } = openWriter(path))
    checkpointElsewhere(db)
    db.exec('CREATE TABLE kept (n INTEGER)')
    under = []
    begun = 0
    syncs = openSyncs(db, path, (): Promise<void> => {
      begun += 1
      return new Promise((done, fail) => under.push({ done, fail }))
    })
  })
  afterEach(async () => {
    for (const { done } of under) done()
    await syncs.close()
    closeWriter()
    rmSync(folder, { recursive: true, force: true })
  })

  const write = (n: number): unknown => syncs.later(() => db.prepare('INSERT INTO kept VALUES (?)').run(n))
  const refusal = () => Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO', syscall: 'fdatasync' })
  const logSize = (): number => statSync(`${path}-wal`).size
  /** What the file itself holds, as if its log were lost. */
  const inFile = (): readonly unknown[] => {
    const copy = join(folder, 'copy.db')
    writeFileSync(copy, readFileSync(path))
    const reader = new Database(copy)
    try {
      return reader.prepare('SELECT n FROM kept ORDER BY n').pluck().all()
    } finally {
      reader.close()
    }
  }
  const failOnce = async (): Promise<void> => {
    const kept = syncs.kept()
    await nextTurn()
    under.pop()!.fail(refusal())
    await expect(kept).rejects.toSatisfy(isOutage)
  }

  it('share one that has not begun, and never count on one that has', async () => {
    write(1)
    const first = syncs.kept()
    await nextTurn()
    write(2)
    const [second, third] = [syncs.kept(), syncs.kept()]
    let isSecond = false
    void second.then(() => {
      isSecond = true
    })
    await nextTurn()
    expect(begun).toBe(1)
    under[0]!.done()
    await first
    await nextTurn()
    expect([begun, isSecond]).toEqual([2, false])
    under[1]!.done()
    await Promise.all([second, third])
    expect(begun).toBe(2)
  })

  it('leave every other commit to sync by itself', () => {
    const level = () => db.pragma('synchronous', { simple: true })
    expect([syncs.later(level), level()]).toEqual([1, 2])
    expect(() => syncs.later(() => db.exec('not a statement'))).toThrow()
    expect(level()).toBe(2)
  })

  it('let nothing be written after one has failed, until all is in the file', async () => {
    write(1)
    await failOnce()
    expect(() => db.exec('INSERT INTO kept VALUES (9)')).toThrow(/readonly/)
    const reader = new Database(path, { readonly: true })
    const reading = reader.prepare('SELECT n FROM kept').iterate()
    reading.next()
    db.pragma('busy_timeout = 0')
    expect(() => write(2)).toThrow(/being read|busy|locked/)
    expect(() => db.exec('INSERT INTO kept VALUES (9)')).toThrow(/readonly/)
    reading.return?.()
    reader.close()
    write(2)
    expect(inFile()).toEqual([1])
    const kept = syncs.kept()
    await nextTurn()
    under.pop()!.done()
    await kept
    expect(db.prepare('SELECT n FROM kept').pluck().all()).toEqual([1, 2])
  })

  it('try again by themselves where nobody writes', async () => {
    write(1)
    await failOnce()
    for (let tries = 0; logSize() > 0 && tries < 100; tries += 1) await new Promise((done) => setTimeout(done, 50))
    expect(inFile()).toEqual([1])
    db.exec('INSERT INTO kept VALUES (2)')
  })

  it('never move into the file what is not as it was written', async () => {
    write(1)
    await failOnce()
    const log = readFileSync(`${path}-wal`)
    log[log.length - 50]! ^= 1
    writeFileSync(`${path}-wal`, log, { flag: 'r+' })
    expect(() => write(2)).toThrow(/not what was written/)
    await expect(syncs.kept()).rejects.toSatisfy(isOutage)
    expect(inFile).toThrow(/no such table|no such column|malformed/)
  })
})
