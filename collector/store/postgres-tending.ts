/** What collectors on PostgreSQL do when nobody waits: delete what was kept for long enough, and make room for what comes. */
import type { Work } from './engine.ts'
import type { Sql } from './postgres.ts'
import { tendMonths } from './postgres-partitions.ts'
import { type PublishOptions, tidyVersions } from './postgres-publish.ts'
import type { PostgresRetention } from './postgres-retention.ts'

/** How often partitions are looked after, in ms. */
const EVERY = 600_000

export interface TendingOptions extends PublishOptions {
  readonly retention: PostgresRetention
}

export const createPostgresTending = (sql: Sql, options: TendingOptions): Work['tend'] => {
  const { retention, now } = options
  let nextAt = Number.NEGATIVE_INFINITY

  return async ({ isPublishing }) => {
    if (isPublishing) return false
    if (now() >= nextAt) {
      nextAt = now() + EVERY
      await tendMonths(sql, now())
      await tidyVersions(sql, options)
    }
    return retention.step()
  }
}
