/** `GET /api/live`: server-sent events that resume where the last connection ended. */
import { z } from 'zod'
import type { Live, LiveItem } from '../live.ts'
import { type Route, route } from './route.ts'
import { openStream } from './stream.ts'

const Query = z.object({ site: z.string().max(100).optional(), visitor: z.string().max(100).optional() })
const BEAT = 15_000

export const liveRoutes = ({ live }: { readonly live: Live }): readonly Route[] => [
  route(
    {
      method: 'GET',
      path: '/api/live',
      who: 'read',
      about: 'What happens, as it happens. Send Last-Event-ID to go on where a stream ended.',
      query: Query,
      answers: { 200: { about: 'Server-sent events: event, score, transition.', type: 'text/event-stream' } },
    },
    async ({ c, query }) => {
      const resumed = c.req.header('last-event-id') ?? ''
      const head = await live.head()
      // A cursor beyond the end is of another log: the one before a backup was restored.
      const cursor = /^\d{1,16}$/.test(resumed) ? Math.min(Number(resumed), head) : head
      return openStream(c, async ({ stream, gone, every }) => {
        every(BEAT, () => stream.write(': still here\n\n'))
        await stream.write(`id: ${cursor}\n\n`)
        for await (const { seq, message } of live.follow(cursor, gone)) {
          if (!isWanted(message, query)) continue
          const { name, ...data } = message
          await stream.writeSSE({ event: name, id: String(seq), data: JSON.stringify(data) })
        }
      })
    },
  ),
]

const isWanted = (message: LiveItem['message'], { site, visitor }: z.infer<typeof Query>): boolean => {
  const [id, where] =
    message.name === 'score' ? [message.visitor.id, message.visitor.site] : [message.visitor, message.site]
  return (visitor === undefined || visitor === id) && (site === undefined || site === where)
}
