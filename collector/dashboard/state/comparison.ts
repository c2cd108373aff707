/** What a report is held against: the days before, or another site. In the address as `against`. */
import { daysBefore, daysOf, type Scope } from './scope.ts'

/** Empty: nothing. `before`: as many days just before. `site:` and a name: that site in the same days. */
export type Against = '' | 'before' | `site:${string}`

export const againstIn = (query: URLSearchParams): Against => {
  const text = query.get('against') ?? ''
  return text === 'before' || text.startsWith('site:') ? (text as Against) : ''
}

export interface Asked {
  readonly days: { readonly from: string; readonly to: string }
  readonly site: string
}

/** Both sides; the second is undefined where nothing is compared. */
export const sidesOf = (scope: Scope, against: Against, now: number): readonly [Asked, Asked | undefined] => {
  const own = { days: daysOf(scope, now), site: scope.site }
  if (against === '') return [own, undefined]
  if (against === 'before') return [own, { ...own, days: daysBefore(scope, now) }]
  return [own, { ...own, site: against.slice('site:'.length) }]
}
