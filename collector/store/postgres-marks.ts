/**
 * The hashes of the erased that every collector knows, on PostgreSQL: the table tells all of them, and a file beside each
 * collector outlives a database that is restored from before.
 */
import type { ErasedFile } from './erased-file.ts'
import type { Queries, Sql } from './postgres.ts'
import type { Refusals } from './postgres-group.ts'

/** Held while marks are added: their numbers are committed in their order, or who reads up to one would miss another. */
const MARKING = 5_065_486

export interface Marks extends Refusals {
  readonly marks: () => ReadonlySet<string>
  readonly markOf: ErasedFile['markOf']
  /** Those in the file that the table has not: the database was restored from before they were erased. */
  readonly missing: () => readonly string[]
  /** Adds them to the file: on disk when it returns. */
  readonly keep: (marks: readonly string[]) => void
  /** Adds them to the table, within the caller's transaction. */
  readonly add: (tx: Queries, marks: readonly string[]) => Promise<void>
  /** Tells whether the marks in the table were made under this key. */
  readonly ownMark: string
}

/** `refresh` is to be called once before it is asked anything. */
export const createPostgresMarks = (sql: Sql, file: ErasedFile): Marks => {
  const ownMark = file.markOf({ site: '', kind: 'id', value: '' })
  const marks = new Set<string>()
  let known = 0

  return {
    marks: () => marks,
    markOf: file.markOf,
    ownMark,
    known: () => known,
    refresh: async () => {
      const rows = await sql<{ mark: string; n: number }[]>`SELECT mark, n FROM tombstone WHERE n > ${known} ORDER BY n`
      for (const { mark, n } of rows) {
        marks.add(mark)
        known = Math.max(known, n)
      }
      file.add(rows.map(({ mark }) => mark).filter((mark) => mark !== ownMark))
    },
    missing: () => [...file.marks()].filter((mark) => !marks.has(mark)),
    keep: (some) => file.add(some),
    add: async (tx, some) => {
      await tx`SELECT pg_advisory_xact_lock(${MARKING})`
      await tx`
        INSERT INTO tombstone (mark) SELECT mark FROM unnest(${[...new Set(some)]}::text[]) AS mark
        ON CONFLICT (mark) DO NOTHING`
    },
  }
}
