/** One fold per site: all share the model; a site may prepend page rules. */
import type { Model } from '../shared/model.ts'
import { createFold, type Fold } from '../shared/visitor.ts'
import { companyOf, isFreeMail } from './mail.ts'
import type { Site } from './store/store.ts'

export interface Folds {
  readonly foldOf: (site: string) => Fold
  readonly learn: (sites: readonly Site[]) => void
}

const SURROUNDINGS = { companyOf, isFreeMail }

export const createFolds = (model: Model): Folds => {
  const plain = createFold(model, SURROUNDINGS)
  let bySite = new Map<string, Fold>()
  return {
    foldOf: (site) => bySite.get(site) ?? plain,
    learn: (sites) => {
      bySite = new Map(
        sites
          .filter(({ settings }) => settings.pageRules.length > 0)
          .map(({ name, settings }) => {
            const pageRules = [...settings.pageRules, ...model.pageRules]
            return [name, createFold({ ...model, pageRules }, SURROUNDINGS)] as const
          }),
      )
    },
  }
}
