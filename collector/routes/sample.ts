/** `POST /api/sample` fills a site with made-up visitors, `DELETE /api/sample` removes the one made for them. */
import { Hono } from 'hono'
import { z } from 'zod'
import type { Sample } from '../sample.ts'
import { readJson } from './body.ts'
import { badRequest, fail, NOT_FOUND } from './failure.ts'

export interface SampleRoutesOptions {
  readonly sample: Sample
}

/** Made-up visitors go where nobody takes them for real ones. */
const Request = z.strictObject({
  site: z.enum(['sample', 'demo']).default('sample'),
  people: z.number().int().min(1).max(20_000).default(400),
  days: z.number().int().min(1).max(730).default(120),
  seed: z.number().int().min(0).max(1_000_000).default(1),
})

export const sampleRoutes = ({ sample }: SampleRoutesOptions): Hono => {
  const app = new Hono()
  app.post('/', async (c) => {
    const body = Request.safeParse((await readJson(c)) ?? {})
    if (!body.success) return fail(c, badRequest(body.error))
    const filled = await sample.fill(body.data)
    return filled ? c.json({ site: body.data.site, ...filled }, 201) : fail(c, NOT_FOUND)
  })
  app.delete('/', async (c) => ((await sample.remove()) ? c.body(null, 204) : fail(c, NOT_FOUND)))
  return app
}
