/** Sites, keys, and what was rejected: `/api/sites`, `/api/keys`, `/api/rejected`, `/api/signin`. */
import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { isoOf } from '../../shared/present.ts'
import { hashOf } from '../admission.ts'
import { IGNORE_PATTERN, STAFF_PATTERN } from '../ingest/own-traffic.ts'
import type { Key, Site, SiteSettings, Views } from '../store/store.ts'
import type { Commands } from '../writer.ts'
import { readJson } from './body.ts'
import { badRequest, type Fault, fail, NOT_FOUND } from './failure.ts'

export interface AdminOptions {
  readonly writer: Pick<Commands, 'insertSite' | 'updateSite' | 'insertKey' | 'deleteKey'>
  readonly views: Pick<Views, 'rejected'>
  readonly sites: () => readonly Site[]
  readonly keys: () => readonly Key[]
  /** Reads sites and keys again. */
  readonly refresh: () => Promise<void>
  readonly signInUrl: () => string
  readonly now: () => number
}

const Settings = z.strictObject({
  origins: z
    .array(
      z
        .string()
        .toLowerCase()
        .regex(/^[a-z0-9.-]{1,253}(:\d{1,5})?$/, 'takes a host such as www.example.com'),
    )
    .max(100),
  consent: z.enum(['none', 'required', 'cookieless']),
  allowsAutomation: z.boolean(),
  allowsPurchase: z.boolean(),
  honoursGpc: z.boolean(),
  ignores: z
    .array(
      z
        .string()
        .toLowerCase()
        .regex(IGNORE_PATTERN, 'takes a host, a path, or both, with up to three stars: staging.*'),
    )
    .max(100),
  staff: z.array(z.string().regex(STAFF_PATTERN, 'takes the domain of an address, or the id of a browser')).max(200),
})
const SiteName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'takes lower-case letters, digits and hyphens')
const NewSite = Settings.partial().extend({ name: SiteName })
const NewKey = z.strictObject({
  kind: z.enum(['write', 'read', 'admin']),
  site: SiteName.default('default'),
  label: z.string().max(100).default(''),
})
const Limit = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) })

export const DEFAULT_SETTINGS: SiteSettings = {
  origins: [],
  consent: 'none',
  allowsAutomation: false,
  allowsPurchase: false,
  honoursGpc: true,
  tellsStage: false,
  pageRules: [],
  ignores: [],
  staff: [],
}

/** A site that is new, with a public key of its own. */
export const newSite = (name: string, createdAt: number, settings: Partial<SiteSettings> = {}): Site => ({
  name,
  key: `site_${randomBytes(12).toString('hex')}`,
  createdAt,
  settings: { ...DEFAULT_SETTINGS, ...settings },
})

export const adminRoutes = (options: AdminOptions): Hono => {
  const { writer, views, sites, keys, refresh, now } = options
  const app = new Hono()
  const siteNamed = (name: string): Site | undefined => sites().find((site) => site.name === name)

  app.get('/sites', (c) => c.json({ items: sites().map(siteView) }))
  app.post('/sites', async (c) => {
    const body = NewSite.safeParse(await readJson(c))
    if (!body.success) return fail(c, badRequest(body.error))
    const { name, ...settings } = body.data
    if (siteNamed(name)) return fail(c, taken('site'))
    const site = newSite(name, now(), settings)
    const isNew = await writer.insertSite(site)
    await refresh()
    if (!isNew) return fail(c, taken('site'))
    return c.json(siteView(site), 201)
  })
  app.patch('/sites/:name', async (c) => {
    const body = Settings.partial().safeParse(await readJson(c))
    if (!body.success) return fail(c, badRequest(body.error))
    const site = siteNamed(c.req.param('name'))
    if (!site) return fail(c, NOT_FOUND)
    const settings = { ...site.settings, ...body.data }
    await writer.updateSite(site.name, settings)
    await refresh()
    return c.json(siteView({ ...site, settings }))
  })

  app.get('/keys', (c) => c.json({ items: keys().map(keyView) }))
  app.post('/keys', async (c) => {
    const body = NewKey.safeParse(await readJson(c))
    if (!body.success) return fail(c, badRequest(body.error))
    const { kind, site, label } = body.data
    if (kind === 'write' && !siteNamed(site)) return fail(c, NOT_FOUND)
    const secret = `${kind}_${randomBytes(32).toString('base64url')}`
    const key: Key = {
      id: randomBytes(8).toString('hex'),
      kind,
      site: kind === 'write' ? site : undefined,
      label,
      hint: secret.slice(-4),
      createdAt: now(),
    }
    await writer.insertKey({ ...key, hash: hashOf(secret) })
    await refresh()
    return c.json({ ...keyView(key), secret }, 201)
  })
  app.delete('/keys/:id', async (c) => {
    const isGone = await writer.deleteKey(c.req.param('id'))
    await refresh()
    return isGone ? c.body(null, 204) : fail(c, NOT_FOUND)
  })

  app.get('/rejected', async (c) => {
    const query = Limit.safeParse(c.req.query())
    if (!query.success) return fail(c, badRequest(query.error))
    const { items, counts } = await views.rejected(query.data.limit)
    return c.json({ items: items.map((item) => ({ ...item, at: isoOf(item.at) })), counts })
  })
  app.post('/signin', (c) => c.json({ url: options.signInUrl() }, 201))
  return app
}

const siteView = ({ name, key, createdAt, settings }: Site) => ({ name, key, createdAt: isoOf(createdAt), ...settings })

const keyView = ({ id, kind, site, label, hint, createdAt }: Key) => ({
  id,
  kind,
  site: site ?? null,
  label,
  hint,
  createdAt: isoOf(createdAt),
})

const taken = (what: string): Fault => ({ status: 409, code: 'taken', message: `There is a ${what} of that name.` })
