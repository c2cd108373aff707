/** The dashboard's page and bundle, the snippet, the demo site: files, with the headers that keep them safe. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { z } from 'zod'
import { demoPage } from '../../demo/site.ts'
import { type Access, COOKIE } from '../access.ts'
import type { PublicOrigin } from '../public-origin.ts'
import type { Site } from '../store/store.ts'
import { fail, NOT_FOUND } from './failure.ts'
import { pagePolicy } from './policy.ts'
import { type Route, route } from './route.ts'

export interface PageOptions {
  readonly dist: string
  readonly access: Access
  readonly publicOrigin: PublicOrigin
  /** The demo's site; undefined where there is no demo. */
  readonly demo: () => Site | undefined
  readonly siteOfKey: (key: string) => Site | undefined
}

/** A file that is served often: compressed once, known by its hash. */
const asset = (body: string, type: string) => {
  const forms = { br: brotliCompressSync(body), gzip: gzipSync(body, { level: 9 }), identity: Buffer.from(body) }
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  return (c: Context, cache: string): Response => {
    const accepted = c.req.header('accept-encoding') ?? ''
    const form = takes(accepted, 'br') ? 'br' : takes(accepted, 'gzip') ? 'gzip' : 'identity'
    const headers = { etag, vary: 'Accept-Encoding', 'cache-control': cache, 'content-type': type }
    if (c.req.header('if-none-match')?.includes(etag)) return c.body(null, 304, headers)
    return c.body(forms[form], 200, { ...headers, ...(form !== 'identity' && { 'content-encoding': form }) })
  }
}

/** Named, and not with a weight of zero, which is a refusal. */
const takes = (accepted: string, encoding: string): boolean =>
  new RegExp(`(^|[\\s,])${encoding}(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`, 'i').test(accepted)

const SCRIPT = 'text/javascript; charset=utf-8'
const STYLE = 'text/css; charset=utf-8'
/** Snippets of sites with settings of their own that are kept compressed. */
const MOST_KNOWN = 200
const IMMUTABLE = 'public, max-age=31536000, immutable'

const SnippetQuery = z.object({ site: z.string().max(200).optional() })

export const pageRoutes = (options: PageOptions): readonly Route[] => [
  snippetRoute(options),
  ...dashboardRoutes(options),
  ...demoRoutes(options),
]

const snippetRoute = ({ dist, siteOfKey }: PageOptions): Route => {
  const snippet = readFileSync(join(dist, 'leadlight.js'), 'utf8')
  const plain = asset(snippet, SCRIPT)
  const known = new Map<string, ReturnType<typeof asset>>()
  /** To compress takes longer than to serve. Old settings are forgotten with those of all sites. */
  const withSettings = (settings: string): ReturnType<typeof asset> => {
    const made = known.get(settings) ?? asset(settings + snippet, SCRIPT)
    if (known.size > MOST_KNOWN) known.clear()
    known.set(settings, made)
    return made
  }
  const about = 'The snippet, with what it must know of the site.'
  const answers = { 200: { about: 'A script.', type: SCRIPT }, 304: { about: 'It is the same as before.' } }
  return route(
    { method: 'GET', path: '/leadlight.js', who: 'anyone', about, query: SnippetQuery, answers },
    ({ c, query }) => {
      c.header('access-control-allow-origin', '*')
      c.header('cross-origin-resource-policy', 'cross-origin')
      c.header('x-content-type-options', 'nosniff')
      const site = siteOfKey(query.site ?? '')
      const settings = site && settingsFor(site)
      return settings ? withSettings(settings)(c, 'public, max-age=300') : plain(c, 'public, max-age=3600')
    },
  )
}

/** A page for people, under the dashboard's policy: it is not in the document. */
const page = (path: string, show: (c: Context) => Response | Promise<Response>): Route =>
  route({ method: 'GET', path, who: 'anyone', answers: {}, middleware: [pagePolicy()] }, ({ c }) => show(c))

const dashboardRoutes = (options: PageOptions): readonly Route[] => {
  const file = (name: string): string => readFileSync(join(options.dist, name), 'utf8')
  const bundle = new Map(
    readdirSync(join(options.dist, 'dashboard')).map((name) => [
      name,
      asset(file(`dashboard/${name}`), name.endsWith('.css') ? STYLE : SCRIPT),
    ]),
  )
  const html = readFileSync(join(import.meta.dirname, '../dashboard/index.html'), 'utf8')
  return [
    page('/', (c) => c.html(html, 200, { 'cache-control': 'no-cache' })),
    page('/dashboard/:file', (c) => {
      const name = c.req.param('file') ?? ''
      // What is named by its hash never changes; `main` names them.
      return bundle.get(name)?.(c, name.startsWith('main.') ? 'no-cache' : IMMUTABLE) ?? fail(c, NOT_FOUND)
    }),
    page('/signin', (c) => signIn(c, options)),
  ]
}

const signIn = async (c: Context, { access, publicOrigin }: PageOptions): Promise<Response> => {
  // Who only looks whether there is something behind a link must not use it up.
  if (c.req.method === 'HEAD') return c.body(null)
  const session = await access.signIn(c.req.query('token') ?? '')
  c.header('cache-control', 'no-store')
  const isSignedIn = access.roleOfSession(getCookie(c, COOKIE) ?? '') !== undefined
  if (session) {
    const secure = publicOrigin((name) => c.req.header(name))?.startsWith('https:') ?? false
    setCookie(c, COOKIE, session, { httpOnly: true, sameSite: 'Strict', path: '/', secure, maxAge: 30 * 86_400 })
  }
  // A used link in a browser that is signed in is no reason to turn its owner away.
  return c.redirect(session || isSignedIn ? '/' : '/?expired', 303)
}

const demoRoutes = ({ demo }: PageOptions): readonly Route[] => {
  const show = (c: Context): Response => {
    const site = demo()
    if (!site) return fail(c, NOT_FOUND)
    const { status, type, body } = demoPage(c.req.path.slice('/demo'.length) || '/', { key: site.key })
    return c.body(body, status as 200, { 'content-type': type, 'cache-control': 'no-cache' })
  }
  const shown = { method: 'GET', who: 'anyone', answers: {}, middleware: [pagePolicy({ plays: true })] } as const
  return [
    route({ ...shown, path: '/demo' }, ({ c }) => show(c)),
    route({ ...shown, path: '/demo/*' }, ({ c }) => show(c)),
    // A demo form is posted so that what was typed stays out of the address; nobody reads it.
    route({ method: 'POST', path: '/demo/*', who: 'anyone', answers: {} }, ({ c }) =>
      c.redirect(new URL(c.req.url).pathname, 303),
    ),
  ]
}

/** What the snippet must know of its site before it does anything, as a statement in front of it. */
const settingsFor = ({ settings }: Site): string | undefined => {
  const { consent, honoursGpc, tellsStage } = settings
  const said = {
    ...(consent !== 'none' && { consent }),
    ...(!honoursGpc && { gpc: false }),
    ...(tellsStage && { stage: true }),
  }
  return Object.keys(said).length > 0 ? `self.leadlightSite=${JSON.stringify(said)};` : undefined
}
