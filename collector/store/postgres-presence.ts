/**
 * Which collectors on PostgreSQL live, as far as their server can tell, so that what a dead one had taken on need not wait
 * until its time is over. Each holds a lock of its own for as long as its connection lives. Where the server learns late that
 * a machine is gone, or a connection is lost and its collector lives on, the times of the leases count as before.
 */
import { randomInt } from 'node:crypto'
import type { Sql } from './postgres.ts'

/** With the number of a collector. */
const PRESENT = 5_065_488
/** How often it is said again, should the connection have been lost, and others are looked after; in ms. */
const EVERY = 2000

export interface Presence {
  /** The number under which this collector takes things on. */
  readonly holder: number
  /** A name for a lease, which tells whose it is; another each time. */
  readonly newHolder: () => string
  readonly stop: () => void
}

export interface PresenceOptions {
  readonly newId: () => string
  readonly report: (problem: unknown) => void
  readonly every?: number
}

/** Needs a client of one connection, which lasts. */
export const openPresence = async (sql: Sql, { newId, report, every = EVERY }: PresenceOptions): Promise<Presence> => {
  const holder = randomInt(1, 10 ** 9)
  const turn = async (): Promise<void> => {
    await sql`SELECT pg_try_advisory_lock(${PRESENT}::integer, ${holder}::integer)`
    await freeOfTheDead(sql)
  }
  await turn()
  let isUnderWay = false
  let isStopped = false
  const again = setInterval(() => {
    if (isUnderWay) return
    isUnderWay = true
    turn()
      .catch((problem) => {
        // Whose connection is closed in mid-question has nothing to tell.
        if (!isStopped) report(problem)
      })
      .finally(() => {
        isUnderWay = false
      })
  }, every)
  const stop = (): void => {
    isStopped = true
    clearInterval(again)
  }
  return { holder, newHolder: () => `${holder} ${newId()}`, stop }
}

/** Looks for locks rather than trying to take them: two who look at once would take each other for the living. */
const freeOfTheDead = async (sql: Sql): Promise<void> => {
  const dead = await sql<{ holder: number }[]>`
    WITH holders AS MATERIALIZED (
      SELECT holder FROM delivery WHERE holder IS NOT NULL
      UNION SELECT split_part(holder, ' ', 1)::integer FROM lease WHERE holder ~ '^[0-9]{1,9} '
    )
    SELECT holder FROM holders
    WHERE NOT EXISTS (
      SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = ${PRESENT} AND objid = holder AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )`
  if (dead.length === 0) return
  const holders = dead.map(({ holder }) => holder)
  await sql`
    WITH left_behind AS MATERIALIZED (
      SELECT shard, message, webhook FROM delivery WHERE holder = ANY(${holders}::integer[])
      ORDER BY shard, message, webhook FOR UPDATE SKIP LOCKED
    )
    UPDATE delivery d SET leased_until = 0, holder = NULL FROM left_behind l
    WHERE d.shard = l.shard AND d.message = l.message AND d.webhook = l.webhook`
  await sql`DELETE FROM lease WHERE split_part(holder, ' ', 1) = ANY(${holders.map(String)}::text[])`
}
