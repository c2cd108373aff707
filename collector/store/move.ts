/**
 * Moves all that a SQLite file holds to PostgreSQL, once. What it copies and how far it came are written together, slice by
 * slice, so whoever breaks it off can begin it again; at the end both sides are compared. The file stays as it is.
 */
import { StoreError } from './failure.ts'
import { checkTables, checkVisitors, type TableCheck, type VisitorCheck } from './move-check.ts'
import { readTypes, run, type Statement, statementsOf, sumOf, type Types } from './move-insert.ts'
import { type Part, partsOf } from './move-parts.ts'
import {
  after,
  beginProgress,
  isUnderWay,
  keepProgress,
  readProgress,
  type Standing,
  type Step,
} from './move-progress.ts'
import { type Numbers, openSource, type Row, readErased, readNumbers, type Source, type Value } from './move-source.ts'
import { createMonthTables, dropEmptyMonths, planByKeys, refuseFilled, setSequences } from './move-target.ts'
import { connect, cureFor, isOutage, migrate, type Sql } from './postgres.ts'
import { createVisitorPartition } from './postgres-partitions.ts'
import { putMarkKey, type Sealing } from './postgres-tombstone-key.ts'

export interface Progress {
  /** The table that is copied; none while visitors are compared. */
  readonly table: string | undefined
  readonly done: number
  readonly total: number
}

export interface MoveOptions {
  /** Path of the SQLite file, whose collector is stopped. */
  readonly file: string
  readonly url: string
  readonly seal: Sealing
  readonly now: number
  readonly onProgress: (progress: Progress) => void
  /** Rows that are copied at once; as many as is good for each table, if left out. */
  readonly slice?: number
  /** Called within the transaction of each slice, when all of it is written: whatever it throws undoes the slice. */
  readonly onSlice?: (table: string, step: number) => void
}

export interface Moved {
  readonly tables: readonly TableCheck[]
  readonly visitors: VisitorCheck
}

/** Rejects with `StoreError`, which names the cure. Where the check found differences, collectors go on refusing the database. */
export const move = async (options: MoveOptions): Promise<Moved> => {
  const source = openSource(options.file)
  const sql = connect({ url: options.url, connections: 2, name: 'leadlight move' })
  try {
    refuseUnfit(source, options.seal)
    const numbers = await begin(sql, source, options)
    return await work({ ...options, sql, source, numbers })
  } catch (error) {
    throw toldOf(error)
  } finally {
    await sql.end()
    source.close()
  }
}

/** What the user can cure is told with the cure. */
const toldOf = (error: unknown): unknown => {
  if (isOutage(error)) return new StoreError(interrupted(error))
  // A name or a password that is not known, a database that is not there, a right that is missing.
  const { code = '' } = error as { code?: string }
  return /^(28|3D|42501)/.test(code) ? new StoreError(cureFor(error)) : error
}

const interrupted = (error: unknown): string =>
  `PostgreSQL cannot be used (${error instanceof Error ? error.message : error}). Run the same command again when it can: ` +
  'it goes on where it ended.'

/** What would be lost without a word is refused before anything is copied. */
const refuseUnfit = ({ db, path, version }: Source, seal: Sealing): void => {
  if (version === 0) throw new StoreError(`${path} holds no model: no collector was ever started on it.`)
  const sealed = db.prepare('SELECT sealed FROM webhook').pluck().all() as string[]
  const shut = sealed.filter((each) => seal.open(each) === undefined).length
  if (shut > 0) throw new StoreError(otherSecret(path, shut))
  const { key, marks } = readErased(path)
  const applied = new Set(db.prepare('SELECT mark FROM tombstone').pluck().all() as string[])
  if (applied.size > 0 && !key) throw new StoreError(noErasedFile(path))
  if ([...marks].some((mark) => !applied.has(mark))) throw new StoreError(notApplied(path))
}

const otherSecret = (path: string, shut: number): string =>
  `The secret in use cannot open what is sealed of ${shut} webhooks in ${path}. Set LEADLIGHT_SECRET to that of its ` +
  'collector: what it was set to, or else what the file secret-key beside the database holds.'

const noErasedFile = (path: string): string =>
  `${path}.erased is missing, without which people who were erased are not recognised. Put it back from a backup of the ` +
  'data folder.'

