/** Sites and keys on SQLite. */
import { type KeyRow, keyOf, type SiteRow, siteOf } from './settings-row.ts'
import type { Db } from './sqlite.ts'
import type { Settings } from './store.ts'

export const createSqliteSettings = (db: Db): Settings => ({ ...sitesOf(db), ...keysOf(db) })

const sitesOf = (db: Db): Pick<Settings, 'sites' | 'insertSite' | 'updateSite' | 'probe'> => {
  const select = db.prepare('SELECT name, key, settings, created_at FROM site ORDER BY n')
  const insert = db.prepare(
    'INSERT INTO site (name, key, settings, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING',
  )
  const update = db.prepare('UPDATE site SET settings = ?, key = coalesce(?, key) WHERE name = ?')
  const probe = db.prepare('UPDATE site SET name = name WHERE n = (SELECT min(n) FROM site)')
  return {
    sites: async () => (select.all() as SiteRow[]).map(siteOf),
    insertSite: async ({ name, key, settings, createdAt }) =>
      insert.run(name, key, JSON.stringify(settings), createdAt).changes > 0,
    updateSite: async (name, settings, key) => {
      update.run(JSON.stringify(settings), key ?? null, name)
    },
    probe: async () => {
      probe.run()
    },
  }
}

const keysOf = (db: Db): Pick<Settings, 'keys' | 'insertKey' | 'deleteKey' | 'labelKey' | 'touchKey'> => {
  const columns = 'id, kind, site, label, hint, hash, created_at'
  const select = db.prepare(`SELECT ${columns}, last_used_at FROM secret_key ORDER BY created_at, id`)
  const insert = db.prepare(`INSERT INTO secret_key (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const remove = db.prepare('DELETE FROM secret_key WHERE id = ?')
  const label = db.prepare('UPDATE secret_key SET label = ? WHERE id = ?')
  const touch = db.prepare('UPDATE secret_key SET last_used_at = @at WHERE hash = @hash')
  return {
    keys: async () => (select.all() as KeyRow[]).map(keyOf),
    insertKey: async ({ id, kind, site, label, hint, hash, createdAt }) => {
      insert.run(id, kind, site ?? null, label, hint, hash, createdAt)
    },
    deleteKey: async (id) => remove.run(id).changes > 0,
    labelKey: async (id, text) => label.run(text, id).changes > 0,
    touchKey: async (use) => {
      touch.run(use)
    },
  }
}
