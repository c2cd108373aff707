/** The versions of the model that are asked for: the one that scores, and those that somebody looks through. */
import { createEdition, type Edition } from './edition.ts'
import type { Models, Site } from './store/store.ts'

/** Compiled versions kept beside the one that scores. */
const REMEMBERED = 8

export interface Editions {
  /** The one that scores at present. */
  readonly current: () => Edition
  /** One that was loaded before; else the current one. */
  readonly of: (version: number) => Edition
  /** Undefined where there is no such version. */
  readonly load: (version: number) => Promise<Edition | undefined>
  /** From now on this one scores. It must have been loaded. */
  readonly switchTo: (version: number) => void
  /** What is made of the current one, and made anew when another one scores. */
  readonly derived: <Made>(make: (edition: Edition) => Made) => () => Made
  /** Sites may have page rules of their own. */
  readonly learn: (sites: readonly Site[]) => void
}

export const createEditions = async (models: Pick<Models, 'model' | 'published'>): Promise<Editions> => {
  let current = createEdition(await models.published())
  let sites: readonly Site[] = []
  const known = new Map([[current.version, current]])

  const forgetOldest = (): void => {
    const oldest = [...known.keys()].find((version) => version !== current.version)
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest)
  }

  const load: Editions['load'] = async (version) => {
    const found = known.get(version)
    if (found) return found
    const stored = await models.model(version)
    if (!stored) return undefined
    const edition = createEdition(stored)
    edition.learn(sites)
    known.set(version, edition)
    forgetOldest()
    return edition
  }

  return {
    current: () => current,
    of: (version) => known.get(version) ?? current,
    load,
    switchTo: (version) => {
      current = known.get(version) ?? current
    },
    derived: (make) => {
      let last = { of: current, made: make(current) }
      return () => {
        if (last.of !== current) last = { of: current, made: make(current) }
        return last.made
      }
    },
    learn: (all) => {
      sites = all
      for (const edition of known.values()) edition.learn(all)
    },
  }
}