const notApplied = (path: string): string =>
  `${path} was restored from a backup, and holds people who were erased since. Start its collector once, which erases ` +
  'them again, and stop it.'

/** Answers where everyone will be. */
const begin = async (sql: Sql, source: Source, { seal, now }: MoveOptions): Promise<Numbers> => {
  if (!(await isUnderWay(sql, source.print))) {
    await refuseFilled(sql)
    await migrate(sql)
    const { key } = readErased(source.path)
    await sql.begin(async (tx) => {
      await createVisitorPartition(tx, source.version)
      await createMonthTables(tx, now)
      if (key) await putMarkKey(tx, seal, key)
      await beginProgress(
        tx,
        source.print,
        partsOf(source, NOBODY).map(({ table }) => table),
      )
    })
  }
  return readNumbers(source)
}

const NOBODY: Numbers = { of: () => 0, siteOf: () => 0 }

interface Moving extends MoveOptions {
  readonly sql: Sql
  readonly source: Source
  readonly numbers: Numbers
}

const work = async (moving: Moving): Promise<Moved> => {
  const { sql, source, numbers, onProgress } = moving
  const types = await readTypes(sql)
  const progress = await readProgress(sql)
  const standings: Standing[] = []
  for (const part of partsOf(source, numbers))
    standings.push(await copyPart({ ...moving, part, types }, progress.get(part.table)!))
  await sql.begin(async (tx) => {
    await setSequences(tx, source)
    await dropEmptyMonths(tx, moving.now)
  })
  await sql.unsafe('ANALYZE')
  const total = countOf(source, 'visitor')
  const tables = await checkTables(sql, sumOf(standings.map(({ written }) => written)))
  const visitors = await sql.begin(async (tx) => {
    await planByKeys(tx)
    return checkVisitors(source, { tx, numbers }, (done) => onProgress({ table: undefined, done, total }))
  })
  const isSame = visitors.differing === 0 && tables.every(({ expected, found }) => expected === found)
  // From now on a collector may start. Until here a commit need not have reached the disk: with this one, all have.
  if (isSame) await sql`DROP TABLE move_progress`
  return { tables, visitors }
}

const countOf = ({ db }: Source, table: string): number =>
  db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number

interface Copying extends Moving {
  readonly part: Part
  readonly types: Types
}

interface Slice {
  readonly statements: readonly Statement[]
  readonly place: readonly Value[] | undefined
  readonly isDone: boolean
  readonly read: number
}

/** Reads the next slice while the server is at work on the one before. */
const copyPart = async (copying: Copying, begun: Step): Promise<Standing> => {
  const { part, source, onProgress } = copying
  const total = countOf(source, part.table)
  let current = begun
  let slice = current.standing.isDone ? undefined : readSlice(copying, current.standing.place)
  while (slice) {
    const writing = write(copying, slice, current)
    // Its failure is heard when it is awaited; reading may fail before.
    writing.catch(() => undefined)
    slice = slice.isDone ? undefined : readSlice(copying, slice.place)
    current = await writing
    onProgress({ table: part.table, done: current.standing.read, total })
  }
  return current.standing
}

const readSlice = ({ part, source, types, slice = part.slice }: Copying, place: Slice['place']): Slice => {
  const key = part.key.join(', ')
  const places = part.key.map(() => '?').join(', ')
  const rows = source.db
    .prepare(
      `SELECT * FROM ${part.table} ${place ? `WHERE (${key}) > (${places})` : ''} ORDER BY ${key} LIMIT ${slice}`,
    )
    .all(...(place ?? [])) as Row[]
  const last = rows.at(-1)
  return {
    statements: statementsOf(part.fill(rows), types),
    place: last ? part.key.map((column) => last[column]!) : place,
    isDone: rows.length < slice,
    read: rows.length,
  }
}

const write = async ({ sql, part, onSlice }: Copying, slice: Slice, { step, standing }: Step): Promise<Step> => {
  const next = await sql.begin(async (tx) => {
    await tx`SET LOCAL synchronous_commit = off`
    await planByKeys(tx)
    const written = await run(tx, slice.statements)
    const { place, isDone, read } = slice
    const reached: Step = { step: step + 1, standing: after(standing, read, { place, isDone, written }) }
    await keepProgress(tx, part.table, reached)
    onSlice?.(part.table, reached.step)
    return reached
  })
  return next as Step
}
