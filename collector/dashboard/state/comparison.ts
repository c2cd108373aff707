/** What a report is held against: the days before, another site, another version. In the address as `against`. */
import { daysBefore, daysOf, type Scope } from './scope.ts'

/**
 * Empty: nothing. `before`: as many days just before. `site:` and a name: that site in the same days. `model:` and a
 * number: what that version recorded in the same days.
 */
export type Against = '' | 'before' | `site:${string}` | `model:${number}`

export const againstIn = (query: URLSearchParams): Against => {
  const text = query.get('against') ?? ''
  return text === 'before' || /^(site:|model:\d{1,9}$)/.test(text) ? (text as Against) : ''
}

/** The version that is compared with; undefined where it is something else. */
export const versionIn = (against: Against): number | undefined =>
  against.startsWith('model:') ? Number(against.slice('model:'.length)) : undefined

export interface Asked {
  readonly days: { readonly from: string; readonly to: string }
  readonly site: string
}

/** Both sides; the second is undefined where nothing is compared. */
export const sidesOf = (scope: Scope, against: Against, now: number): readonly [Asked, Asked | undefined] => {
  const own = { days: daysOf(scope, now), site: scope.site }
  if (against === '' || versionIn(against) !== undefined) return [own, undefined]
  if (against === 'before') return [own, { ...own, days: daysBefore(scope, now) }]
  return [own, { ...own, site: against.slice('site:'.length) }]
}
