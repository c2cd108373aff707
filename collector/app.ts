/** Every route, and who may use it. Starts nothing. */
import { Hono } from 'hono'
import { type AccountRoutesOptions, accountRoutes } from './routes/accounts.ts'
import { type AdminOptions, adminRoutes } from './routes/admin.ts'
import { type AuditOptions, auditRoutes, createAuditor } from './routes/audit.ts'
import { type DemoPanelOptions, demoPanelRoutes } from './routes/demo-panel.ts'
import { docsRoutes } from './routes/docs.ts'
import { type ErasureOptions, erasureRoutes } from './routes/erasure.ts'
import { type EventsOptions, eventRoutes, OPEN_PATHS, openCors } from './routes/events.ts'
import { exportRoutes } from './routes/export.ts'
import { fail, INTERNAL, NOT_FOUND, UNAVAILABLE } from './routes/failure.ts'
import { createGuard, type GuardOptions } from './routes/guard.ts'
import { handoffRoutes } from './routes/handoff.ts'
import { type HealthOptions, healthRoutes } from './routes/health.ts'
import { liveRoutes } from './routes/live.ts'
import { type MetricsRoutesOptions, metricsRoutes } from './routes/metrics.ts'
import { type ModelChangesOptions, modelChangeRoutes } from './routes/model-changes.ts'
import { type ModelsOptions, modelRoutes } from './routes/models.ts'
import { type PageOptions, pageRoutes } from './routes/page.ts'
import { type ReportRoutesOptions, reportRoutes } from './routes/reports.ts'
import type { Route } from './routes/route.ts'
import { type SampleRoutesOptions, sampleRoutes } from './routes/sample.ts'
import { type SitesOptions, siteRoutes } from './routes/sites.ts'
import { type SlaOptions, slaRoutes } from './routes/sla.ts'
import { trendRoutes } from './routes/trends.ts'
import { type VisitorChangesOptions, visitorChangeRoutes } from './routes/visitor-changes.ts'
import { type VisitorsOptions, visitorRoutes } from './routes/visitors.ts'
import { type WebhookRoutesOptions, webhookRoutes } from './routes/webhooks.ts'
import { Unavailable } from './unavailable.ts'

export interface AppOptions
  extends EventsOptions,
    Omit<VisitorsOptions, 'editions'>,
    AccountRoutesOptions,
    SampleRoutesOptions,
    ReportRoutesOptions,
    MetricsRoutesOptions,
    Omit<AdminOptions, 'views' | 'writer'>,
    Omit<ModelsOptions, 'writer'>,
    Omit<ModelChangesOptions, 'writer' | 'views'>,
    Omit<WebhookRoutesOptions, 'writer'>,
    SlaOptions,
    Pick<DemoPanelOptions, 'live'>,
    GuardOptions,
    Omit<AuditOptions, 'writer' | 'views'>,
    HealthOptions {
  readonly writer: AdminOptions['writer'] &
    VisitorChangesOptions['writer'] &
    ErasureOptions['writer'] &
    SitesOptions['writer'] &
    AuditOptions['writer'] &
    ModelChangesOptions['writer'] &
    WebhookRoutesOptions['writer']
  readonly pages: Omit<PageOptions, 'access' | 'publicOrigin'>
  readonly log: (problem: string) => void
  /** Of the program. */
  readonly version: string
}

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

  for (const path of OPEN_PATHS) app.use(path, openCors)
  const guard = createGuard(options)
  const audited = createAuditor(options)
  for (const route of routesOf(options)) {
    const { method, path, who, middleware = [], handle } = route
    app.on(method, path, guard(who), ...audited(route), ...middleware, handle)
  }
  // What is not there is denied all the same: strangers do not learn what is.
  app.all('/api/*', guard('admin'), (c) => fail(c, NOT_FOUND))
  return app
}

/** Every route there is. Of two that fit an address, the first one answers. */
export const routesOf = (options: AppOptions): readonly Route[] => {
  const routes = ownRoutes(options)
  return [...docsRoutes(routes, options.version), ...routes]
}

const ownRoutes = (options: AppOptions): readonly Route[] => [
  ...healthRoutes(options),
  ...visitorRoutes(options),
  ...trendRoutes(options),
  ...visitorChangeRoutes(options),
  ...erasureRoutes(options),
  ...handoffRoutes(options),
  ...accountRoutes(options),
  ...reportRoutes(options),
  ...slaRoutes(options),
  ...exportRoutes(options),
  ...liveRoutes(options),
  ...modelRoutes(options),
  ...modelChangeRoutes(options),
  ...siteRoutes(options),
  ...webhookRoutes(options),
  ...sampleRoutes(options),
  ...adminRoutes(options),
  ...metricsRoutes(options),
  ...auditRoutes(options),
  ...eventRoutes(options),
  ...(options.pages.demo() ? demoPanelRoutes(options) : []),
  ...pageRoutes({ ...options.pages, access: options.access, publicOrigin: options.publicOrigin }),
]
