/** Every route, and who may use it. Starts nothing. */
import { Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { type Access, COOKIE, type Role } from './access.ts'
import { type AdminOptions, adminRoutes } from './routes/admin.ts'
import { type DemoPanelOptions, demoPanelRoutes } from './routes/demo-panel.ts'
import { type EventsOptions, eventRoutes } from './routes/events.ts'
import { FORBIDDEN, fail, NOT_FOUND, UNAUTHORIZED } from './routes/failure.ts'
import { liveRoutes } from './routes/live.ts'
import { type ModelChangesOptions, modelChangeRoutes } from './routes/model-changes.ts'
import { type ModelsOptions, modelRoutes } from './routes/models.ts'
import { type PageOptions, pageRoutes } from './routes/page.ts'
import { type VisitorsOptions, visitorRoutes } from './routes/visitors.ts'

export interface AppOptions
  extends EventsOptions,
    Omit<VisitorsOptions, 'editions'>,
    Omit<AdminOptions, 'views' | 'writer'>,
    Omit<ModelsOptions, 'writer'>,
    Omit<ModelChangesOptions, 'writer' | 'views'>,
    Pick<DemoPanelOptions, 'live'> {
  readonly access: Access
  readonly writer: AdminOptions['writer'] & ModelChangesOptions['writer']
  readonly pages: Omit<PageOptions, 'access'>
  /** Whether the writer could commit just now. */
  readonly isReady: () => Promise<boolean>
  readonly log: (problem: string) => void
}

/** Addresses under /api that take the admin role, whatever the method. */
const ADMIN_ONLY = ['/api/sites', '/api/keys', '/api/rejected', '/api/signin'] as const
/** Of these, a reader may look at some. */
const READABLE = ['/api/sites', '/api/rejected'] as const

export const createApp = (options: AppOptions): Hono => {
  const app = new Hono()
  app.onError((error, c) => {
    options.log(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return fail(c, {
      status: 500,
      code: 'internal',
      message: 'Something is wrong in the collector; its log says what.',
    })
  })
  app.notFound((c) => fail(c, NOT_FOUND))

  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) =>
    (await options.isReady()) ? c.json({ status: 'ready' }) : c.json({ status: 'unable to write' }, 503),
  )

  app.use('/api/*', guardApi(options.access))
  app.route('/api/visitors', visitorRoutes(options))
  app.route('/api/live', liveRoutes(options))
  app.route('/api/models', modelRoutes(options))
  app.route('/api/models', modelChangeRoutes(options))
  app.route('/api', adminRoutes(options))
  app.route('/', eventRoutes(options))
  if (options.pages.demo()) app.route('/demo/live', demoPanelRoutes(options))
  app.route('/', pageRoutes({ ...options.pages, access: options.access }))
  return app
}

/** A token or the dashboard's cookie; a cookie may write only from the dashboard's own page. */
const guardApi = (access: Access) =>
  createMiddleware(async (c, next) => {
    c.header('cache-control', 'no-store')
    c.header('x-content-type-options', 'nosniff')
    const bearer = /^bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    const cookie = getCookie(c, COOKIE)
    const role = bearer ? access.roleOfToken(bearer) : cookie ? access.roleOfSession(cookie) : undefined
    if (!role) return fail(c, UNAUTHORIZED)
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD'
    if (!bearer && !reads && !isSameOrigin(c.req.header('origin'), c.req.header('host'))) return fail(c, FORBIDDEN)
    return mayUse(role, c.req.path, reads) ? next() : fail(c, FORBIDDEN)
  })

const mayUse = (role: Role, path: string, reads: boolean): boolean => {
  const isUnder = (prefix: string) => path === prefix || path.startsWith(`${prefix}/`)
  return role === 'admin' || (reads && (!ADMIN_ONLY.some(isUnder) || READABLE.some(isUnder)))
}

const isSameOrigin = (origin: string | undefined, host: string | undefined): boolean =>
  origin !== undefined && URL.canParse(origin) && new URL(origin).host === host
