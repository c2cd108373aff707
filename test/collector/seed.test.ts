/** What an empty store begins with, where several begin at once. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { newSite } from '../../collector/routes/admin.ts'
import { type First, type Seeded, seed } from '../../collector/seed.ts'
import type { ModelVersion, Site } from '../../collector/store/store.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { NOON } from '../shared/given.ts'

const FIRST: First = { model: DEFAULT_MODEL, sites: [newSite('default', NOON), newSite('demo', NOON)] }

/** One database for all, in which it takes until `reached` before the site of that name is there. */
const openShared = (slow?: string, reached?: Promise<void>) => {
  const sites: Site[] = []
  const versions: ModelVersion[] = []
  const store: Seeded = {
    settings: {
      sites: async () => [...sites],
      insertSite: async (site) => {
        if (site.name === slow) await reached
        const isNew = !sites.some(({ name }) => name === site.name)
        if (isNew) sites.push(site)
        return isNew
      },
    },
    models: { versions: async () => versions },
    publishFirst: async () => {
      if (versions.length === 0) versions.push({ version: 1, state: 'published' } as ModelVersion)
    },
  }
  return { store, names: () => sites.map(({ name }) => name), versions }
}

it('finds all of the first sites, whoever else has begun to make them', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { store, names } = openShared('demo', promise)
  const first = seed(store, FIRST)
  while (names().length === 0) await nextTurn()
  const second = seed(store, FIRST).then(names)
  setImmediate(resolve)
  expect([await second, await first.then(names)]).toEqual([
    ['default', 'demo'],
    ['default', 'demo'],
  ])
})

it('makes what a begin that was cut short has left out, and nothing that was removed later', async () => {
  const { store, names, versions } = openShared()
  await store.settings.insertSite(FIRST.sites[0]!)
  await seed(store, FIRST)
  expect([names(), versions.length]).toEqual([['default', 'demo'], 1])
  const later = openShared()
  later.versions.push(versions[0]!)
  await later.store.settings.insertSite(FIRST.sites[0]!)
  await seed(later.store, FIRST)
  expect([later.names(), later.versions.length]).toEqual([['default'], 1])
})
