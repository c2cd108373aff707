/** Which figure of the reports the list is to open: whom exactly it counts. In the address, named as in the API. */
import { href } from '../router.ts'

/** What says which figure it is. */
const KINDS = ['entered', 'medium', 'reached', 'signal', 'content', 'became', 'account'] as const
const NAMES = [...KINDS, 'source', 'kind', 'tagged', 'meaning', 'during', 'model', 'moved', 'from', 'to'] as const
type Name = (typeof NAMES)[number]

/** Nothing in it: everybody. `source` may be empty: one that was not named. */
export type Figure = Readonly<Partial<Record<Name, string>>>

export const figureIn = (query: URLSearchParams): Figure =>
  KINDS.some((name) => query.get(name))
    ? Object.fromEntries(NAMES.flatMap((name) => (query.has(name) ? [[name, query.get(name)!]] : [])))
    : {}

export const isAny = (figure: Figure): boolean => Object.keys(figure).length > 0

/** As parameters of the API, and of an address. */
export const figureQuery = (figure: Figure): readonly (readonly [string, string])[] => Object.entries(figure)

/** First and last day, and the site: empty for all. */
export interface Where {
  readonly from: string
  readonly to: string
  readonly site: string
}

const DAY = 86_400_000
const dayBefore = (instant: string): string => new Date(Date.parse(instant) - DAY).toISOString().slice(0, 10)

interface Told {
  readonly from: string
  readonly to: string
  readonly closedUntil: string
  readonly site: string | null
}

/** The days of a report. */
export const daysIn = ({ from, to, site }: Told): Where => ({
  from: from.slice(0, 10),
  to: dayBefore(to),
  site: site ?? '',
})
/** Of these, the days whose window has closed; undefined where there are none yet. */
export const closedIn = (period: Told): Where | undefined =>
  period.closedUntil > period.from ? { ...daysIn(period), to: dayBefore(period.closedUntil) } : undefined

/** The address of the people whom a figure counts; undefined of no days. */
export const figureHref = (figure: Figure, where: Where | undefined): string | undefined => {
  if (!where) return undefined
  const { from, to, site } = where
  return withFigure(
    [
      ['site', site],
      ['sort', 'stageSince'],
    ],
    { ...figure, from, to },
  )
}

/** The people of a company, on a site or at a stage where one is named. */
export const companyHref = (account: string, { site, stage = '' }: { site: string; stage?: string }): string =>
  withFigure(
    [
      ['stage', stage],
      ['site', site],
    ],
    { account },
  )

/** The list's address. An empty source says something, which an empty value of an address does not. */
export const withFigure = (query: readonly (readonly [string, string])[], { source, ...named }: Figure): string => {
  const address = href('/', [...query, ...Object.entries(named)])
  return source === undefined ? address : `${address}&source=${encodeURIComponent(source)}`
}
