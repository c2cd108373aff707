/** `POST /e` for the snippet, `/v1/*` and one-letter paths for SDKs: bodies go to the writer as they are. */
import type { IncomingMessage } from 'node:http'
import type { Context } from 'hono'
import { cors } from 'hono/cors'
import { z } from 'zod'
import { SdkSettings, Verdict } from '../../shared/answer-settings.ts'
import type { Peer } from '../address.ts'
import type { Meet } from '../callers.ts'
import type { PublicOrigin } from '../public-origin.ts'
import type { Answer, RawBody } from '../raw-body.ts'
import { readText } from './body.ts'
import { type Fault, fail, headersOf, UNAVAILABLE } from './failure.ts'
import { type Declaration, type Route, route } from './route.ts'

export interface EventsOptions {
  readonly take: (body: RawBody) => Promise<Answer>
  readonly now: () => number
  readonly isSiteKey: (key: string) => boolean
  readonly meet: Meet
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

/** A request, whichever way it comes. */
export interface Asking {
  readonly header: (name: string) => string | undefined
  readonly peer: Peer
  /** Reads the body; not called where nobody wants it. */
  readonly text: () => Promise<string | Fault>
}

/** What becomes of a request: the same on the short way, see direct.ts. */
export const createReceive =
  ({ take, now, meet }: Pick<EventsOptions, 'take' | 'now' | 'meet'>) =>
  async ({ header, peer, text }: Asking, kind: RawBody['kind']): Promise<Answer> => {
    const received = now()
    const head = { kind, received, ...saidOf(header, kind) }
    const { ruling, stranger } = meet(peer, head.userAgent, received)
    if (ruling !== 'in') {
      // The first of many is listed, not each: a flood must not be able to make work.
      if (ruling === 'fresh') void take({ ...head, text: '', refused: TOO_OFTEN })
      return answerOf(TOO_OFTEN)
    }
    const read = await text()
    return take({ ...head, ...(typeof read === 'string' ? { text: read } : { text: '', refused: read }), stranger })
  }

const answerOf = ({ status, ...error }: Fault): Answer => ({ status, body: JSON.stringify({ error }) })

export const eventRoutes = (options: EventsOptions): readonly Route[] => {
  const { isSiteKey, publicOrigin } = options
  const answer = createReceive(options)
  const receive = async (c: Context, kind: RawBody['kind']): Promise<Response> => {
    const asking = { header: (name: string) => c.req.header(name), peer: peerOf(c), text: () => readText(c) }
    const { status, body } = await answer(asking, kind)
    return c.body(body, { status: status as 200, headers: { 'content-type': JSON_TYPE, ...headersOf(status) } })
  }
  const taking = (path: string, kind: RawBody['kind']): Route =>
    route(kind === 'snippet' ? { ...SNIPPET, path } : { ...CALL, path, about: `${CALL.about} ${kind}.` }, ({ c }) =>
      receive(c, kind),
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
const TOO_OFTEN: Fault = {
  status: 429,
  code: 'too_often',
  message: 'Too much comes from this network. Send it again later, or raise LEADLIGHT_RATE_ADDRESS.',
}
const REFUSALS: readonly Fault[] = [
  { status: 400, code: 'unreadable', message: 'The body cannot be parsed.' },
  { status: 401, code: 'key', message: 'The key is not known.' },
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

const peerOf = (c: Context): Peer => ({
  address: (c.env as { incoming?: IncomingMessage } | undefined)?.incoming?.socket.remoteAddress,
  forwarded: c.req.header('x-forwarded-for'),
})

/** What the request says beside its body. */
const saidOf = (header: (name: string) => string | undefined, kind: RawBody['kind']): Partial<RawBody> => ({
  origin: header('origin'),
  userAgent: header('user-agent'),
  purpose: header('sec-purpose') ?? header('purpose') ?? header('x-moz'),
  optedOut: header('sec-gpc') === '1' || header('dnt') === '1',
  ...(kind !== 'snippet' && { key: keyIn(header('authorization')) }),
})

const JSON_TYPE = 'application/json; charset=utf-8'

/** What every answer of `POST /e` says: what the framework's layers say, for the way without them. */
export const HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after',
  'content-type': JSON_TYPE,
  'x-content-type-options': 'nosniff',
} as const

/** The user name of Basic credentials, as every Segment SDK sends its write key; or a bearer token. */
const keyIn = (authorization: string | undefined): string | undefined => {
  const [, scheme, value] = /^(basic|bearer) +(\S+)$/i.exec(authorization ?? '') ?? []
  if (value === undefined) return undefined
  return scheme!.toLowerCase() === 'bearer' ? value : Buffer.from(value, 'base64').toString('utf8').split(':')[0]
}
