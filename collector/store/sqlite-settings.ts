/** Sites and keys on SQLite. */
import type { Db } from './sqlite.ts'
import type { Key, KeyKind, Settings, SiteSettings } from './store.ts'

export const createSqliteSettings = (db: Db): Settings => {
  const sites = db.prepare('SELECT name, key, settings, created_at FROM site ORDER BY n')
  const insertSite = db.prepare(
    'INSERT INTO site (name, key, settings, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING',
  )
  const probe = db.prepare('UPDATE site SET name = name WHERE n = (SELECT min(n) FROM site)')
  const updateSite = db.prepare('UPDATE site SET settings = ? WHERE name = ?')
  const keys = db.prepare(
    'SELECT id, kind, site, label, hint, hash, created_at FROM secret_key ORDER BY created_at, id',
  )
  const insertKey = db.prepare(
    'INSERT INTO secret_key (id, kind, site, label, hint, hash, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const deleteKey = db.prepare('DELETE FROM secret_key WHERE id = ?')

  return {
    sites: async () =>
      (sites.all() as SiteRow[]).map(({ name, key, settings, created_at }) => ({
        name,
        key,
        createdAt: created_at,
        settings: JSON.parse(settings) as SiteSettings,
      })),
    insertSite: async ({ name, key, settings, createdAt }) =>
      insertSite.run(name, key, JSON.stringify(settings), createdAt).changes > 0,
    updateSite: async (name, settings) => {
      updateSite.run(JSON.stringify(settings), name)
    },
    keys: async () =>
      (keys.all() as KeyRow[]).map(({ created_at, site, ...key }) => ({
        ...key,
        site: site ?? undefined,
        createdAt: created_at,
      })),
    insertKey: async ({ id, kind, site, label, hint, hash, createdAt }) => {
      insertKey.run(id, kind, site ?? null, label, hint, hash, createdAt)
    },
    deleteKey: async (id) => deleteKey.run(id).changes > 0,
    probe: async () => {
      probe.run()
    },
  }
}

interface SiteRow {
  readonly name: string
  readonly key: string
  readonly settings: string
  readonly created_at: number
}

interface KeyRow extends Omit<Key, 'site' | 'createdAt'> {
  readonly kind: KeyKind
  readonly site: string | null
  readonly hash: string
  readonly created_at: number
}
