/** Who may do what: every route, for every role, from one table. What is not in the table is denied. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AppOptions, createApp, routesOf } from '../../collector/app.ts'
import { ADMIN, basic, type Collector, minimalDist, startCollector } from './collector.ts'

type Who = 'anyone' | 'reader' | 'admin'
/** What a key is needed for is seen where the body is read. */
const FOR = { anyone: 'anyone', site: 'anyone', write: 'anyone', read: 'reader', admin: 'admin' } as const
/** Each route as the program has it, with an address that fits it, and who may use it. */
const TABLE: readonly (readonly [method: string, route: string, who: Who, address?: string])[] = [
  ['GET', '/healthz', 'anyone'],
  ['GET', '/metrics', 'reader'],
  ['GET', '/api/openapi.json', 'anyone'],
  ['GET', '/api/docs', 'anyone'],
  ['GET', '/api/docs.css', 'anyone'],
  ['GET', '/readyz', 'anyone'],
  ['GET', '/', 'anyone'],
  ['GET', '/dashboard/:file', 'anyone', '/dashboard/main.js'],
  ['GET', '/signin', 'anyone'],
  ['GET', '/leadlight.js', 'anyone'],
  ['GET', '/demo', 'anyone'],
  ['GET', '/demo/*', 'anyone', '/demo/pricing'],
  ['POST', '/demo/*', 'anyone', '/demo/thanks'],
  ['GET', '/demo/live', 'anyone', '/demo/live?visitor=0123456789abcdef0123456789abcdef'],
  ['GET', '/v1/projects/:key/settings', 'anyone', '/v1/projects/x/settings'],
  ['POST', '/e', 'anyone'],
  ...['track', 'page', 'screen', 'identify', 'group', 'alias', 'batch', 'import'].map(
    (call) => ['POST', `/v1/${call}`, 'anyone'] as const,
  ),
  ...[...'tpsigab'].flatMap((letter) => [
    ['POST', `/v1/${letter}`, 'anyone'] as const,
    ['POST', `/${letter}`, 'anyone'] as const,
  ]),
  ['GET', '/api/visitors', 'reader'],
  ['GET', '/api/trends', 'reader', '/api/trends?ids=x'],
  ['GET', '/api/visitors/:id', 'reader', '/api/visitors/x'],
  ['GET', '/api/visitors/:id/handoff', 'reader', '/api/visitors/x/handoff'],
  ['GET', '/api/visitors/:id/explain', 'reader', '/api/visitors/x/explain'],
  ['GET', '/api/visitors/:id/timeline', 'reader', '/api/visitors/x/timeline'],
  ['GET', '/api/visitors/:id/history', 'reader', '/api/visitors/x/history'],
  ['POST', '/api/visitors/:id/feedback', 'admin', '/api/visitors/x/feedback'],
  ['POST', '/api/visitors/:id/adjust', 'admin', '/api/visitors/x/adjust'],
  ['POST', '/api/visitors/merge', 'admin'],
  ['POST', '/api/visitors/:id/unmerge', 'admin', '/api/visitors/x/unmerge'],
  ['GET', '/api/visitors/:id/export', 'admin', '/api/visitors/x/export'],
  ['DELETE', '/api/visitors/:id', 'admin', '/api/visitors/x'],
  ['GET', '/api/accounts', 'reader'],
  ['GET', '/api/accounts/:id', 'reader', '/api/accounts/x'],
  ...['funnel', 'velocity', 'content', 'sources', 'signals'].map(
    (report) => ['GET', `/api/reports/${report}`, 'reader'] as const,
  ),
  ['GET', '/api/export.csv', 'reader'],
  ['GET', '/api/export.ndjson', 'reader'],
  ['GET', '/api/live', 'reader'],
  ['GET', '/api/models', 'reader'],
  ['GET', '/api/models/schema.json', 'reader'],
  ['GET', '/api/models/presets', 'reader'],
  ['GET', '/api/models/jobs/:id', 'reader', '/api/models/jobs/x'],
  ['GET', '/api/models/:v', 'reader', '/api/models/1'],
  ['POST', '/api/models', 'admin'],
  ['POST', '/api/models/validate', 'admin'],
  ['POST', '/api/models/:v/simulate', 'admin', '/api/models/x/simulate'],
  ['POST', '/api/models/:v/publish', 'admin', '/api/models/x/publish'],
  ['POST', '/api/models/:v/revert', 'admin', '/api/models/x/revert'],
  ['GET', '/api/reports/sla', 'reader'],
  ['GET', '/api/webhooks', 'admin'],
  ['POST', '/api/webhooks', 'admin'],
  ['GET', '/api/webhooks/:id', 'admin', '/api/webhooks/x'],
  ['PATCH', '/api/webhooks/:id', 'admin', '/api/webhooks/x'],
  ['DELETE', '/api/webhooks/:id', 'admin', '/api/webhooks/x'],
  ['POST', '/api/webhooks/:id/test', 'admin', '/api/webhooks/x/test'],
  ['GET', '/api/webhooks/:id/deliveries', 'admin', '/api/webhooks/x/deliveries'],
  ['POST', '/api/webhooks/:id/redeliver', 'admin', '/api/webhooks/x/redeliver'],
  ['POST', '/api/sample', 'admin'],
  ['DELETE', '/api/sample', 'admin'],
  ['GET', '/api/sites', 'reader'],
  ['GET', '/api/rejected', 'reader'],
  ['POST', '/api/sites', 'admin'],
  ['PATCH', '/api/sites/:name', 'admin', '/api/sites/x'],
  ['DELETE', '/api/sites/:name', 'admin', '/api/sites/x'],
  ['GET', '/api/keys', 'admin'],
  ['POST', '/api/keys', 'admin'],
  ['PATCH', '/api/keys/:id', 'admin', '/api/keys/x'],
  ['DELETE', '/api/keys/:id', 'admin', '/api/keys/x'],
  ['GET', '/api/audit', 'admin'],
  ['POST', '/api/signin', 'admin'],
]
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'] as const
/** Addresses that lead nowhere, some of them near to ones that do. */
const NOWHERE = [
  '/api',
  '/api/',
  '/api/nothing',
  '/api/visitorsx',
  '/api/sites/default/more',
  '/api/keys/x/y',
  '/api/visitors/x/nothing',
  '/api//keys',
  '/API/keys',
  '//api/keys',
  '/api/keys;x',
  '/v1/nothing',
  '/.env',
]
/** `/api/keys` as others may spell it. */
const SPELT = [
  '/api/%6beys',
  '/api/./keys',
  '/api/visitors/../keys',
  '/api/visitors/%2e%2e/keys',
  '/dashboard/../api/keys',
  '/demo/../api/keys',
  '/api/keys?x=/api/visitors',
  '/api/keys#/api/visitors',
]

