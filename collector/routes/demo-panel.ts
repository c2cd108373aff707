/** `GET /demo/live`: the demo site's visitors see their own score. No other site has such a route. */
import { z } from 'zod'
import { toTenth } from '../../shared/present.ts'
import type { Live } from '../live.ts'
import type { Profiles } from '../profiles.ts'
import type { Views } from '../store/store.ts'
import { type Route, route } from './route.ts'
import { openStream, type Telling } from './stream.ts'

export interface DemoPanelOptions {
  readonly views: Views
  readonly profiles: Profiles
  readonly live: Live
  readonly now: () => number
  readonly log: (problem: string) => void
}

const Query = z.object({ visitor: z.string().regex(/^[0-9a-z]{10,32}$/, 'takes the id the snippet keeps') })
/** The score fades while nobody clicks: it is told anew this often. */
const REFRESH = 10_000
const SIGNALS = 5

export const demoPanelRoutes = ({ views, profiles, live, now, log }: DemoPanelOptions): readonly Route[] => {
  const meOf = async (anonymous: string) => {
    const stored = await views.visitor(anonymous, 'demo')
    if (!stored) return undefined
    const { items } = await profiles.explain(stored, now())
    const { id, score, stage, funnel, qualification } = profiles.show(stored, now())
    const signals = items
      .slice(-SIGNALS)
      .reverse()
      .map(({ signal, applied, at, rule }) => ({ signal, applied: toTenth(applied), at, rule }))
    return { id, me: { score, stage, funnel, qualification, signals } }
  }

  const watch = route(
    { method: 'GET', path: '/demo/live', who: 'anyone', query: Query, answers: {} },
    ({ c, query }) => {
      const { visitor } = query
      const watching = async ({ stream, gone, every }: Telling): Promise<void> => {
        let id: string | undefined
        const tell = async (): Promise<void> => {
          const found = await meOf(visitor)
          id = found?.id
          if (found) await stream.writeSSE({ event: 'me', data: JSON.stringify(found.me) })
        }
        every(REFRESH, tell)
        const start = await live.head()
        await tell()
        for await (const { message } of live.follow(start, gone))
          if (message.name === 'score' && (id === undefined || message.visitor.id === id)) await tell()
      }
      return openStream(c, watching, { log })
    },
  )
  return [watch]
}
