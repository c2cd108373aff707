/** `POST /e` for the snippet, `/v1/*` and one-letter paths for SDKs: bodies go to the writer as they are. */
import type { IncomingMessage } from 'node:http'
import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import type { Peer } from '../address.ts'
import type { Meet } from '../callers.ts'
import type { Answer, RawBody } from '../raw-body.ts'
import { readText } from './body.ts'
import { type Fault, fail, headersOf } from './failure.ts'

export interface EventsOptions {
  readonly take: (body: RawBody) => Promise<Answer>
  readonly now: () => number
  readonly isSiteKey: (key: string) => boolean
  readonly meet: Meet
}

const CALLS = ['track', 'page', 'screen', 'identify', 'group', 'alias', 'batch', 'import'] as const
const LETTERS = { t: 'track', p: 'page', s: 'screen', i: 'identify', g: 'group', a: 'alias', b: 'batch' } as const

export const eventRoutes = ({ take, now, isSiteKey, meet }: EventsOptions): Hono => {
  const receive =
    (kind: RawBody['kind']) =>
    async (c: Context): Promise<Response> => {
      const received = now()
      const head = { kind, received, ...saidOf(c, kind) }
      const { ruling, stranger } = meet(peerOf(c), head.userAgent, received)
      if (ruling !== 'in') {
        // The first of many is listed, not each: a flood must not be able to make work.
        if (ruling === 'fresh') void take({ ...head, text: '', refused: TOO_OFTEN })
        return fail(c, TOO_OFTEN)
      }
      const read = await readText(c)
      const text = typeof read === 'string' ? { text: read } : { text: '', refused: read }
      const { status, body } = await take({ ...head, ...text, stranger })
      const headers = { 'content-type': 'application/json; charset=utf-8', ...headersOf(status) }
      return c.body(body, { status: status as 200, headers })
    }

  // Whatever headers an SDK asks to send, for some let their users add to them: there is no cookie here to misuse.
  const open = cors({
    origin: '*',
    allowMethods: ['GET', 'POST'],
    exposeHeaders: ['retry-after'],
    maxAge: 86_400,
  })
  const app = new Hono()
  app.use('/e', open)
  app.use('/v1/*', open)
  app.post('/e', receive('snippet'))
  for (const kind of CALLS) app.post(`/v1/${kind}`, receive(kind))
  for (const [letter, kind] of Object.entries(LETTERS)) {
    app.use(`/${letter}`, open)
    app.post(`/${letter}`, receive(kind))
    app.post(`/v1/${letter}`, receive(kind))
  }
  app.get('/v1/projects/:key/settings', (c) =>
    isSiteKey(c.req.param('key'))
      ? c.json({
          integrations: { 'Segment.io': { apiKey: c.req.param('key'), apiHost: `${new URL(c.req.url).host}/v1` } },
        })
      : fail(c, {
          status: 404,
          code: 'unknown_key',
          message: 'The key is not known here. Take it from the setup page.',
        }),
  )
  return app
}

const TOO_OFTEN: Fault = {
  status: 429,
  code: 'too_often',
  message: 'Too much comes from this network. Send it again later, or raise LEADLIGHT_RATE_ADDRESS.',
}

const peerOf = (c: Context): Peer => ({
  address: (c.env as { incoming?: IncomingMessage } | undefined)?.incoming?.socket.remoteAddress,
  forwarded: c.req.header('x-forwarded-for'),
})

/** What the request says beside its body. */
const saidOf = (c: Context, kind: RawBody['kind']): Partial<RawBody> => ({
  origin: c.req.header('origin'),
  userAgent: c.req.header('user-agent'),
  purpose: c.req.header('sec-purpose') ?? c.req.header('purpose') ?? c.req.header('x-moz'),
  optedOut: c.req.header('sec-gpc') === '1' || c.req.header('dnt') === '1',
  ...(kind !== 'snippet' && { key: keyIn(c.req.header('authorization')) }),
})

/** The user name of Basic credentials, as every Segment SDK sends its write key; or a bearer token. */
const keyIn = (authorization: string | undefined): string | undefined => {
  const [, scheme, value] = /^(basic|bearer) +(\S+)$/i.exec(authorization ?? '') ?? []
  if (value === undefined) return undefined
  return scheme!.toLowerCase() === 'bearer' ? value : Buffer.from(value, 'base64').toString('utf8').split(':')[0]
}
