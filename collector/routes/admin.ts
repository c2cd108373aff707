/** Keys, and what was rejected: `/api/keys`, `/api/rejected`, `/api/signin`. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { KEY_KINDS, Key as KeyAnswer, KeyList, NewKey, RejectedList, SignInLink } from '../../shared/answer-settings.ts'
import { isoOf } from '../../shared/present.ts'
import { hashOf } from '../admission.ts'
import type { Key, Site, SiteSettings, Views } from '../store/store.ts'
import type { Commands } from '../writer.ts'
import { type Fault, fail, NO_SITE } from './failure.ts'
import { type Route, route } from './route.ts'

export interface AdminOptions {
  readonly writer: Pick<Commands, 'insertKey' | 'deleteKey' | 'labelKey'>
  readonly views: Pick<Views, 'rejected'>
  readonly sites: () => readonly Site[]
  readonly keys: () => readonly Key[]
  /** Reads sites and keys again. */
  readonly refresh: () => Promise<void>
  readonly signInUrl: () => string
  readonly now: () => number
}

/** What a site may be called. */
export const SiteName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'takes lower-case letters, digits and hyphens')
const Label = z.string().max(100)
const KeyBody = z
  .strictObject({
    kind: z.enum(KEY_KINDS),
    /** Of a write key: `default`, if left out. */
    site: SiteName.optional(),
    label: Label.default(''),
  })
  .refine(({ kind, site }) => kind === 'write' || site === undefined, {
    path: ['site'],
    message: 'goes with a write key: any other is for all sites',
  })
const Limit = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) })

const NO_KEY: Fault = {
  status: 404,
  code: 'not_found',
  message: 'There is no key of that id. GET /api/keys lists them.',
}

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
  retentionDays: undefined,
  expiry: 'erase',
}

/** A public key. */
export const newSiteKey = (): string => `site_${randomBytes(12).toString('hex')}`

/** A site that is new, with a public key of its own. */
export const newSite = (name: string, createdAt: number, settings: Partial<SiteSettings> = {}): Site => ({
  name,
  key: newSiteKey(),
  createdAt,
  settings: { ...DEFAULT_SETTINGS, ...settings },
})

export const adminRoutes = (options: AdminOptions): readonly Route[] => [
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
      faults: [NO_SITE],
    },
    async ({ c, body: { kind, label, site = 'default' } }) => {
      if (kind === 'write' && !sites().some(({ name }) => name === site)) return fail(c, NO_SITE)
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
      body: z.strictObject({ label: Label }),
      answers: { 200: { about: 'The key.', schema: KeyAnswer } },
      faults: [NO_KEY],
    },
    async ({ c, body: { label } }) => {
      const id = c.req.param('id')!
      const isDone = await writer.labelKey(id, label)
      await refresh()
      const key = keys().find((each) => each.id === id)
      return isDone && key ? c.json(keyView(key)) : fail(c, NO_KEY)
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/api/keys/:id',
      who: 'admin',
      about: 'Revokes a key, at once.',
      answers: { 204: { about: 'It is no more.' } },
      faults: [NO_KEY],
    },
    async ({ c }) => {
      const isGone = await writer.deleteKey(c.req.param('id')!)
      await refresh()
      return isGone ? c.body(null, 204) : fail(c, NO_KEY)
    },
  ),
]

const newKey = (key: Pick<Key, 'kind' | 'site' | 'label' | 'createdAt'>): Key & { readonly secret: string } => {
  const secret = `${key.kind}_${randomBytes(32).toString('base64url')}`
  return { id: randomBytes(8).toString('hex'), ...key, hint: secret.slice(-4), lastUsedAt: undefined, secret }
}

const keyView = ({ id, kind, site, label, hint, createdAt, lastUsedAt }: Key) => ({
  id,
  kind,
  site: site ?? null,
  label,
  hint,
  createdAt: isoOf(createdAt),
  lastUsedAt: lastUsedAt === undefined ? null : isoOf(lastUsedAt),
})
