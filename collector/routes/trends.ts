/** `GET /api/trends`: the scores of those on a list over time, all at once. In the audit log it is one look at a list. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { Trends } from '../../shared/answer.ts'
import type { Profiles } from '../profiles.ts'
import type { Views } from '../store/store.ts'
import { Instant } from './days.ts'
import { type Route, route } from './route.ts'
import { IdList } from './visitors.ts'

export interface TrendsOptions {
  readonly views: Pick<Views, 'several'>
  readonly profiles: Pick<Profiles, 'history'>
  readonly now: () => number
}

const Query = z.object({
  ids: IdList,
  from: Instant.optional(),
})

export const trendRoutes = ({ views, profiles, now }: TrendsOptions): readonly Route[] => [
  route(
    {
      method: 'GET',
      path: '/api/trends',
      who: 'read',
      about: 'The scores of up to 100 visitors over time, by our `ids`: `from` an instant until now.',
      query: Query,
      answers: { 200: { about: 'Of those who are there, in any order.', schema: Trends } },
    },
    async ({ c, query: { ids, from } }) => {
      const visitors = await views.several(ids)
      c.set('subjects', visitors)
      const items: Trends['items'] = []
      for (const visitor of visitors) {
        // Each takes a reading of all that they did: others are served in between.
        await nextTurn()
        const history = await profiles.history(visitor, { from, to: now() })
        items.push({ id: visitor.id, trend: bendsOf(history.items.map(({ at, score }) => ({ at, score }))) })
      }
      return c.json({ items } satisfies Trends)
    },
  ),
]

/** Without what lies on a level line between two points, and so draws nothing. */
const bendsOf = <Point extends { readonly score: number }>(points: readonly Point[]): Point[] =>
  points.filter(({ score }, i) => score !== points[i - 1]?.score || score !== points[i + 1]?.score)
