/** `POST /e` for the snippet, `/v1/*` and one-letter paths for SDKs: bodies go to the writer as they are. */
import type { IncomingMessage } from 'node:http'
import type { Context } from 'hono'
import { cors } from 'hono/cors'
import { z } from 'zod'
import { SdkSettings, Verdict } from '../../shared/answer-settings.ts'
import type { PublicOrigin } from '../public-origin.ts'
import type { RawBody } from '../raw-body.ts'
import { BROKEN_OFF, readText } from './body.ts'
import { type Fault, fail, headersOf, UNAVAILABLE } from './failure.ts'
import { createReceive, type ReceiveOptions, TOO_OFTEN } from './receive.ts'
import { type Declaration, type Route, route } from './route.ts'

export interface EventsOptions extends ReceiveOptions {
  readonly isSiteKey: (key: string) => boolean
  readonly publicOrigin: PublicOrigin
}

const CALLS = ['track', 'page', 'screen', 'identify', 'group', 'alias', 'batch', 'import'] as const
const LETTERS = { t: 'track', p: 'page', s: 'screen', i: 'identify', g: 'group', a: 'alias', b: 'batch' } as const

/** Whatever headers an SDK asks to send, for some let their users add to them: there is no cookie here to misuse. */
export const openCors = cors({
  origin: '*',
  allowMethods: ['GET', 'POST'],
  exposeHeaders: ['retry-after'],
  maxAge: 86_400,
})

/** Where an SDK may ask first whether it may send. */
export const OPEN_PATHS = ['/e', '/v1/*', ...Object.keys(LETTERS).map((letter) => `/${letter}`)] as const

export const eventRoutes = ({ take, now, isSiteKey, meet, publicOrigin }: EventsOptions): readonly Route[] => {
  const receive = createReceive({ take, meet, now })
  const answer = async (c: Context, kind: RawBody['kind']): Promise<Response> => {
    const header = (name: string) => c.req.header(name)
    const { status, body } = await receive({ kind, header, address: addressOf(c), read: () => readText(c) })
    return c.body(body, { status: status as 200, headers: { 'content-type': JSON_TYPE, ...headersOf(status) } })
  }
  const taking = (path: string, kind: RawBody['kind']): Route =>
    route(kind === 'snippet' ? { ...SNIPPET, path } : { ...CALL, path, about: `${CALL.about} ${kind}.` }, ({ c }) =>
      answer(c, kind),
    )

  return [
    taking('/e', 'snippet'),
    ...CALLS.map((kind) => taking(`/v1/${kind}`, kind)),
    ...Object.entries(LETTERS).flatMap(([letter, kind]) => [taking(`/${letter}`, kind), taking(`/v1/${letter}`, kind)]),
    route(SETTINGS, ({ c }) => {
      const apiKey = c.req.param('key')!
      if (!isSiteKey(apiKey)) return fail(c, UNKNOWN_KEY)
      const { host, protocol } = new URL(publicOrigin((name) => c.req.header(name)) ?? c.req.url)
      // Left to itself the library takes https.
      const segment = { apiKey, apiHost: `${host}/v1`, protocol: protocol.slice(0, -1) }
      return c.json({ integrations: { 'Segment.io': segment } })
    }),
  ]
}

const UNKNOWN_KEY: Fault = {
  status: 404,
  code: 'unknown_key',
  message: 'The key is not known here. Take it from the setup page.',
}
const REFUSALS: readonly Fault[] = [
  { status: 400, code: 'bad_json', message: 'The body takes JSON.' },
  { status: 400, code: 'bad_body', message: 'The body takes an object, and its events in a list.' },
  { status: 400, code: 'unreadable', message: 'The collector failed to read the body. Its log says why.' },
  BROKEN_OFF,
  { status: 401, code: 'unknown_key', message: 'The key is missing or not known here. Take it from the setup page.' },
  { status: 403, code: 'origin', message: 'The site takes nothing from that origin.' },
  { status: 413, code: 'too_large', message: 'The body is too large.' },
  { status: 415, code: 'encoding', message: 'The encoding is not known.' },
  TOO_OFTEN,
  UNAVAILABLE,
]
const TOLD = { 200: { about: 'On disk; what became of each event.', schema: Verdict } }

const SNIPPET = {
  method: 'POST',
  who: 'site',
  about: 'Takes what the snippet has seen. JSON as text/plain, so that browsers ask no leave first.',
  takes: z.object({
    site: z.string(),
    visitor: z.string().optional(),
    sent: z.number(),
    automated: z.boolean().optional(),
    events: z.array(z.looseObject({ id: z.string(), type: z.string(), at: z.number() })),
  }),
  answers: TOLD,
  faults: REFUSALS,
} satisfies Omit<Declaration, 'path'>

const CALL = {
  method: 'POST',
  who: 'write',
  about: 'Takes what Segment-compatible libraries send:',
  takes: z.looseObject({ writeKey: z.string().optional(), messageId: z.string().optional() }),
  answers: TOLD,
  faults: REFUSALS,
} satisfies Omit<Declaration, 'path'>

const SETTINGS = {
  method: 'GET',
  path: '/v1/projects/:key/settings',
  who: 'site',
  about: "What Segment's browser library asks for before it sends.",
  answers: { 200: { about: 'Where to send.', schema: SdkSettings } },
  faults: [UNKNOWN_KEY],
} satisfies Declaration

const addressOf = (c: Context): string | undefined =>
  (c.env as { incoming?: IncomingMessage } | undefined)?.incoming?.socket.remoteAddress

const JSON_TYPE = 'application/json; charset=utf-8'

/** What every answer of `POST /e` says: what the framework's layers say, for the way without them. */
export const HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after',
  'content-type': JSON_TYPE,
  'x-content-type-options': 'nosniff',
} as const
