/** Sites, keys, and what was rejected: `/api/sites`, `/api/keys`, `/api/rejected`, `/api/signin`. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import {
  KEY_KINDS,
  Key as KeyAnswer,
  KeyList,
  NewKey,
  RejectedList,
  SignInLink,
  Site as SiteAnswer,
  SiteList,
} from '../../shared/answer-settings.ts'
import { isoOf } from '../../shared/present.ts'
import { hashOf } from '../admission.ts'
import { IGNORE_PATTERN, STAFF_PATTERN } from '../ingest/own-traffic.ts'
import type { Key, Site, SiteSettings, Views } from '../store/store.ts'
import type { Commands } from '../writer.ts'
import { type Fault, fail, NOT_FOUND } from './failure.ts'
import { type Route, route } from './route.ts'

export interface AdminOptions {
  readonly writer: Pick<Commands, 'insertSite' | 'updateSite' | 'insertKey' | 'deleteKey' | 'labelKey'>
  readonly views: Pick<Views, 'rejected'>
  readonly sites: () => readonly Site[]
  readonly keys: () => readonly Key[]
  /** Reads sites and keys again. */
  readonly refresh: () => Promise<void>
  readonly signInUrl: () => string
  readonly now: () => number
}

const SettingsBody = z.strictObject({
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
const SiteBody = SettingsBody.partial().extend({ name: SiteName })
const KeyBody = z.strictObject({
  kind: z.enum(KEY_KINDS),
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

const taken = (what: string): Fault => ({ status: 409, code: 'taken', message: `There is a ${what} of that name.` })

export const adminRoutes = (options: AdminOptions): readonly Route[] => [
  ...siteRoutes(options),
  ...keyRoutes(options),
  route(
    {
      method: 'GET',
      path: '/api/rejected',
      who: 'read',
      about: 'Events that were not taken, and why.',
      query: Limit,
      answers: { 200: { about: 'The newest first, and how many of each kind there were.', schema: RejectedList } },
    },
    async ({ c, query }) => {
      const { items, counts } = await options.views.rejected(query.limit)
      return c.json({ items: items.map((item) => ({ ...item, at: isoOf(item.at) })), counts })
    },
  ),
  route(
    {
      method: 'POST',
      path: '/api/signin',
      who: 'admin',
      about: 'A link that signs in to the dashboard, once, within 15 minutes.',
      answers: { 201: { about: 'The link.', schema: SignInLink } },
    },
    ({ c }) => c.json({ url: options.signInUrl() }, 201),
  ),
]

const siteRoutes = ({ writer, sites, refresh, now }: AdminOptions): readonly Route[] => {
  const siteNamed = (name: string): Site | undefined => sites().find((site) => site.name === name)
  return [
    route(
      {
        method: 'GET',
        path: '/api/sites',
        who: 'read',
        about: 'Every site, its public key and its settings.',
        answers: { 200: { about: 'All of them.', schema: SiteList } },
      },
      ({ c }) => c.json({ items: sites().map(siteView) }),
    ),
    route(
      {
        method: 'POST',
        path: '/api/sites',
        who: 'admin',
        about: 'Adds a site.',
        body: SiteBody,
        answers: { 201: { about: 'The site, with a public key of its own.', schema: SiteAnswer } },
        faults: [taken('site')],
      },
      async ({ c, body: { name, ...settings } }) => {
        if (siteNamed(name)) return fail(c, taken('site'))
        const site = newSite(name, now(), settings)
        const isNew = await writer.insertSite(site)
        await refresh()
        return isNew ? c.json(siteView(site), 201) : fail(c, taken('site'))
      },
    ),
    route(
      {
        method: 'PATCH',
        path: '/api/sites/:name',
        who: 'admin',
        about: 'Changes settings of a site; what is not named stays.',
        body: SettingsBody.partial(),
        answers: { 200: { about: 'The site.', schema: SiteAnswer } },
        faults: [NOT_FOUND],
      },
      async ({ c, body }) => {
        const site = siteNamed(c.req.param('name')!)
        if (!site) return fail(c, NOT_FOUND)
        const settings = { ...site.settings, ...body }
        await writer.updateSite(site.name, settings)
        await refresh()
        return c.json(siteView({ ...site, settings }))
      },
    ),
  ]
}

const keyRoutes = ({ writer, sites, keys, refresh, now }: AdminOptions): readonly Route[] => [
  route(
    {
      method: 'GET',
      path: '/api/keys',
      who: 'admin',
      about: 'Every secret key, without its secret.',
      answers: { 200: { about: 'All of them.', schema: KeyList } },
    },
    async ({ c }) => {
      // Another thread notes when write keys are used.
      await refresh()
      return c.json({ items: keys().map(keyView) })
    },
  ),
  route(
    {
      method: 'POST',
      path: '/api/keys',
      who: 'admin',
      about: 'Makes a secret key: to write to a site, to read, or to administer.',
      body: KeyBody,
      answers: { 201: { about: 'The key. Its secret is shown this once.', schema: NewKey } },
      faults: [NOT_FOUND],
    },
    async ({ c, body: { kind, site, label } }) => {
      if (kind === 'write' && !sites().some(({ name }) => name === site)) return fail(c, NOT_FOUND)
      const { secret, ...key } = newKey({ kind, site: kind === 'write' ? site : undefined, label, createdAt: now() })
      await writer.insertKey({ ...key, hash: hashOf(secret) })
      await refresh()
      return c.json({ ...keyView(key), secret }, 201)
    },
  ),
  route(
    {
      method: 'PATCH',
      path: '/api/keys/:id',
      who: 'admin',
      about: 'Gives a key another label.',
      body: KeyBody.pick({ label: true }).required(),
      answers: { 200: { about: 'The key.', schema: KeyAnswer } },
      faults: [NOT_FOUND],
    },
    async ({ c, body: { label } }) => {
      const id = c.req.param('id')!
      const isDone = await writer.labelKey(id, label)
      await refresh()
      const key = keys().find((each) => each.id === id)
      return isDone && key ? c.json(keyView(key)) : fail(c, NOT_FOUND)
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/api/keys/:id',
      who: 'admin',
      about: 'Revokes a key, at once.',
      answers: { 204: { about: 'It is no more.' } },
      faults: [NOT_FOUND],
    },
    async ({ c }) => {
      const isGone = await writer.deleteKey(c.req.param('id')!)
      await refresh()
      return isGone ? c.body(null, 204) : fail(c, NOT_FOUND)
    },
  ),
]

const newKey = (key: Pick<Key, 'kind' | 'site' | 'label' | 'createdAt'>): Key & { readonly secret: string } => {
  const secret = `${key.kind}_${randomBytes(32).toString('base64url')}`
  return { id: randomBytes(8).toString('hex'), ...key, hint: secret.slice(-4), lastUsedAt: undefined, secret }
}

const siteView = ({ name, key, createdAt, settings }: Site) => ({ name, key, createdAt: isoOf(createdAt), ...settings })

const keyView = ({ id, kind, site, label, hint, createdAt, lastUsedAt }: Key) => ({
  id,
  kind,
  site: site ?? null,
  label,
  hint,
  createdAt: isoOf(createdAt),
  lastUsedAt: lastUsedAt === undefined ? null : isoOf(lastUsedAt),
})
