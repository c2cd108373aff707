/** Which key lets whom in: public site keys speak for browsers, secret write keys for servers. */
import { hash } from 'node:crypto'
import type { Admission } from './entrance.ts'
import type { Key, Site } from './store/store.ts'

/** What is kept of a secret: enough to recognise it, nothing to use. */
export const hashOf = (secret: string): string => hash('sha256', secret, 'hex')

export interface Admissions {
  readonly admit: (key: string) => Admission | undefined
  readonly learn: (sites: readonly Site[], keys: readonly (Key & { readonly hash: string })[]) => void
}

/** The admin token may do everything, so also import history: into the first site. `onUse`: of a secret that let in. */
export const createAdmission = (adminHash: string, onUse: (hash: string) => void): Admissions => {
  let bySiteKey = new Map<string, Site>()
  let byHash = new Map<string, Site>()
  return {
    // A look-up by hash tells nothing, by its time, of how near a guess came.
    admit: (key) => {
      const site = bySiteKey.get(key)
      if (site) return { site, source: 'browser' }
      const hash = hashOf(key)
      const secret = byHash.get(hash)
      if (secret) onUse(hash)
      return secret && { site: secret, source: 'server' }
    },
    learn: (sites, keys) => {
      const byName = new Map(sites.map((site) => [site.name, site]))
      bySiteKey = new Map(sites.map((site) => [site.key, site]))
      const writers = keys.flatMap(({ kind, site, hash }) => {
        const found = site === undefined ? undefined : byName.get(site)
        return kind === 'write' && found ? [[hash, found] as const] : []
      })
      byHash = new Map(sites[0] ? [...writers, [adminHash, sites[0]]] : writers)
    },
  }
}
