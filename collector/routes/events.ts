/** `POST /e` for the snippet, `/v1/*` and one-letter paths for SDKs: bodies go to the writer as they are. */
import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import type { Answer, RawBody } from '../raw-body.ts'
import { readText } from './body.ts'
import { fail, headersOf } from './failure.ts'

export interface EventsOptions {
  readonly take: (body: RawBody) => Promise<Answer>
  readonly now: () => number
  readonly isSiteKey: (key: string) => boolean
}

const CALLS = ['track', 'page', 'screen', 'identify', 'group', 'alias', 'batch', 'import'] as const
const LETTERS = { t: 'track', p: 'page', s: 'screen', i: 'identify', g: 'group', a: 'alias', b: 'batch' } as const

export const eventRoutes = ({ take, now, isSiteKey }: EventsOptions): Hono => {
  const receive =
    (kind: RawBody['kind']) =>
    async (c: Context): Promise<Response> => {
      const received = now()
      const read = await readText(c)
      const text = typeof read === 'string' ? { text: read } : { text: '', refused: read }
      const said = saidOf((name) => c.req.header(name), kind)
      const { status, body } = await take({ kind, received, ...said, ...text })
      const headers = { 'content-type': JSON_TYPE, ...headersOf(status) }
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

/** What the request says beside its body. */
export const saidOf = (header: (name: string) => string | undefined, kind: RawBody['kind']): Partial<RawBody> => ({
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
