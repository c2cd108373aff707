/** Which hashes of names this database has already applied: a restored one has not, and must forget those people again. */
import type { Db } from './sqlite.ts'
import { HEAD } from './sqlite-log-sql.ts'

export interface Tombstones {
  readonly marks: () => ReadonlySet<string>
  readonly add: (marks: readonly string[]) => void
  /** Whether something was erased since the file was last written anew. */
  readonly isUntidy: () => boolean
  /** Notes an erasure, at the next place in the order of all that happens; `none`: what it leaves need not be swept. */
  readonly note: (at: number, leaves?: 'traces' | 'none') => void
  /** When the last erasure was. */
  readonly lastAt: () => number | undefined
  readonly setTidy: () => void
  /** Every name there is, and every id of ours. */
  readonly everyName: () => IterableIterator<NamedRow>
}

export interface NamedRow {
  readonly id: string
  readonly site: string
  readonly kind: 'anonymous' | 'user' | 'email' | 'id'
  readonly value: string
}

export const createTombstones = (db: Db): Tombstones => {
  const marks = db.prepare('SELECT mark FROM tombstone').pluck()
  const add = db.prepare('INSERT OR IGNORE INTO tombstone (mark) VALUES (?)')
  const untidy = db.prepare('SELECT 1 FROM erasure WHERE tidy = 0').pluck()
  const lastAt = db.prepare('SELECT max(at) FROM erasure').pluck()
  const tidy = db.prepare('UPDATE erasure SET tidy = 1')
  const note = db.prepare(`INSERT INTO erasure (seq, at, tidy) VALUES ((${HEAD}) + 1, ?,
    iif(EXISTS (SELECT 1 FROM erasure WHERE tidy = 0), 0, ?))`)
  const thin = db.prepare('DELETE FROM erasure WHERE seq < (SELECT max(seq) FROM erasure)')
  const everyName = db.prepare(
    `SELECT v.id, s.name AS site, name.kind, name.value FROM name
       JOIN visitor v ON v.n = name.visitor JOIN site s ON s.n = name.site
     UNION ALL SELECT v.id, s.name, 'id', v.id FROM visitor v JOIN site s ON s.n = v.site`,
  )
  return {
    marks: () => new Set(marks.all() as string[]),
    add: (more) => {
      for (const mark of more) add.run(mark)
    },
    isUntidy: () => untidy.get() !== undefined,
    note: (at, leaves = 'traces') => {
      note.run(at, leaves === 'traces' ? 0 : 1)
      thin.run()
    },
    lastAt: () => (lastAt.get() as number | null) ?? undefined,
    setTidy: () => void tidy.run(),
    everyName: () => everyName.iterate() as IterableIterator<NamedRow>,
  }
}
