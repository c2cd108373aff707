/** `DELETE /api/visitors/:id`: erases a person on every site that knows them by that name. */
import { z } from 'zod'
import { Erased } from '../../shared/answer-privacy.ts'
import type { Site, StoredVisitor, Views } from '../store/store.ts'
import type { Commands } from '../writer.ts'
import { fail, NO_VISITOR } from './failure.ts'
import { type Route, route } from './route.ts'

export interface ErasureOptions {
  readonly writer: Pick<Commands, 'erase'>
  readonly views: Pick<Views, 'visitor'>
  readonly sites: () => readonly Site[]
}

const Query = z.object({ mode: z.enum(['erase']).default('erase'), site: z.string().max(100).optional() })

export const erasureRoutes = (options: ErasureOptions): readonly Route[] => [
  route(
    {
      method: 'DELETE',
      path: '/api/visitors/:id',
      who: 'admin',
      about: 'Erases a person everywhere, and refuses what comes late of them.',
      query: Query,
      answers: { 200: { about: 'How many people and events were erased.', schema: Erased } },
      faults: [NO_VISITOR],
    },
    async ({ c, query }) => {
      const people = await everyoneNamed(options, c.req.param('id')!, query.site)
      if (people.length === 0) return fail(c, NO_VISITOR)
      return c.json(await options.writer.erase(people.map(({ id }) => id)))
    },
  ),
]

/** Whom a name leads to: on several sites it may lead to somebody. */
export const everyoneNamed = async (
  { views, sites }: Pick<ErasureOptions, 'views' | 'sites'>,
  ref: string,
  site: string | undefined,
): Promise<readonly StoredVisitor[]> => {
  const among = site === undefined ? sites().map(({ name }) => name) : [site]
  const found = await Promise.all(among.map((each) => views.visitor(ref, each)))
  return found.filter((visitor) => visitor !== undefined)
}
