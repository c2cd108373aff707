/**
 * Partitions on PostgreSQL: one of `visitor` for each version of the model, and of `event` for months. None is made or
 * dropped at the price of a queue: who cannot have the lock soon tries again later.
 */
import type { Queries, Sql, Transaction } from './postgres.ts'
import { monthOf } from './postgres-shard.ts'

/** For how long others may have to wait behind a lock that is not to be had, in ms. */
const PATIENCE = 300

const nameOf = (version: number): string => `visitor_${version}`

/** Beside what is read, by locks that neither reading nor writing waits for. */
export const createVisitorPartition = async (tx: Transaction, version: number): Promise<void> => {
  await tx.unsafe(`CREATE TABLE ${nameOf(version)} (LIKE visitor INCLUDING ALL)`)
  await tx.unsafe(`ALTER TABLE visitor ATTACH PARTITION ${nameOf(version)} FOR VALUES IN (${version})`)
}

/** With what was counted in them. Answers false where somebody still reads one: then nothing is dropped. */
export const dropVisitorPartitions = async (sql: Sql, versions: readonly number[]): Promise<boolean> => {
  for (const version of versions) {
    const isDropped = await soon(sql, async (tx) => {
      await tx.unsafe(`DROP TABLE ${nameOf(version)}`)
      await tx`DELETE FROM aggregate WHERE version = ${version}`
    })
    if (!isDropped) return false
  }
  return true
}

export const visitorPartitions = async (sql: Queries): Promise<readonly number[]> =>
  (await partitionsOf(sql, 'visitor')).map((name) => Number(name.slice('visitor_'.length)))

/** Makes partitions for the month of an instant and the next one, and drops those of months before that are empty. */
export const tendMonths = async (sql: Sql, at: number): Promise<void> => {
  const present = monthOf(at)
  const months = (await partitionsOf(sql, 'event')).flatMap((name) => /^event_(\d+)$/.exec(name)?.[1] ?? []).map(Number)
  for (const month of [present, present + 1]) if (!months.includes(month)) await createMonth(sql, month)
  for (const month of months) if (month < present) await dropIfEmpty(sql, month)
}

const createMonth = (sql: Sql, month: number): Promise<boolean> =>
  soon(sql, async (tx) => {
    // What came before there was one lies among the others, and stays there.
    const [stray] = await tx`SELECT 1 FROM event_other WHERE month = ${month} LIMIT 1`
    if (stray) return
    await tx.unsafe(`CREATE TABLE event_${month} (LIKE event INCLUDING ALL)`)
    await tx.unsafe(`ALTER TABLE event ATTACH PARTITION event_${month} FOR VALUES FROM (${month}) TO (${month + 1})`)
  })

const dropIfEmpty = async (sql: Sql, month: number): Promise<void> => {
  const name = `event_${month}`
  const [row] = await sql.unsafe(`SELECT 1 FROM ${name} LIMIT 1`)
  if (row) return
  await soon(sql, async (tx) => {
    await tx.unsafe(`LOCK TABLE ${name} IN ACCESS EXCLUSIVE MODE`)
    const [late] = await tx.unsafe(`SELECT 1 FROM ${name} LIMIT 1`)
    if (!late) await tx.unsafe(`DROP TABLE ${name}`)
  })
}

const partitionsOf = async (sql: Queries, table: 'visitor' | 'event'): Promise<readonly string[]> => {
  const rows = await sql<{ name: string }[]>`
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = ${table}::regclass ORDER BY c.relname`
  return rows.map(({ name }) => name)
}

/** Answers false where a lock was not to be had, or another collector did the same at once. */
const soon = async (sql: Sql, work: (tx: Transaction) => Promise<void>): Promise<boolean> => {
  try {
    await sql.begin(async (tx) => {
      await tx.unsafe(`SET LOCAL lock_timeout = ${PATIENCE}`)
      await work(tx)
    })
    return true
  } catch (error) {
    const { code = '' } = error as { code?: string }
    if (IN_THE_WAY.includes(code)) return false
    throw error
  }
}

/** A lock, a deadlock; and a table that is there already, or no more. */
const IN_THE_WAY: readonly string[] = ['55P03', '40P01', '42P07', '42P01', '23505']