let collector: Collector
let roles: Readonly<Record<string, { readonly may: Who; readonly headers: Record<string, string> }>>
beforeAll(async () => {
  collector = await startCollector({ LEADLIGHT_DEMO: 'on' })
  const secretOf = async (kind: string): Promise<string> =>
    (await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind })).body.secret
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const signIn = async (): Promise<string> => {
    const { pathname, search } = new URL(collector.running.signInUrl())
    const { headers } = await collector.ask(pathname + search)
    return headers.get('set-cookie')!.split(';')[0]!
  }
  const [write, read, admin] = [await secretOf('write'), await secretOf('read'), await secretOf('admin')]
  const own = { cookie: await signIn(), origin: collector.url }
  roles = {
    none: { may: 'anyone', headers: {} },
    'an empty token': { may: 'anyone', headers: { authorization: 'Bearer ' } },
    'an unknown token': { may: 'anyone', headers: bearer('x'.repeat(40)) },
    'a site key': { may: 'anyone', headers: bearer(collector.key()) },
    'a write key': { may: 'anyone', headers: bearer(write) },
    'a write key as Basic': { may: 'anyone', headers: { authorization: basic(write) } },
    'the admin token as Basic': { may: 'anyone', headers: { authorization: basic(ADMIN) } },
    'a read key': { may: 'reader', headers: bearer(read) },
    'an admin key': { may: 'admin', headers: bearer(admin) },
    'the admin token': { may: 'admin', headers: bearer(ADMIN) },
    'a session on its own page': { may: 'admin', headers: own },
    'a session that is no more than a cookie': { may: 'anyone', headers: { cookie: 'leadlight_session=admin.9.x' } },
    'a wrong token beside a session': { may: 'anyone', headers: { ...own, ...bearer('x'.repeat(40)) } },
  }
})
afterAll(() => collector.end())

const RANK: Record<Who, number> = { anyone: 0, reader: 1, admin: 2 }

