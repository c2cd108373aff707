/** What a person leaves in a database, to be looked for in every table. */
import Database from 'better-sqlite3'
import type { Terms } from '../../collector/store/compact.ts'
import { connect } from '../../collector/store/postgres.ts'
import { createTerms } from '../../collector/store/sqlite-terms.ts'
import { eventsIn, stateIn } from '../../collector/store/stored.ts'
import { postgresRows } from '../contract/postgres-rows.ts'
import type { Collector } from './collector.ts'

export interface Secrets {
  readonly email: string
  readonly user: string
  /** One that occurs in addresses and searches. */
  readonly word: string
  readonly traits: Readonly<Record<string, string>>
  readonly all: readonly string[]
}

/** Names of somebody that occur nowhere else. */
export const secrets = (seed: string): Secrets => {
  const word = `canary-${seed}-word`
  const email = `canary-${seed}@mail-${seed}.example`
  const user = `canary-${seed}-user`
  const traits = { email, name: `Canary-${seed}-name`, phone: `+49-${seed}-canary` }
  return { email, user, word, traits, all: [word, user, ...Object.values(traits)] }
}

export interface StoredRow {
  readonly table: string
  readonly text: string
}

/** What stands in a row, in plain words; of the log, event by event. */
const textsOf = (table: string, row: readonly unknown[], terms: Terms): readonly string[] => {
  const body = row.at(-1)
  if (table === 'event' && Buffer.isBuffer(body)) return eventsIn(body, terms).map((event) => JSON.stringify(event))
  const plain = (value: unknown): string => {
    if (!Buffer.isBuffer(value)) return String(value)
    return table === 'visitor' ? JSON.stringify(stateIn(value, terms)) : value.toString('latin1')
  }
  return [row.map(plain).join(' ')]
}

/** Every row of every table, in plain words. */
export const everyRow = (path: string): readonly StoredRow[] => {
  const db = new Database(path, { readonly: true })
  try {
    const terms = createTerms(db)
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[]
    return tables.flatMap((table) =>
      (db.prepare(`SELECT * FROM "${table}"`).raw().all() as unknown[][]).flatMap((row) =>
        textsOf(table, row, terms).map((text) => ({ table, text })),
      ),
    )
  } finally {
    db.close()
  }
}

/** Of the database of a collector, whatever keeps it. */
export const rowsOf = async ({ database }: Pick<Collector, 'database'>): Promise<readonly StoredRow[]> => {
  if (database.startsWith('file:')) return everyRow(database.slice('file:'.length))
  const sql = connect({ url: database, connections: 1, name: 'traces' })
  try {
    return await postgresRows(sql)
  } finally {
    await sql.end()
  }
}

/** The rows that hold any of these words, in whatever case. */
export const telling = (rows: readonly StoredRow[], { all }: Pick<Secrets, 'all'>): readonly StoredRow[] =>
  rows.filter(({ text }) => all.some((word) => text.toLowerCase().includes(word.toLowerCase())))
