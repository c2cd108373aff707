/** Sites and keys as they are now: read after each change, looked up at each request. */
import type { Role } from './access.ts'
import type { Key, Settings, Site } from './store/store.ts'

export interface Directory {
  readonly sites: () => readonly Site[]
  readonly keys: () => readonly Key[]
  readonly siteNamed: (name: string) => Site | undefined
  readonly siteOfKey: (key: string) => Site | undefined
  /** What a stored key may do with the API; a write key nothing. */
  readonly roleOfHash: (hash: string) => Role | undefined
  readonly idOfHash: (hash: string) => string | undefined
  /** Reads them again. */
  readonly refresh: () => Promise<void>
}

export const createDirectory = async (
  settings: Pick<Settings, 'sites' | 'keys'>,
  onSites: (sites: readonly Site[]) => void,
): Promise<Directory> => {
  let sites: readonly Site[] = []
  let keys: Awaited<ReturnType<Settings['keys']>> = []
  const refresh = async (): Promise<void> => {
    sites = await settings.sites()
    keys = await settings.keys()
    onSites(sites)
  }
  await refresh()
  return {
    sites: () => sites,
    keys: () => keys,
    siteNamed: (name) => sites.find((site) => site.name === name),
    siteOfKey: (key) => sites.find((site) => site.key === key),
    roleOfHash: (hash) => {
      const kind = keys.find((key) => key.hash === hash)?.kind
      return kind === 'read' || kind === 'admin' ? kind : undefined
    },
    idOfHash: (hash) => keys.find((key) => key.hash === hash)?.id,
    refresh,
  }
}