/** The status alone: some answers have no end. */
const statusOf = async (method: string, address: string, headers: Record<string, string>): Promise<number> => {
  const gone = new AbortController()
  const answer = await fetch(collector.url + address, { method, headers, redirect: 'manual', signal: gone.signal })
  gone.abort()
  return answer.status
}

/** 401 for whom nobody knows, 403 for whom it does not concern. */
const verdictOn = (who: Who, may: Who): string =>
  RANK[may] >= RANK[who] ? 'let in' : may === 'anyone' ? 'not known' : 'not allowed'
const told = (status: number): string => (status === 401 ? 'not known' : status === 403 ? 'not allowed' : 'let in')

it('the table has every route of the program, for whom it is declared, and no other', () => {
  const dist = minimalDist(mkdtempSync(join(tmpdir(), 'leadlight-')))
  const options = { pages: { dist, demo: () => ({}), siteOfKey: () => undefined } } as unknown as AppOptions
  const lines = (rows: readonly (readonly [string, string, string])[]) => rows.map((row) => row.join(' ')).toSorted()
  const due = lines(TABLE.map(([method, route, who]) => [method, route, who]))
  expect(lines(routesOf(options).map(({ method, path, who }) => [method, path, FOR[who]]))).toEqual(due)
  // Nor does the program have one that is not declared.
  const real = createApp(options).routes.filter(({ method }) => method !== 'ALL')
  expect([...new Set(real.map(({ method, path }) => `${method} ${path}`))].toSorted()).toEqual(
    TABLE.map(([method, route]) => `${method} ${route}`).toSorted(),
  )
})

describe('every route, for every role', () => {
  it.each(TABLE.map(([method, route, who, address = route]) => [method, route, who, address] as const))(
    '%s %s takes %s',
    async (method, _, who, address) => {
      const found: Record<string, string> = {}
      const due: Record<string, string> = {}
      for (const [role, { may, headers }] of Object.entries(roles)) {
        const status = await statusOf(method, address, headers)
        expect(status, role).toBeLessThan(500)
        // What anyone may call may still ask for a key of its own.
        found[role] = who === 'anyone' ? 'let in' : told(status)
        due[role] = verdictOn(who, may)
        if (who === 'anyone') expect([403, 405], role).not.toContain(status)
      }
      expect(found).toEqual(due)
    },
  )

  it('and what is not in the table is denied to all', async () => {
    const listed = new Set(TABLE.flatMap(([method, route, , address = route]) => [`${method} ${address}`]))
    const addresses = [...new Set([...TABLE.map(([, route, , address = route]) => address), ...NOWHERE])]
    for (const address of addresses)
      for (const method of METHODS) {
        const as = method === 'HEAD' ? 'GET' : method
        // Every page of the demo site may be looked at, and its forms sent.
        if (address.startsWith('/demo') && ['GET', 'POST'].includes(as)) continue
        const isOpen = /^\/(e|v1\/.*|[tpsigab])$/.test(address)
        if (listed.has(`${as} ${address}`) || (method === 'OPTIONS' && isOpen)) continue
        for (const [role, { headers }] of Object.entries(roles)) {
          const status = await statusOf(method, address, headers)
          expect(status, `${method} ${address} for ${role}`).toBeOneOf([401, 403, 404, 405])
        }
      }
  }, 60_000)

  it.each(SPELT)('and %s is for administrators, like what it spells', async (address) => {
    for (const [role, { may, headers }] of Object.entries(roles)) {
      const status = await statusOf('GET', address, headers)
      expect(status, role).toBeOneOf(may === 'admin' ? [200, 404] : [401, 403])
    }
  })

  it('unknown, wrong and other keys get the same answer', async () => {
    const answers = await Promise.all(
      ['x', 'x'.repeat(43), ADMIN.slice(0, -1), `${ADMIN}x`, ADMIN.toUpperCase(), collector.key()].map((token) =>
        collector.ask('/api/visitors', { token }),
      ),
    )
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  })
})

