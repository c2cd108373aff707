/** A site and a key as they stand in a row, whatever the store. */
import type { Key, KeyKind, Site, SiteSettings } from './store.ts'

export interface SiteRow {
  readonly name: string
  readonly key: string
  readonly settings: string
  readonly created_at: number
}

export interface KeyRow extends Omit<Key, 'site' | 'createdAt' | 'lastUsedAt'> {
  readonly kind: KeyKind
  readonly site: string | null
  readonly hash: string
  readonly created_at: number
  readonly last_used_at: number | null
}

export const siteOf = ({ name, key, settings, created_at }: SiteRow): Site => ({
  name,
  key,
  createdAt: created_at,
  settings: JSON.parse(settings) as SiteSettings,
})

export const keyOf = ({ created_at, last_used_at, site, ...key }: KeyRow): Key & { readonly hash: string } => ({
  ...key,
  lastUsedAt: last_used_at ?? undefined,
  site: site ?? undefined,
  createdAt: created_at,
})
