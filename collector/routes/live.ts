/** `GET /api/live`: server-sent events that resume where the last connection ended. */
import { z } from 'zod'
import { STAGES } from '../../shared/answer.ts'
import type { Live, LiveItem } from '../live.ts'
import { type Route, route } from './route.ts'
import { openStream, type StreamOptions, type Telling } from './stream.ts'

const Query = z.object({
  site: z.string().max(100).optional(),
  visitor: z.string().max(100).optional(),
  /** Of those who are there, or come or go: scores and transitions alone. */
  stage: z.enum(STAGES).optional(),
})
const BEAT = 15_000

export interface LiveRoutesOptions extends Pick<StreamOptions, 'patience'> {
  readonly live: Live
  readonly log: StreamOptions['log']
}

export const liveRoutes = ({ live, ...options }: LiveRoutesOptions): readonly Route[] => [
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
      const tell = async ({ stream, gone, every }: Telling): Promise<void> => {
        every(BEAT, () => stream.write(': still here\n\n'))
        await stream.write(`id: ${cursor}\n\n`)
        for await (const { seq, message } of live.follow(cursor, gone)) {
          if (!isWanted(message, query)) continue
          const { name, ...data } = message
          await stream.writeSSE({ event: name, id: String(seq), data: JSON.stringify(data) })
        }
      }
      return openStream(c, tell, options)
    },
  ),
]

const isWanted = (message: LiveItem['message'], { site, visitor, stage }: z.infer<typeof Query>): boolean => {
  if (stage !== undefined && !stagesOf(message).includes(stage)) return false
  const [id, where] =
    message.name === 'score' ? [message.visitor.id, message.visitor.site] : [message.visitor, message.site]
  return (visitor === undefined || visitor === id) && (site === undefined || site === where)
}

/** The stages that a message tells of. An event tells of none. */
const stagesOf = (message: LiveItem['message']): readonly string[] => {
  if (message.name === 'score') return [message.visitor.stage]
  return message.name === 'transition' && message.what === 'stage' ? [message.from, message.to] : []
}
