/** The collector's own handler with everything on but storage: it parses, guards and answers, and keeps nothing. */
import { hash } from 'node:crypto'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { createAddressOf } from '../../collector/address.ts'
import { createCallers } from '../../collector/callers.ts'
import { createIntake } from '../../collector/intake.ts'
import type { RawBody } from '../../collector/raw-body.ts'
import { newSite } from '../../collector/routes/admin.ts'
import { eventRoutes, OPEN_PATHS, openCors } from '../../collector/routes/events.ts'
import { createStrangers } from '../../collector/strangers.ts'
import { createThrottle } from '../../collector/throttle.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { createEventNames } from '../../shared/signal.ts'

const site = { ...newSite('default', 0), key: 'bench' }
const intake = createIntake({
  log: {
    append: async (arriving) => arriving.map(() => 'accepted' as const),
    consentOf: async () => undefined,
    emailOf: async () => undefined,
  },
  admit: () => ({ site, source: 'browser' }),
  digest: (text) => hash('sha256', text, 'hex'),
  signalOf: createEventNames(DEFAULT_MODEL),
  isOutage: () => false,
  report: console.error,
})
const meet = createCallers({
  addressOf: createAddressOf(0),
  strangers: createStrangers(),
  throttle: createThrottle(0),
})
const app = new Hono()
const take = async (body: RawBody) => (await intake([body]))[0]!
for (const path of OPEN_PATHS) app.use(path, openCors)
const options = { take, now: Date.now, isSiteKey: () => true, meet, publicOrigin: () => undefined }
for (const { method, path, handle } of eventRoutes(options)) app.on(method, path, handle)
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => process.send?.({ port }))
