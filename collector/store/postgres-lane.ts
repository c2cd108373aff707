/**
 * Which rows of the counts are this collector's own on PostgreSQL: the first lane that no other has. Reports add up all
 * lanes, so there should be no more of them than collectors at work, however often these are started.
 */
import type { Sql } from './postgres.ts'

export const LANES = 32
/** With the number of a lane: held as long as the connection lives. */
const HOLDING = 5_065_487
/** How often it is taken again, in ms, should the connection have been lost: that the server was started anew, say. */
const AGAIN = 5000

export interface Lane {
  readonly lane: number
  readonly stop: () => Promise<void>
}

/** Needs a client of one connection, which lasts. Where two come to share a lane, they only wait for each other. */
export const openLane = async (sql: Sql): Promise<Lane> => {
  const [row] = await sql<{ lane: number }[]>`
    SELECT lane FROM generate_series(0, ${LANES - 1}::integer) AS lane
    WHERE pg_try_advisory_lock(${HOLDING}::integer, lane) LIMIT 1`
  const lane = row?.lane ?? Math.floor(Math.random() * LANES)
  const again = setInterval(() => {
    sql`SELECT pg_try_advisory_lock(${HOLDING}::integer, ${lane}::integer)`.catch(() => undefined)
  }, AGAIN)
  return {
    lane,
    stop: async () => {
      clearInterval(again)
      await sql.end({ timeout: 5 })
    },
  }
}
