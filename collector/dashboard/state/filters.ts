/** What the list shows, read from the address, so that a filtered list can be bookmarked and gone back to. */
import type { Visitor } from '../../../shared/answer.ts'
import { QUALIFICATIONS, STAGES } from '../scale.ts'
import { type Figure, figureIn, figureQuery, isAny, withFigure } from './figure.ts'

export const SORTS = ['score', 'lastSeen', 'stageSince'] as const
export type Sort = (typeof SORTS)[number]

/** An empty text stands for: all. */
export interface Filters {
  readonly stage: string
  readonly qualification: string
  readonly site: string
  readonly q: string
  readonly sort: Sort
  readonly figure: Figure
}

const oneOf = <T extends string>(names: readonly T[], name: string | null): T | undefined =>
  names.find((known) => known === name)

export const filtersOf = (query: URLSearchParams): Filters => ({
  stage: oneOf(STAGES, query.get('stage')) ?? '',
  qualification: oneOf(QUALIFICATIONS, query.get('qualification')) ?? '',
  site: query.get('site') ?? '',
  q: query.get('q') ?? '',
  sort: oneOf(SORTS, query.get('sort')) ?? 'score',
  figure: figureIn(query),
})

/** Everybody of a site, in the same order. */
export const widened = ({ sort, site }: Filters): Filters => ({
  stage: '',
  qualification: '',
  q: '',
  figure: {},
  site,
  sort,
})

export const isNarrowed = ({ stage, qualification, site, q, figure }: Filters): boolean =>
  Boolean(stage || qualification || site || q) || isAny(figure)

export const listHref = ({ figure, ...filters }: Filters): string =>
  withFigure(Object.entries({ ...filters, sort: filters.sort === 'score' ? '' : filters.sort }), figure)

/** As the API takes them. */
export const apiQuery = ({ figure, ...filters }: Filters): URLSearchParams => {
  const query = new URLSearchParams(figureQuery(figure).map(([name, value]) => [name, value]))
  for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value)
  // Where stages are counted, robots that never did anything else are not.
  if (filters.stage) query.set('automated', 'false')
  return query
}

/** Whether a page may hold few of many that were looked through. */
export const isSought = ({ stage, figure }: Filters): boolean => stage !== '' || isAny(figure)

const isRobot = ({ flags, views, score }: Visitor): boolean => flags.includes('automated') && views === 0 && score === 0

/** Whether the list has a place for them. What a search finds, or whom a figure counts, only the collector knows: undefined. */
export const admits = (filters: Filters, visitor: Visitor): boolean | undefined => {
  if (filters.stage && (visitor.stage !== filters.stage || isRobot(visitor))) return false
  if (filters.qualification && visitor.qualification !== filters.qualification) return false
  if (filters.site && visitor.site !== filters.site) return false
  return filters.q || isAny(filters.figure) ? undefined : true
}

/** The order of the list; equals go by id, as in the collector. */
export const inOrder =
  (sort: Sort) =>
  (a: Visitor, b: Visitor): number => {
    const [left, right] = sort === 'score' ? [a.score, b.score] : [Date.parse(a[sort]), Date.parse(b[sort])]
    return right - left || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  }
