/** Drops on PostgreSQL what belongs to no version at work: that of a former model, or of one whose building was given up. */
import { setTimeout } from 'node:timers/promises'
import type { Sql } from './postgres.ts'
import { clearMoves } from './postgres-moves.ts'
import { dropVisitorPartitions, visitorPartitions } from './postgres-partitions.ts'

/** How often it is tried, while somebody still reads there. */
const TRIES = 20

/** Versions of which there is a partition, and no need. */
export const leftovers = async (sql: Sql): Promise<readonly number[]> => {
  const [row] = await sql<{ version: number }[]>`SELECT version FROM model WHERE state = 'published'`
  return (await visitorPartitions(sql)).filter((version) => version !== row?.version)
}

/** For who publishes alone: what another is building looks the same. */
export const clearLeftovers = async (sql: Sql): Promise<void> => {
  await clearMoves(sql)
  for (let tries = 1; !(await dropVisitorPartitions(sql, await leftovers(sql))); tries += 1) {
    if (tries > TRIES) throw new Error('Somebody still reads under a former model. Publish again in a minute.')
    await setTimeout(10 * tries)
  }
}
