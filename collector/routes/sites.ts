/** `/api/sites`: each with its public key, its hosts, and how its visitors are treated. */
import { z } from 'zod'
import { ChangedSite, RemovedSite, Site as SiteAnswer, SiteList } from '../../shared/answer-settings.ts'
import { PageRules } from '../../shared/model.ts'
import { isoOf } from '../../shared/present.ts'
import { IGNORE_PATTERN, STAFF_PATTERN } from '../ingest/own-traffic.ts'
import type { Site } from '../store/store.ts'
import type { Commands } from '../writer.ts'
import { newSite, newSiteKey, SiteName } from './admin.ts'
import { type Fault, fail, NO_SITE } from './failure.ts'
import { type Route, route } from './route.ts'

export interface SitesOptions {
  readonly writer: Pick<Commands, 'insertSite' | 'updateSite' | 'removeSite'>
  readonly sites: () => readonly Site[]
  /** Reads sites and keys again. */
  readonly refresh: () => Promise<void>
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
  tellsStage: z.boolean(),
  pageRules: PageRules,
  ignores: z
    .array(
      z
        .string()
        .toLowerCase()
        .regex(IGNORE_PATTERN, 'takes a host, a path, or both, with up to three stars: staging.*'),
    )
    .max(100),
  retentionDays: z.number().int().min(1).max(36_500).nullable(),
  expiry: z.enum(['erase', 'anonymize']),
  staff: z.array(z.string().regex(STAFF_PATTERN, 'takes the domain of an address, or the id of a browser')).max(200),
})
const SiteBody = SettingsBody.partial().extend({ name: SiteName })
const ChangeBody = SettingsBody.partial().extend({
  key: z.literal('rotate', 'takes "rotate", and nothing else').optional(),
})

const TAKEN: Fault = { status: 409, code: 'taken', message: 'There is a site of that name.' }
const LAST_SITE: Fault = {
  status: 409,
  code: 'last_site',
  message: 'This is the only site. Add another one first, for a collector cannot be without.',
}

export const siteRoutes = (options: SitesOptions): readonly Route[] => [
  ...keepRoutes(options),
  changeRoute(options),
  removeRoute(options),
]

const keepRoutes = ({ writer, sites, refresh, now }: SitesOptions): readonly Route[] => [
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
      faults: [TAKEN],
    },
    async ({ c, body: { name, ...settings } }) => {
      const site = newSite(name, now(), settingsIn(settings))
      const isNew = !sites().some((known) => known.name === name) && (await writer.insertSite(site))
      await refresh()
      return isNew ? c.json(siteView(site), 201) : fail(c, TAKEN)
    },
  ),
]

const changeRoute = ({ writer, sites, refresh }: SitesOptions): Route =>
  route(
    {
      method: 'PATCH',
      path: '/api/sites/:name',
      who: 'admin',
      about: 'Changes settings of a site; what is not named stays. `key: "rotate"` gives it another public key.',
      body: ChangeBody,
      answers: { 200: { about: 'The site, and what its page rules count for.', schema: ChangedSite } },
      faults: [NO_SITE],
    },
    async ({ c, body: { key: rotates, ...body } }) => {
      const site = sites().find(({ name }) => name === c.req.param('name'))
      if (!site) return fail(c, NO_SITE)
      const settings = { ...site.settings, ...settingsIn(body) }
      const key = rotates ? newSiteKey() : site.key
      await writer.updateSite(site.name, settings, key)
      await refresh()
      // Nobody is scored anew here: that would record moves that no event and no model explains.
      const pageRulesCount = body.pageRules
        ? 'from now on; for the past once leadlight replay has run, or a model is published'
        : 'always'
      return c.json({ ...siteView({ ...site, key, settings }), pageRulesCount })
    },
  )

const removeRoute = ({ writer, sites, refresh }: SitesOptions): Route =>
  route(
    {
      method: 'DELETE',
      path: '/api/sites/:name',
      who: 'admin',
      about: 'Removes a site with all that is kept of it: visitors, events, keys. There is no way back.',
      answers: { 200: { about: 'How much it was.', schema: RemovedSite } },
      faults: [NO_SITE, LAST_SITE],
    },
    async ({ c }) => {
      const name = c.req.param('name')!
      if (!sites().some((site) => site.name === name)) return fail(c, NO_SITE)
      if (sites().length === 1) return fail(c, LAST_SITE)
      const removed = await writer.removeSite(name).finally(refresh)
      return removed ? c.json(removed) : fail(c, NO_SITE)
    },
  )

const settingsIn = ({ retentionDays, ...settings }: Partial<z.infer<typeof SettingsBody>>) => ({
  ...settings,
  ...(retentionDays !== undefined && { retentionDays: retentionDays ?? undefined }),
})

const siteView = ({ name, key, createdAt, settings }: Site) => ({
  name,
  key,
  createdAt: isoOf(createdAt),
  ...settings,
  retentionDays: settings.retentionDays ?? null,
  expiry: settings.expiry ?? 'erase',
})