describe('signing in', () => {
  const link = (): string => {
    const { pathname, search } = new URL(collector.running.signInUrl())
    return pathname + search
  }
  const cookieOf = (headers: Headers): string | undefined => headers.get('set-cookie')?.split(';')[0]
  const use = (path: string, cookie?: string) => collector.ask(path, { headers: cookie ? { cookie } : {} })

  it('works once', async () => {
    const path = link()
    const first = await use(path)
    expect([first.status, first.headers.get('location')]).toEqual([303, '/'])
    expect((await use('/api/visitors', cookieOf(first.headers))).status).toBe(200)
    const second = await use(path)
    expect([second.status, second.headers.get('location'), cookieOf(second.headers)]).toEqual([
      303,
      '/?expired',
      undefined,
    ])
  })

  it('turns nobody away who is signed in already', async () => {
    const path = link()
    const { headers } = await use(path)
    expect((await use(path, cookieOf(headers))).headers.get('location')).toBe('/')
  })

  it('is not used up by a look at the link', async () => {
    const path = link()
    await collector.ask(path, { method: 'HEAD' })
    expect((await use(path)).headers.get('location')).toBe('/')
  })

  it.each([
    ['just before 15 minutes', 15 * 60_000 - 5000, '/'],
    ['just after', 15 * 60_000 + 1000, '/?expired'],
  ])('%s', async (_, later, location) => {
    const path = link()
    collector.clock.ahead += later
    expect((await use(path)).headers.get('location')).toBe(location)
    collector.clock.ahead -= later
  })

  it.each(['', '?token=', '?token=x', `?token=${ADMIN}`, '?token=__proto__', '?token=%00', '?token[]=x'])(
    'with %j gives nothing',
    async (query) => {
      const { status, headers } = await use(`/signin${query}`)
      expect([status, headers.get('location'), headers.get('set-cookie')]).toEqual([303, '/?expired', null])
    },
  )

  it('gives a cookie that no script reads and no other site sends, for 30 days', async () => {
    const { headers } = await use(link())
    const [value, ...attributes] = headers.get('set-cookie')!.split('; ')
    expect(attributes.toSorted()).toEqual(['HttpOnly', 'Max-Age=2592000', 'Path=/', 'SameSite=Strict'])
    expect(headers.get('cache-control')).toBe('no-store')
    const day = 86_400_000
    for (const [days, status] of [
      [29, 200],
      [31, 401],
    ] as const) {
      collector.clock.ahead += days * day
      expect((await use('/api/visitors', value)).status).toBe(status)
      collector.clock.ahead -= days * day
    }
  })

  it('gives a secure one where browsers come by https', async () => {
    const behind = await startCollector({ LEADLIGHT_PUBLIC_URL: 'https://leads.acme.example/' })
    try {
      const signIn = new URL(behind.running.signInUrl())
      expect(signIn.origin).toBe('https://leads.acme.example')
      const { headers } = await behind.ask(signIn.pathname + signIn.search)
      expect(headers.get('set-cookie')!.split('; ')).toContain('Secure')
      const cookie = cookieOf(headers)!
      const write = (origin: string) => behind.ask('/api/signin', { method: 'POST', headers: { cookie, origin } })
      expect((await write('https://leads.acme.example')).status).toBe(201)
      expect((await write('https://acme.example')).status).toBe(403)
    } finally {
      await behind.end()
    }
  })

  it.each<readonly [string, (parts: readonly string[]) => string]>([
    ['a longer life', ([role, until, mark]) => `${role}.${Number(until) + 1}.${mark}`],
    ['another role', ([, until, mark]) => `read.${until}.${mark}`],
    ['no signature', ([role, until]) => `${role}.${until}.`],
    ['half a signature', ([role, until, mark]) => `${role}.${until}.${mark!.slice(0, 20)}`],
    ['a life without end', ([role, , mark]) => `${role}.Infinity.${mark}`],
  ])('makes a cookie that is worthless with %s', async (_, forge) => {
    const { headers } = await use(link())
    const [name, value] = cookieOf(headers)!.split('=')
    expect((await use('/api/visitors', `${name}=${value}`)).status).toBe(200)
    expect((await use('/api/visitors', `${name}=${forge(value!.split('.'))}`)).status).toBe(401)
  })

  it.each<readonly [string, string | undefined, number]>([
    ['from its own page', 'own', 201],
    ['from nowhere', undefined, 403],
    ['from another site', 'https://evil.example', 403],
    ['from another port', 'http://localhost:1', 403],
    ['from a page without an origin', 'null', 403],
    ['from rubbish', '://', 403],
  ])('lets its cookie write %s: %s', async (_, origin, status) => {
    const { headers } = await use(link())
    const from = origin === 'own' ? collector.url : origin
    const sent = { cookie: cookieOf(headers)!, ...(from && { origin: from }) }
    const answer = await collector.ask('/api/signin', { method: 'POST', headers: sent })
    expect(answer.status).toBe(status)
  })
})
