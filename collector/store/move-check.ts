/** Whether what was copied is what was there: rows of each table, and every visitor as both sides show them. */
import { isDeepStrictEqual } from 'node:util'
import type { Counts } from './move-insert.ts'
import type { Numbers, Source } from './move-source.ts'
import type { Queries, Sql } from './postgres.ts'
import { shardOf } from './postgres-shard.ts'
import { createTerms } from './sqlite-terms.ts'
import { stateIn } from './stored.ts'

/** Visitors compared at once, and differences that are told. */
const SLICE = 1000
const TOLD = 10

export interface TableCheck {
  readonly table: string
  readonly expected: number
  readonly found: number
}

/** `written`: rows that the copying has counted. */
export const checkTables = async (sql: Sql, written: Counts): Promise<readonly TableCheck[]> => {
  const checks: TableCheck[] = []
  for (const [table, expected] of Object.entries(written)) {
    const [row] = await sql<{ count: number }[]>`SELECT count(*) AS count FROM ${sql(table)}`
    checks.push({ table, expected, found: row!.count })
  }
  return checks
}

export interface Difference {
  /** Our id. */
  readonly visitor: string
  readonly what: readonly string[]
}

export interface VisitorCheck {
  readonly compared: number
  readonly differing: number
  /** The first of them. */
  readonly differences: readonly Difference[]
}

interface Shown {
  readonly state: Buffer | null
  readonly heat: number | null
  readonly stage: string | null
  readonly qualification: string | null
  readonly id: string
}

export const checkVisitors = async (
  { db }: Source,
  { tx, numbers }: { readonly tx: Queries; readonly numbers: Numbers },
  onProgress: (done: number) => void,
): Promise<VisitorCheck> => {
  const terms = createTerms(db)
  const version = await publishedIn(tx)
  const page = db.prepare('SELECT n, id, state, heat, stage, qualification FROM visitor WHERE n > ? ORDER BY n LIMIT ?')
  const pageAfter = (n: number) => page.all(n, SLICE) as (Shown & { readonly n: number })[]
  const differences: Difference[] = []
  let [compared, differing] = [0, 0]
  for (let rows = pageAfter(0); rows.length > 0; rows = pageAfter(rows.at(-1)!.n)) {
    const copies = await copiesOf(
      tx,
      rows.map(({ n }) => numbers.of(n)),
      version,
    )
    for (const row of rows) {
      const what = differenceOf(row, copies.get(numbers.of(row.n)), (state) => stateIn(state, terms))
      if (what.length === 0) continue
      differing += 1
      if (differences.length < TOLD) differences.push({ visitor: row.id, what })
    }
    compared += rows.length
    onProgress(compared)
  }
  return { compared, differing, differences }
}

const publishedIn = async (tx: Queries): Promise<number> => {
  const [row] = await tx<{ version: number }[]>`SELECT version FROM model WHERE state = 'published'`
  return row!.version
}

/** One by one: of a table about which little is known, a join may read all for every slice. */
const copiesOf = async (
  tx: Queries,
  numbers: readonly number[],
  version: number,
): Promise<ReadonlyMap<number, Shown>> => {
  const rows = await tx<(Shown & { readonly n: number })[]>`
    SELECT v.* FROM unnest(${numbers.map(shardOf)}::smallint[], ${[...numbers]}::bigint[]) AS k (shard, n)
    CROSS JOIN LATERAL (
      SELECT n, id, state, heat, stage, qualification FROM visitor
      WHERE shard = k.shard AND n = k.n AND version = ${version} OFFSET 0
    ) AS v`
  return new Map(rows.map((row) => [row.n, row]))
}

const differenceOf = (row: Shown, copy: Shown | undefined, read: (state: Buffer) => unknown): readonly string[] => {
  if (!copy) return ['the visitor itself']
  const what = (['id', 'heat', 'stage', 'qualification'] as const).filter((field) => row[field] !== copy[field])
  const isSame =
    row.state === null || copy.state === null
      ? row.state === copy.state
      : isDeepStrictEqual(stateIn(copy.state), read(row.state))
  return isSame ? what : [...what, 'state']
}
