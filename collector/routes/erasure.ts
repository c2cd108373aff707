/** What a person may ask for: `GET /api/visitors/:id/export`, all that is held of them, and `DELETE`, its end. */
import { z } from 'zod'
import { Erased, PersonExport } from '../../shared/answer-privacy.ts'
import { isoOf } from '../../shared/present.ts'
import { createDossiers, type DossiersOptions } from '../dossiers.ts'
import type { Site, StoredVisitor, Views } from '../store/store.ts'
import type { Commands } from '../writer.ts'
import { fail, NO_VISITOR } from './failure.ts'
import { type Route, route } from './route.ts'

export interface ErasureOptions extends DossiersOptions {
  readonly writer: Pick<Commands, 'erase'>
  readonly views: DossiersOptions['views'] & Pick<Views, 'visitor'>
  readonly sites: () => readonly Site[]
}

const OnSite = z.object({ site: z.string().max(100).optional() })
const Mode = OnSite.extend({ mode: z.enum(['erase', 'anonymize']).default('erase') })

export const erasureRoutes = (options: ErasureOptions): readonly Route[] => [
  route(
    {
      method: 'GET',
      path: '/api/visitors/:id/export',
      who: 'admin',
      about: 'Everything that is held of a person, to be handed to them.',
      query: OnSite,
      answers: { 200: { about: 'The person, on every site that knows that name.', schema: PersonExport } },
      faults: [NO_VISITOR],
    },
    async ({ c, query }) => {
      const found = await everyoneNamed(options, c.req.param('id')!, query.site)
      if (found.length === 0) return fail(c, NO_VISITOR)
      c.header('content-disposition', 'attachment; filename="person.json"')
      const people = await Promise.all(found.map(createDossiers(options)))
      return c.json({ exportedAt: isoOf(options.now()), people })
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/api/visitors/:id',
      who: 'admin',
      about: 'Erases a person everywhere, or leaves what they did as nobody’s, and refuses what comes late of them.',
      query: Mode,
      answers: { 200: { about: 'How many people and events were erased.', schema: Erased } },
      faults: [NO_VISITOR],
    },
    async ({ c, query }) => {
      const people = await everyoneNamed(options, c.req.param('id')!, query.site)
      if (people.length === 0) return fail(c, NO_VISITOR)
      return c.json(
        await options.writer.erase(
          people.map(({ id }) => id),
          { mode: query.mode, actor: c.var.actor },
        ),
      )
    },
  ),
]

/** Whom a name leads to: on several sites it may lead to somebody. */
const everyoneNamed = async (
  { views, sites }: ErasureOptions,
  ref: string,
  site: string | undefined,
): Promise<readonly StoredVisitor[]> => {
  const among = site === undefined ? sites().map(({ name }) => name) : [site]
  const found = await Promise.all(among.map((each) => views.visitor(ref, each)))
  return found.filter((visitor) => visitor !== undefined)
}
