/** What the list shows, read from the address, so that a filtered list can be bookmarked and gone back to. */
import type { Visitor } from '../../../shared/answer.ts'
import { href } from '../router.ts'
import { QUALIFICATIONS, STAGES } from '../scale.ts'

export const SORTS = ['score', 'lastSeen', 'stageSince'] as const
export type Sort = (typeof SORTS)[number]

/** An empty text stands for: all. */
export interface Filters {
  readonly stage: string
  readonly qualification: string
  readonly site: string
  readonly q: string
  readonly sort: Sort
}

const oneOf = <T extends string>(names: readonly T[], name: string | null): T | undefined =>
  names.find((known) => known === name)

export const filtersOf = (query: URLSearchParams): Filters => ({
  stage: oneOf(STAGES, query.get('stage')) ?? '',
  qualification: oneOf(QUALIFICATIONS, query.get('qualification')) ?? '',
  site: query.get('site') ?? '',
  q: query.get('q') ?? '',
  sort: oneOf(SORTS, query.get('sort')) ?? 'score',
})

export const isNarrowed = ({ stage, qualification, site, q }: Filters): boolean =>
  Boolean(stage || qualification || site || q)

export const listHref = (filters: Filters): string =>
  href('/', Object.entries({ ...filters, sort: filters.sort === 'score' ? '' : filters.sort }))

/** Whether the list has a place for them. What a search finds, only the collector knows: undefined. */
export const admits = (filters: Filters, visitor: Visitor): boolean | undefined => {
  if (filters.stage && visitor.stage !== filters.stage) return false
  if (filters.qualification && visitor.qualification !== filters.qualification) return false
  if (filters.site && visitor.site !== filters.site) return false
  return filters.q ? undefined : true
}

/** The order of the list; equals go by id, as in the collector. */
export const inOrder =
  (sort: Sort) =>
  (a: Visitor, b: Visitor): number => {
    const [left, right] = sort === 'score' ? [a.score, b.score] : [Date.parse(a[sort]), Date.parse(b[sort])]
    return right - left || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  }
