/** Sites, keys, receivers and what was refused, in the stand-in for the collector. */
import type { Refused } from '../../collector/dashboard/state/first-event.ts'
import type { WholeSite } from '../../collector/dashboard/state/sites.ts'
import type { Webhook } from '../../collector/dashboard/state/webhooks.ts'
import type { Asked, Done } from './fake-deeds.ts'

const site = (name: string, key: string, some: Partial<WholeSite> = {}): WholeSite => ({
  ...{ name, key, origins: [], consent: 'none', honoursGpc: true, allowsPurchase: false, allowsAutomation: false },
  ...{ tellsStage: false, retentionDays: null, expiry: 'erase', ignores: [], staff: [], pageRules: [] },
  ...some,
})
const key = (id: string, kind: string, label: string) => ({
  ...{ id, kind, label, site: kind === 'write' ? 'default' : null, hint: 'x7Qd', createdAt: '2026-03-01T12:00:00Z' },
})
const webhook: Webhook = {
  ...{
    id: 'w1',
    kind: 'webhook',
    site: null,
    types: ['lead.handoff'],
    label: 'CRM',
    url: 'https://crm.example/leads',
    state: 'on',
    reason: null,
  },
  deliveries: { pending: 1, delivered: 41, dead: 1 },
}
const delivery = (id: string, state: string, outcome: string | null) => ({
  ...{ id, type: 'lead.handoff', at: '2026-03-30T09:12:00Z', state, tries: state === 'dead' ? 10 : 1, outcome },
})

interface Noted {
  readonly at: string
  readonly actor: string
  readonly action: string
  readonly site: string | null
  readonly subject: string | null
  readonly subjects: readonly string[]
  readonly detail: string | null
}

const KINDS = [
  (n: number) => ({ action: 'change site', site: null, subject: null, subjects: [], detail: `shop-${n}` }),
  (n: number) => ({ action: 'read', site: 'default', subject: mark(n), subjects: [mark(n)], detail: null }),
  (n: number) => ({ action: 'read list', site: 'default', subject: null, subjects: marks(n), detail: null }),
]
const mark = (n: number): string => `9f3c77aa${n}`
const marks = (n: number): readonly string[] => Array.from({ length: 10 + n }, (_, i) => `${10 + i}7be0d4${i}`)

const noted = (n: number): Noted => ({
  ...{ at: new Date(1_774_000_000_000 - n * 60_000).toISOString(), actor: n % 2 ? 'key k2' : 'session' },
  ...KINDS[n % KINDS.length]!(n),
})

const deliveriesIn = (state: string | null) =>
  [delivery('m1', 'delivered', '200'), delivery('m2', 'dead', '500')].filter((each) => !state || each.state === state)

/** The audit log by pages; of one person, what was read of them. */
export const auditAt = ({ pathname, searchParams }: URL): unknown => {
  if (pathname !== '/api/audit') return undefined
  const all = setup.audit.filter(({ subjects }) => !searchParams.has('visitor') || subjects.length > 0)
  const [from, limit] = ['cursor', 'limit'].map((name) => Number(searchParams.get(name) ?? 0)) as [number, number]
  return { items: all.slice(from, from + limit), nextCursor: from + limit < all.length ? String(from + limit) : null }
}

const beginning = () => ({
  sites: [site('default', 'pk_default_1'), site('demo', 'pk_demo_1', { allowsAutomation: true })],
  keys: [key('k1', 'write', 'Shop server'), key('k2', 'read', 'Spreadsheet')],
  webhooks: [webhook],
  refused: [] as Refused[],
  audit: Array.from({ length: 30 }, (_, n) => noted(n)),
})
export const setup = beginning()
export const resetSetup = (): void => void Object.assign(setup, beginning())

/** Undefined where it is no address of these. */
export const setupAt = ({ pathname: path, searchParams }: URL): unknown => {
  if (path === '/api/sites') return { items: setup.sites }
  if (path === '/api/keys') return { items: setup.keys }
  if (path === '/api/webhooks') return { items: setup.webhooks }
  if (path === '/api/webhooks/w1/deliveries')
    return { items: deliveriesIn(searchParams.get('state')), nextCursor: null }
  if (path === '/api/rejected') return { items: setup.refused, counts: setup.refused.length ? { origin: 3 } : {} }
  return path === '/healthz' || path === '/readyz' ? { status: 'ok' } : undefined
}

const without = <T>(list: readonly T[], wanted: (each: T) => boolean): T[] => list.filter((each) => !wanted(each))

/** Undefined where there is no such route. */
export const doSetup = ({ method, path, body }: Asked): Done | undefined => {
  const fields = (body ?? {}) as Readonly<Record<string, string>>
  const isGone = method === 'DELETE'
  const name = path.split('/')[3]
  if (path === '/api/sites') setup.sites.push(site(fields.name!, `pk_${fields.name}`, fields))
  else if (path.startsWith('/api/sites/') && isGone) setup.sites = without(setup.sites, (each) => each.name === name)
  else if (path.startsWith('/api/sites/'))
    setup.sites = setup.sites.map((each) =>
      each.name === name ? { ...each, ...fields, key: fields.key ? `pk_${name}_2` : each.key } : each,
    )
  else if (path === '/api/keys') setup.keys.push(key('k3', fields.kind!, fields.label!))
  else if (path.startsWith('/api/keys/')) setup.keys = without(setup.keys, ({ id }) => id === name)
  else if (path === '/api/webhooks')
    setup.webhooks.push({ ...webhook, id: 'w2', kind: fields.kind!, url: fields.url ?? null, label: fields.label! })
  else if (path.endsWith('/test')) return { status: 200, body: { delivered: true, outcome: '200 OK' } }
  else if (path.endsWith('/redeliver')) return { status: 200, body: { redelivered: 1 } }
  else if (path.startsWith('/api/webhooks/') && !isGone) {
    const change = { ...fields, ...('enabled' in fields && { state: fields.enabled ? 'on' : 'off' }) }
    setup.webhooks = setup.webhooks.map((each) => (each.id === name ? { ...each, ...change } : each))
    return { status: 200, body: 'rotate' in fields ? { secret: 'another-secret' } : {} }
  } else if (path.startsWith('/api/webhooks/')) setup.webhooks = without(setup.webhooks, ({ id }) => id === name)
  else if (path === '/api/sample') {
    setup.sites = without(setup.sites, (each) => each.name === 'sample')
    if (method === 'POST') setup.sites.push(site('sample', 'pk_sample_1'))
  } else return undefined
  setup.audit.unshift({ ...noted(0), action: `${method} ${path}` })
  return { status: 200, body: { secret: `secret-of-${path.split('/')[2]}` } }
}
