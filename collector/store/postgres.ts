/** Opens a PostgreSQL database: any number of collectors may. The driver is loaded only where the address asks for it. */
import postgres from 'postgres'
import { StoreError } from './failure.ts'
import { bytes, numbers, texts } from './postgres-array.ts'
import { STEPS } from './postgres-schema.ts'
import { createSessions, type Ending } from './postgres-session.ts'

export type Sql = postgres.Sql<{ int8: number }> & {
  /**
   * Begins a transaction without waiting for the answer to that. What the work sends before it has had an answer itself may
   * be done outside of a transaction, should that not begin.
   */
  readonly beginAhead: <Result>(work: (tx: Transaction) => Promise<Ending<Result>>) => Promise<Result>
}
export type Transaction = postgres.TransactionSql<{ int8: number }>
/** Either: what takes this may be part of a transaction. */
export type Queries = postgres.ISql<{ int8: number }>

/** Held while the schema is changed: one at a time, and the others wait for it. */
const MIGRATING = 5_065_483

export interface Opening {
  readonly url: string
  /** Connections at most. */
  readonly connections: number
  /** What the server calls them. */
  readonly name: string
  /** Not made anew from time to time. */
  readonly lasts?: boolean
  /** Hears of every statement before it is sent. */
  readonly hear?: (statement: string) => void
}

const withoutNul = (text: unknown): string => `${text}`.replaceAll('\0', '\ufffd')

/** A list goes as a text that PostgreSQL reads; none comes back. `of`: the number of its type. */
const list = <Item>(of: number, serialize: (items: readonly Item[]) => string) => ({
  to: of,
  from: [],
  parse: String,
  // Some have written the text themselves.
  serialize: (items: readonly Item[] | string) => (typeof items === 'string' ? items : serialize(items)),
})

/** What the driver makes of values: lists too, or it would ask for them on every new connection, before anything else. */
export const TYPES = {
  int2s: list(1005, numbers),
  int4s: list(1007, numbers),
  int8s: list(1016, numbers),
  float8s: list(1022, numbers),
  texts: list(1009, texts),
  byteas: list(1001, bytes),
  // Times and places fit a number: 2 ** 53 is enough for both.
  int8: { to: 20, from: [20], parse: Number, serialize: String },
  // The one character that no text may hold here: whoever asks for it finds nothing, rather than fails.
  string: { to: 25, from: [25, 1043], parse: (text: string) => text, serialize: withoutNul },
}

/** How long a connection may take, in s. */
const PATIENCE = 10

/** Connections are made when they are needed, and again after they were lost. */
export const connect = ({ url, connections, name, lasts = false, hear }: Opening): Sql => {
  const open = (options: postgres.Options<Record<string, postgres.PostgresType>>): Sql =>
    postgres(url, {
      connection: { application_name: name },
      types: TYPES,
      fetch_types: false,
      onnotice: () => undefined,
      connect_timeout: PATIENCE,
      ...(lasts && { max_lifetime: null }),
      ...(hear && { debug: (_: number, statement: string) => hear(statement) }),
      ...options,
    }) as unknown as Sql
  const sql = open({ max: connections })
  const { end } = sql
  const sessions = createSessions({ open, most: connections, patience: PATIENCE * 1000 })
  const beginWith = (options: string, work: Work): Promise<unknown> =>
    sessions.begin({ options }, async (tx) => ({ result: await work(tx), sent: [] }))
  const begin = (...[first, second]: readonly unknown[]): Promise<unknown> =>
    typeof first === 'string' ? beginWith(first, second as Work) : beginWith('', first as Work)
  const beginAhead: Sql['beginAhead'] = (work) => sessions.begin({ options: '', isAhead: true }, work)
  // The driver waits for ever for a connection that was cut at a bad moment.
  const endAll: Sql['end'] = async (given) => {
    await Promise.all([end({ timeout: PATIENCE, ...given }), sessions.end()])
  }
  return Object.assign(sql, { begin, beginAhead, end: endAll })
}

type Work = (tx: Transaction) => Promise<unknown>

/** Brings the schema up to date. Throws `StoreError` with the cure. */
export const migrate = async (sql: Sql, steps: readonly string[] = STEPS): Promise<void> => {
  try {
    await sql.begin(async (tx) => {
      await tx`SELECT pg_advisory_xact_lock(${MIGRATING})`
      const [moving] = await tx`SELECT 1 WHERE to_regclass('move_progress') IS NOT NULL`
      if (moving) throw new StoreError(UNFINISHED)
      await tx`CREATE TABLE IF NOT EXISTS schema_step (step integer PRIMARY KEY)`
      const [{ last } = { last: 0 }] = await tx<
        { last: number }[]
      >`SELECT coalesce(max(step), 0) AS last FROM schema_step`
      if (last > steps.length)
        throw new StoreError(`The database was written by a newer Leadlight (schema ${last}). Start that version.`)
      for (const [at, step] of steps.entries()) {
        if (at < last) continue
        await tx.unsafe(step)
        await tx`INSERT INTO schema_step (step) VALUES (${at + 1})`
      }
    })
  } catch (error) {
    throw error instanceof StoreError ? error : new StoreError(cureFor(error))
  }
}

const UNFINISHED =
  'A move into this database is not finished. Run the same leadlight move again: it goes on where it ended, and then ' +
  'collectors can start.'

/** A sentence that says what to do. */
export const cureFor = (error: unknown): string => {
  const { code = '', message } = error as { code?: string; message: string }
  return `PostgreSQL cannot be used (${code || message}). Check that the server of DATABASE_URL runs and lets this user create tables.`
}

/** Whether the machine failed, not the work: sent again later, the same may well go through. */
export const isOutage = (error: unknown): boolean => {
  const { code = '' } = (error ?? {}) as { code?: string }
  // The driver's own words for a lost connection, the system's, and the server's: 08 connection, 25006 read only,
  // 40 given up for another, 53 resources, 55 locks, 57 stopped by an operator, 58 the system, XX itself.
  const isMachine = /^(CONNECT|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOST|ENET|08|25006|40|53|55|57|58|XX)/.test(code)
  // No fault of an event's: given up after many tries, it is to be sent again.
  return isMachine || isCollision(error)
}

/** Whether another transaction was in the way: the same may go through at once. */
export const isCollision = (error: unknown): boolean => {
  const { code = '', table_name: table } = (error ?? {}) as { code?: string; table_name?: string }
  // Another has just given somebody the same new name.
  return code === '40P01' || code === '40001' || (code === '23505' && table === 'name')
}

/** Tries at most, where others are in the way. */
const TRIES = 20

/** Does the work again while another transaction is in its way: whatever was done of it was undone. */
export const again = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  for (let tries = 1; ; tries += 1)
    try {
      return await work()
    } catch (error) {
      if (!isCollision(error) || tries === TRIES) throw error
    }
}
