/** Sites, keys, receivers and what was refused, in the stand-in for the collector. */
import type { Webhook } from '../../collector/dashboard/parts/webhooks-card.tsx'
import type { Refused } from '../../collector/dashboard/state/first-event.ts'
import type { WholeSite } from '../../collector/dashboard/state/sites.ts'
import type { Asked, Done } from './fake-deeds.ts'

const site = (name: string, key: string, some: Partial<WholeSite> = {}): WholeSite => ({
  ...{ name, key, origins: [], consent: 'none', honoursGpc: true, allowsPurchase: false, allowsAutomation: false },
  ...some,
})
const key = (id: string, kind: string, label: string) => ({
  ...{ id, kind, label, site: kind === 'write' ? 'default' : null, hint: 'x7Qd', createdAt: '2026-03-01T12:00:00Z' },
})
const webhook: Webhook = {
  ...{ id: 'w1', kind: 'webhook', label: 'CRM', url: 'https://crm.example/leads', state: 'on', reason: null },
  deliveries: { pending: 1, delivered: 41, dead: 1 },
}
const delivery = (id: string, state: string, outcome: string | null) => ({
  ...{ id, type: 'lead.handoff', at: '2026-03-30T09:12:00Z', state, tries: state === 'dead' ? 10 : 1, outcome },
})

const beginning = () => ({
  sites: [site('default', 'pk_default_1'), site('demo', 'pk_demo_1', { allowsAutomation: true })],
  keys: [key('k1', 'write', 'Shop server'), key('k2', 'read', 'Spreadsheet')],
  webhooks: [webhook],
  refused: [] as Refused[],
})
export const setup = beginning()
export const resetSetup = (): void => void Object.assign(setup, beginning())

/** Undefined where it is no address of these. */
export const setupAt = (path: string): unknown => {
  if (path === '/api/sites') return { items: setup.sites }
  if (path === '/api/keys') return { items: setup.keys }
  if (path === '/api/webhooks') return { items: setup.webhooks }
  if (path === '/api/webhooks/w1/deliveries')
    return { items: [delivery('m1', 'delivered', '200'), delivery('m2', 'dead', '500')], nextCursor: null }
  if (path === '/api/rejected') return { items: setup.refused, counts: setup.refused.length ? { origin: 3 } : {} }
  return path === '/healthz' || path === '/readyz' ? { status: 'ok' } : undefined
}

const without = <T>(list: readonly T[], wanted: (each: T) => boolean): T[] => list.filter((each) => !wanted(each))

/** Undefined where there is no such route. */
export const doSetup = ({ method, path, body }: Asked): Done | undefined => {
  const fields = (body ?? {}) as Readonly<Record<string, string>>
  const name = path.split('/')[3]
  if (path === '/api/sites') setup.sites.push(site(fields.name!, `pk_${fields.name}`, fields))
  else if (path.startsWith('/api/sites/'))
    setup.sites = setup.sites.map((each) => (each.name === name ? { ...each, ...fields } : each))
  else if (path === '/api/keys') setup.keys.push(key('k3', fields.kind!, fields.label!))
  else if (path.startsWith('/api/keys/')) setup.keys = without(setup.keys, ({ id }) => id === name)
  else if (path === '/api/webhooks')
    setup.webhooks.push({ ...webhook, id: 'w2', url: fields.url!, label: fields.label! })
  else if (path.endsWith('/test')) return { status: 200, body: { delivered: true, outcome: '200 OK' } }
  else if (path.endsWith('/redeliver')) return { status: 200, body: { redelivered: 1 } }
  else if (path.startsWith('/api/webhooks/')) setup.webhooks = without(setup.webhooks, ({ id }) => id === name)
  else if (path === '/api/sample') {
    setup.sites = without(setup.sites, (each) => each.name === 'sample')
    if (method === 'POST') setup.sites.push(site('sample', 'pk_sample_1'))
  } else return undefined
  return { status: 200, body: { secret: `secret-of-${path.split('/')[2]}` } }
}
