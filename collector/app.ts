/** Every route, and who may use it. Starts nothing. */
import { Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { type Access, COOKIE, type Role } from './access.ts'
import type { PublicOrigin } from './public-origin.ts'
import { type AccountRoutesOptions, accountRoutes } from './routes/accounts.ts'
import { type AdminOptions, adminRoutes } from './routes/admin.ts'
import { type DemoPanelOptions, demoPanelRoutes } from './routes/demo-panel.ts'
import { type EventsOptions, eventRoutes } from './routes/events.ts'
import { FORBIDDEN, FOREIGN, fail, INTERNAL, NOT_FOUND, UNAUTHORIZED, UNAVAILABLE } from './routes/failure.ts'
import { liveRoutes } from './routes/live.ts'
import { type ModelChangesOptions, modelChangeRoutes } from './routes/model-changes.ts'
import { type ModelsOptions, modelRoutes } from './routes/models.ts'
import { type PageOptions, pageRoutes } from './routes/page.ts'
import { type SampleRoutesOptions, sampleRoutes } from './routes/sample.ts'
import { type VisitorChangesOptions, visitorChangeRoutes } from './routes/visitor-changes.ts'
import { type VisitorsOptions, visitorRoutes } from './routes/visitors.ts'
import { Unavailable } from './unavailable.ts'

export interface AppOptions
  extends EventsOptions,
    Omit<VisitorsOptions, 'editions'>,
    AccountRoutesOptions,
    SampleRoutesOptions,
    Omit<AdminOptions, 'views' | 'writer'>,
    Omit<ModelsOptions, 'writer'>,
    Omit<ModelChangesOptions, 'writer' | 'views'>,
    Pick<DemoPanelOptions, 'live'> {
  readonly access: Access
  readonly writer: AdminOptions['writer'] & VisitorChangesOptions['writer'] & ModelChangesOptions['writer']
  readonly publicOrigin: PublicOrigin
  readonly pages: Omit<PageOptions, 'access' | 'publicOrigin'>
  /** Whether the writer could commit just now. */
  readonly isReady: () => Promise<boolean>
  readonly log: (problem: string) => void
}

/** What a reader may look at; all else under /api takes the admin role. */
const READABLE = ['/api/visitors', '/api/accounts', '/api/live', '/api/models', '/api/sites', '/api/rejected'] as const

export const createApp = (options: AppOptions): Hono => {
  const app = new Hono()
  app.onError((error, c) => {
    options.log(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return fail(c, error instanceof Unavailable ? UNAVAILABLE : INTERNAL)
  })
  app.notFound((c) => fail(c, NOT_FOUND))
  app.use(async (c, next) => {
    await next()
    c.header('x-content-type-options', 'nosniff')
  })

  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => ((await options.isReady()) ? c.json({ status: 'ready' }) : fail(c, UNAVAILABLE)))

  app.use('/api/*', guardApi(options))
  app.route('/api/visitors', visitorRoutes(options))
  app.route('/api/visitors', visitorChangeRoutes(options))
  app.route('/api/accounts', accountRoutes(options))
  app.route('/api/live', liveRoutes(options))
  app.route('/api/models', modelRoutes(options))
  app.route('/api/models', modelChangeRoutes(options))
  app.route('/api/sample', sampleRoutes(options))
  app.route('/api', adminRoutes(options))
  app.route('/', eventRoutes(options))
  if (options.pages.demo()) app.route('/demo/live', demoPanelRoutes(options))
  app.route('/', pageRoutes({ ...options.pages, access: options.access, publicOrigin: options.publicOrigin }))
  return app
}

/** A token or the dashboard's cookie; a cookie may write only from the dashboard's own page. */
const guardApi = ({ access, publicOrigin }: Pick<AppOptions, 'access' | 'publicOrigin'>) =>
  createMiddleware(async (c, next) => {
    c.header('cache-control', 'no-store')
    const bearer = /^bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    const cookie = getCookie(c, COOKIE)
    const role = bearer ? access.roleOfToken(bearer) : cookie ? access.roleOfSession(cookie) : undefined
    if (!role) return fail(c, UNAUTHORIZED)
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD'
    const told = publicOrigin((name) => c.req.header(name))
    const hosts = [c.req.header('host'), told && new URL(told).host]
    if (!bearer && !reads && !isOwn(c.req.header('origin'), hosts)) return fail(c, FOREIGN)
    return mayUse(role, c.req.path, reads) ? next() : fail(c, FORBIDDEN)
  })

const mayUse = (role: Role, path: string, reads: boolean): boolean => {
  const isUnder = (prefix: string) => path === prefix || path.startsWith(`${prefix}/`)
  return role === 'admin' || (reads && READABLE.some(isUnder))
}

const isOwn = (origin: string | undefined, hosts: readonly (string | undefined)[]): boolean =>
  origin !== undefined && URL.canParse(origin) && hosts.includes(new URL(origin).host)
