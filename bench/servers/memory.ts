/** The collector's own handler with everything on but a database: parsed, guarded, told from doubles, scored, in memory. */
import { hash, randomBytes } from 'node:crypto'
import { createAddressOf } from '../../collector/address.ts'
import { createCallers } from '../../collector/callers.ts'
import { createOwnCommons } from '../../collector/commons.ts'
import { createEdition } from '../../collector/edition.ts'
import { openHttp } from '../../collector/http.ts'
import { createIntake } from '../../collector/intake.ts'
import type { RawBody } from '../../collector/raw-body.ts'
import { newSite } from '../../collector/routes/admin.ts'
import { createDirect } from '../../collector/routes/direct.ts'
import { createStrangers } from '../../collector/strangers.ts'
import { createThrottle } from '../../collector/throttle.ts'
import { type Arriving, createAppend, type Profile } from '../../shared/append.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { VisitorEvent } from '../../shared/event.ts'

const site = { ...newSite('default', 0, { allowsAutomation: true }), key: 'bench' }
const edition = createEdition({ version: 1, model: DEFAULT_MODEL })
const ids = new Set<string>()
const names = new Map<string, Profile>()
const events = new Map<Profile, VisitorEvent[]>()

const { append } = createAppend(
  edition.foldOf,
  {
    hasEvent: (_, id) => ids.has(id),
    findProfile: (_, { kind, value }) => names.get(`${kind}\0${value}`),
    history: (profile) => events.get(profile) ?? [],
    newId: () => randomBytes(16).toString('hex'),
    now: Date.now,
  },
  {
    insertEvent: (profile, event) => {
      ids.add(event.id)
      events.get(profile)?.push(event)
    },
    insertProfile: (profile) => events.set(profile, []),
    setName: (profile, { kind, value }) => names.set(`${kind}\0${value}`, profile),
    merge: () => {},
    unmerge: () => {},
    saveProfile: () => {},
    announce: () => {},
  },
)

const intake = createIntake({
  log: {
    append: async (arriving: readonly Arriving[]) => append(arriving),
    consentOf: async () => undefined,
    emailOf: async () => undefined,
    stageOf: async () => undefined,
  },
  admit: () => ({ site, source: 'browser' }),
  digest: (text) => hash('sha256', text, 'hex'),
  signalOf: edition.signalOf,
  isOutage: () => false,
  report: console.error,
})
const strangers = createStrangers(createOwnCommons(Date.now).secretOfDay)
await strangers.turn(Date.now())
const meet = createCallers({
  addressOf: createAddressOf(0),
  strangers,
  throttle: createThrottle(0),
})
const take = async (body: RawBody) => (await intake([body]))[0]!
const direct = createDirect({ take, meet, now: Date.now, log: console.error })
const fetch = () => new Response('', { status: 404 })
const { port } = await openHttp({ fetch, direct }, { port: 0, host: '127.0.0.1' } as Parameters<typeof openHttp>[1])
process.send?.({ port })
