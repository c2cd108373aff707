/** What the log on PostgreSQL tells of somebody by a name of theirs, without taking hold of them. */
import { isUnknown, type Name } from '../../shared/identity.ts'
import type { Sql } from './postgres.ts'
import { shardOfName } from './postgres-shard.ts'
import type { EventLog } from './store.ts'
import { stateIn } from './stored.ts'

interface Found {
  readonly user: string | null
  readonly email: string | null
  readonly state: Buffer | null
}

const NOBODY: Found = { user: null, email: null, state: null }

export const createNameViews = (sql: Sql): Pick<EventLog, 'consentOf' | 'emailOf' | 'stageOf'> => {
  const find = async (site: string, name: Name): Promise<Found | undefined> => {
    const [own] = await sql<{ n: number }[]>`SELECT n FROM site WHERE name = ${site}`
    if (!own) return undefined
    const { kind, value } = name
    const [found] = await sql<Found[]>`
      SELECT r.user_id AS "user", r.email, r.state FROM name x
      JOIN visitor v ON v.shard = (x.visitor % 1024)::smallint AND v.n = x.visitor
      JOIN visitor r ON r.shard = (coalesce(v.root, v.n) % 1024)::smallint AND r.n = coalesce(v.root, v.n)
        AND r.version = v.version
      WHERE x.shard = ${shardOfName(own.n, name)} AND x.site = ${own.n} AND x.kind = ${kind} AND x.value = ${value}
        AND v.version = (SELECT version FROM model WHERE state = 'published')`
    return found
  }

  return {
    consentOf: async (site, anonymous) => {
      const state = (await find(site, { kind: 'anonymous', value: anonymous }))?.state
      return state ? stateIn(state).consent : undefined
    },
    emailOf: async (site, name) => (await find(site, name))?.email ?? undefined,
    stageOf: async (site, anonymous) => {
      const { user, email, state } = (await find(site, { kind: 'anonymous', value: anonymous })) ?? NOBODY
      return state && isUnknown({ user: user ?? undefined, email: email ?? undefined })
        ? stateIn(state).stage
        : undefined
    },
  }
}
