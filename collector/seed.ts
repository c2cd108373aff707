/** What an empty store begins with: the first model and the first sites. */
import type { Model } from '../shared/model.ts'
import type { WritingStore } from './store/engine.ts'
import type { Site } from './store/store.ts'

export interface First {
  readonly model: Model
  readonly sites: readonly Site[]
}

export type Seeded = Pick<WritingStore, 'publishFirst'> & {
  readonly settings: Pick<WritingStore['settings'], 'sites' | 'insertSite'>
  readonly models: Pick<WritingStore['models'], 'versions'>
}

/**
 * Several collectors may begin at once. The model comes last: whoever finds one finds all of the first sites, and whoever
 * finds none sees to each of them itself.
 */
export const seed = async ({ settings, models, publishFirst }: Seeded, { model, sites }: First): Promise<void> => {
  const isPublished = (await models.versions()).some(({ state }) => state === 'published')
  if (!isPublished || (await settings.sites()).length === 0) for (const site of sites) await settings.insertSite(site)
  if (!isPublished) await publishFirst({ model, author: '', reason: '', createdAt: Date.now() })
}
