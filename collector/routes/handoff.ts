/** `GET /api/visitors/:id/handoff`: what sales is to know of a lead, as data or to be read. */
import type { Context } from 'hono'
import { accepts } from 'hono/accepts'
import { z } from 'zod'
import { Packet } from '../../shared/answer-handoff.ts'
import { packetHtml, packetMarkdown } from '../../shared/packet-text.ts'
import type { Profiles } from '../profiles.ts'
import type { PublicOrigin } from '../public-origin.ts'
import type { Views } from '../store/store.ts'
import { Instant } from './days.ts'
import { fail, NO_VISITOR } from './failure.ts'
import { type Route, route } from './route.ts'

export interface HandoffOptions {
  readonly views: Pick<Views, 'visitor'>
  readonly profiles: Pick<Profiles, 'packet'>
  readonly publicOrigin: PublicOrigin
  readonly now: () => number
}

const FORMATS = { 'application/json': 'json', 'text/html': 'html', 'text/markdown': 'markdown' } as const
const Query = z.object({
  site: z.string().max(100).optional(),
  at: Instant.optional(),
  format: z.enum(['json', 'html', 'markdown']).optional(),
})

export const handoffRoutes = ({ views, profiles, publicOrigin, now }: HandoffOptions): readonly Route[] => [
  route(
    {
      method: 'GET',
      path: '/api/visitors/:id/handoff',
      who: 'read',
      about: 'What sales is to know of a lead, on one page; by Accept or `format` also as HTML or Markdown.',
      query: Query,
      answers: { 200: { about: 'At most 20 KB.', schema: Packet, texts: ['text/html', 'text/markdown'] } },
      faults: [NO_VISITOR],
    },
    async ({ c, query: { site, at = now(), format = formatAsked(c) } }) => {
      const visitor = await views.visitor(c.req.param('id')!, site)
      const origin = publicOrigin((name) => c.req.header(name)) ?? new URL(c.req.url).origin
      const link = visitor && `${origin}/#/visitors/${encodeURIComponent(visitor.id)}`
      const packet = visitor && (await profiles.packet(visitor, at, link))
      if (!packet) return fail(c, NO_VISITOR)
      c.header('vary', 'Accept')
      if (format === 'json') return c.json(packet)
      if (format === 'markdown')
        return c.body(packetMarkdown(packet), 200, { 'content-type': 'text/markdown; charset=utf-8' })
      return c.html(packetHtml(packet), 200, { 'content-security-policy': INERT })
    },
  ),
]

/** Should a text ever get out of its place, there is nothing that it could do. */
const INERT =
  "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-top-navigation-by-user-activation"

const formatAsked = (c: Context): (typeof FORMATS)[keyof typeof FORMATS] => {
  const supports = Object.keys(FORMATS)
  return FORMATS[accepts(c, { header: 'Accept', supports, default: 'application/json' }) as keyof typeof FORMATS]
}
