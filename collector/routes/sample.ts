/** `POST /api/sample` fills a site with made-up visitors, `DELETE /api/sample` removes the one made for them. */
import { z } from 'zod'
import type { Sample } from '../sample.ts'
import { fail, NOT_FOUND } from './failure.ts'
import { type Route, route } from './route.ts'

export interface SampleRoutesOptions {
  readonly sample: Sample
}

/** Made-up visitors go where nobody takes them for real ones. */
const SampleBody = z.strictObject({
  site: z.enum(['sample', 'demo']).default('sample'),
  people: z.number().int().min(1).max(20_000).default(400),
  days: z.number().int().min(1).max(730).default(120),
  seed: z.number().int().min(0).max(1_000_000).default(1),
})

const Count = z.number().int().min(0)
const Filled = z.object({ site: z.string(), accepted: Count, duplicate: Count, rejected: Count })

export const sampleRoutes = ({ sample }: SampleRoutesOptions): readonly Route[] => [
  route(
    {
      method: 'POST',
      path: '/api/sample',
      who: 'admin',
      about: 'Fills a site with made-up visitors: one of their own, or the demo. The same seed makes the same people.',
      body: SampleBody,
      answers: { 201: { about: 'How many events there were.', schema: Filled } },
      faults: [NOT_FOUND],
    },
    async ({ c, body }) => {
      const filled = await sample.fill(body)
      return filled ? c.json({ site: body.site, ...filled }, 201) : fail(c, NOT_FOUND)
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/api/sample',
      who: 'admin',
      about: 'Removes the site that was made for made-up visitors, with all of them.',
      answers: { 204: { about: 'It is gone.' } },
      faults: [NOT_FOUND],
    },
    async ({ c }) => ((await sample.remove()) ? c.body(null, 204) : fail(c, NOT_FOUND)),
  ),
]
