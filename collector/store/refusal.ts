/** Tells by the hashes that are left of the erased whether a name is one of theirs. */
import type { Who } from '../../shared/identity.ts'
import type { SiteName } from './erased-file.ts'

export interface Marked {
  readonly marks: () => ReadonlySet<string>
  readonly markOf: (name: SiteName) => string
}

export type IsErased = (site: string, who: Who, email: string | undefined) => boolean

export const createRefusal =
  ({ marks, markOf }: Marked): IsErased =>
  (site, { anonymous, user, also }, email) => {
    if (marks().size === 0) return false
    const isMarked = (kind: SiteName['kind'], value: string | undefined): boolean =>
      value !== undefined && marks().has(markOf({ site, kind, value }))
    const names = [
      ['anonymous', anonymous],
      ['user', user],
      ['email', email],
      // An alias may be either.
      ['anonymous', also],
      ['user', also],
    ] as const
    return names.some(([kind, value]) => isMarked(kind, value))
  }
