/** `GET /api/live`: server-sent events that resume where the last connection ended. */
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { z } from 'zod'
import type { Live, LiveItem } from '../live.ts'
import { badRequest, fail } from './failure.ts'

const Query = z.object({ site: z.string().max(100).optional(), visitor: z.string().max(100).optional() })
const BEAT = 15_000

export const liveRoutes = ({ live }: { readonly live: Live }): Hono => {
  const app = new Hono()
  app.get('/', async (c) => {
    const query = Query.safeParse(c.req.query())
    if (!query.success) return fail(c, badRequest(query.error))
    const resumed = c.req.header('last-event-id') ?? ''
    const cursor = /^\d{1,16}$/.test(resumed) ? Number(resumed) : await live.head()
    c.header('x-accel-buffering', 'no')
    return streamSSE(c, async (stream) => {
      const gone = new AbortController()
      stream.onAbort(() => gone.abort())
      const beat = setInterval(() => stream.write(': still here\n\n').catch(() => gone.abort()), BEAT)
      try {
        await stream.write(`retry: 2000\nid: ${cursor}\n\n`)
        for await (const { seq, message } of live.follow(cursor, gone.signal)) {
          if (!isWanted(message, query.data)) continue
          const { name, ...data } = message
          await stream.writeSSE({ event: name, id: String(seq), data: JSON.stringify(data) })
        }
      } finally {
        clearInterval(beat)
      }
    })
  })
  return app
}

const isWanted = (message: LiveItem['message'], { site, visitor }: z.infer<typeof Query>): boolean => {
  const [id, where] =
    message.name === 'score' ? [message.visitor.id, message.visitor.site] : [message.visitor, message.site]
  return (visitor === undefined || visitor === id) && (site === undefined || site === where)
}
