/** Sites and keys on PostgreSQL. */
import type { Sql } from './postgres.ts'
import { type KeyRow, keyOf, type SiteRow, siteOf } from './settings-row.ts'
import type { Settings } from './store.ts'

export const createPostgresSettings = (sql: Sql): Settings => ({ ...sitesOf(sql), ...keysOf(sql) })

const sitesOf = (sql: Sql): Pick<Settings, 'sites' | 'insertSite' | 'updateSite' | 'probe'> => ({
  sites: async () => (await sql<SiteRow[]>`SELECT name, key, settings, created_at FROM site ORDER BY n`).map(siteOf),
  insertSite: async ({ name, key, settings, createdAt }) => {
    const { count } = await sql`
      INSERT INTO site (name, key, settings, created_at) VALUES (${name}, ${key}, ${JSON.stringify(settings)}, ${createdAt})
      ON CONFLICT (name) DO NOTHING`
    return count > 0
  },
  updateSite: async (name, settings, key) => {
    await sql`
      UPDATE site SET settings = ${JSON.stringify(settings)}, key = coalesce(${key ?? null}, key) WHERE name = ${name}`
  },
  probe: async () => {
    await sql`UPDATE site SET created_at = created_at WHERE n = (SELECT min(n) FROM site)`
  },
})

const keysOf = (sql: Sql): Pick<Settings, 'keys' | 'insertKey' | 'deleteKey' | 'labelKey' | 'touchKey'> => ({
  keys: async () => {
    const rows = await sql<KeyRow[]>`
      SELECT id, kind, site, label, hint, hash, created_at, last_used_at FROM secret_key
      ORDER BY created_at, id COLLATE "C"`
    return rows.map(keyOf)
  },
  insertKey: async ({ id, kind, site, label, hint, hash, createdAt }) => {
    await sql`
      INSERT INTO secret_key (id, kind, site, label, hint, hash, created_at)
      VALUES (${id}, ${kind}, ${site ?? null}, ${label}, ${hint}, ${hash}, ${createdAt})`
  },
  deleteKey: async (id) => (await sql`DELETE FROM secret_key WHERE id = ${id}`).count > 0,
  labelKey: async (id, label) => (await sql`UPDATE secret_key SET label = ${label} WHERE id = ${id}`).count > 0,
  touchKey: async ({ hash, at }) => {
    await sql`UPDATE secret_key SET last_used_at = greatest(last_used_at, ${at}) WHERE hash = ${hash}`
  },
})
