/** How far a move came, in the database itself: written with what was copied, so that it goes on exactly there. */
import { StoreError } from './failure.ts'
import { type Counts, sumOf } from './move-insert.ts'
import type { Value } from './move-source.ts'
import type { Queries, Sql, Transaction } from './postgres.ts'

export interface Standing {
  /** The key of the last row that was copied; undefined for none. */
  readonly place: readonly Value[] | undefined
  readonly isDone: boolean
  /** Rows that were read. */
  readonly read: number
  readonly written: Counts
}

export const BEGINNING: Standing = { place: undefined, isDone: false, read: 0, written: {} }

export const after = (
  standing: Standing,
  read: number,
  rest: Pick<Standing, 'place' | 'isDone' | 'written'>,
): Standing => ({
  ...rest,
  read: standing.read + read,
  written: sumOf([standing.written, rest.written]),
})

/** Whether a move was begun here that is not finished. Throws `StoreError` where it is one of another file. */
export const isUnderWay = async (sql: Sql, print: string): Promise<boolean> => {
  const [table] = await sql`SELECT 1 WHERE to_regclass('move_progress') IS NOT NULL`
  if (!table) return false
  const [other] = await sql`SELECT 1 FROM move_progress WHERE print <> ${print} LIMIT 1`
  if (other) throw new StoreError(OTHER_FILE)
  return true
}

const OTHER_FILE =
  'A move into this database was begun from another file, or this one was written to since, or another version of ' +
  'Leadlight began it. Make the database anew, empty, and run the command again.'

/** Within the transaction that makes ready whatever else is needed. */
export const beginProgress = async (tx: Transaction, print: string, tables: readonly string[]): Promise<void> => {
  await tx`
    CREATE TABLE move_progress (
      part text PRIMARY KEY, print text NOT NULL, standing text NOT NULL, step integer NOT NULL DEFAULT 0
    )`
  await tx`
    INSERT INTO move_progress (part, print, standing)
    SELECT part, ${print}, ${JSON.stringify(BEGINNING)} FROM unnest(${[...tables]}::text[]) AS part`
}

export interface Step {
  readonly step: number
  readonly standing: Standing
}

export const readProgress = async (sql: Sql): Promise<ReadonlyMap<string, Step>> => {
  const rows = await sql<{ part: string; step: number; standing: string }[]>`
    SELECT part, step, standing FROM move_progress`
  return new Map(rows.map(({ part, step, standing }) => [part, { step, standing: JSON.parse(standing) as Standing }]))
}

/** Within the transaction that copies. Throws where another move has copied the same meanwhile. */
export const keepProgress = async (tx: Queries, part: string, { step, standing }: Step): Promise<void> => {
  const { count } = await tx`
    UPDATE move_progress SET step = ${step}, standing = ${JSON.stringify(standing)}
    WHERE part = ${part} AND step = ${step - 1}`
  if (count === 0) throw new StoreError('Another move into this database is at work. Let it finish, or end it.')
}
