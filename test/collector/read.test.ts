/** The read API under hostile questions, and the headers that go with every answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Failure, VisitorPage } from '../../shared/answer.ts'
import { ADMIN, BROWSER, beacon, type Collector, startCollector } from './collector.ts'

let collector: Collector
beforeAll(async () => {
  collector = await startCollector({ LEADLIGHT_DEMO: 'on' })
  for (const visitor of ['ann', 'bob', 'cyd']) {
    const events = [
      { type: 'page', url: 'https://www.acme.example/', signal: 'pricing', funnel: 'bofu' },
      { type: 'identify', traits: { email: `${visitor}@acme.example`, company: 'Acme' } },
    ]
    const body = beacon(collector.key(), events, { visitor })
    await collector.ask('/e', { method: 'POST', body, headers: BROWSER })
  }
})
afterAll(() => collector.end())

const get = <Body = unknown>(path: string) => collector.ask<Body>(path, { token: ADMIN })
const CANARY = 'kanarienvogel'
const cursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const HOSTILE = [
  '',
  ' ',
  '0',
  '-1',
  '1e9',
  '1e400',
  'NaN',
  '999999999999999999999',
  '0x10',
  'null',
  `${CANARY}' OR '1'='1`,
  `${CANARY}"; DROP TABLE visitor; --`,
  `%' UNION SELECT ${CANARY} --`,
  'heat); DELETE FROM event; --',
  '__proto__',
  'constructor',
  `<script>${CANARY}</script>`,
  `${CANARY}\r\nset-cookie: x=1`,
  '\0',
  '\ud800',
  '🦊'.repeat(40),
  'x'.repeat(5000),
  '../../etc/passwd',
  '%25%00%0a',
  '[1]',
  '{"a":1}',
  cursor(null),
  cursor([]),
  cursor({ key: 'x', id: CANARY, asOf: 1 }),
  cursor({ key: 1e308, id: "' OR 1=1 --", asOf: 1e15 }),
  cursor({ key: null, id: '', asOf: -1 }),
  cursor({ key: 1, id: 'a', asOf: 2 ** 60 }),
  '2026-02-31',
  '0000-01-01',
  '9999-12-31T23:59:59Z',
  '99999999999999.999999999',
]
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  '/api/visitors': [
    'stage',
    'funnel',
    'qualification',
    'fit',
    'account',
    'site',
    'minScore',
    'q',
    'sort',
    'limit',
    'cursor',
  ],
  '/api/visitors/ann': ['at', 'site'],
  '/api/visitors/ann/explain': ['at', 'site'],
  '/api/visitors/ann/timeline': ['limit', 'cursor', 'site'],
  '/api/rejected': ['limit'],
  '/api/sites': ['x'],
  '/leadlight.js': ['site'],
  '/signin': ['token'],
  '/demo/': ['q'],
}

describe('hostile values', () => {
  it.each(Object.entries(PARAMETERS))('in the parameters of %s are refused or inert', async (path, names) => {
    const whole = (await get('/api/visitors')).text.replaceAll(/"(score|value|discover|engage|evaluate)":[\d.]+/g, '')
    for (const name of names)
      for (const value of HOSTILE) {
        const what = `${name}=${JSON.stringify(value.slice(0, 60))}`
        const answer = await get(`${path}?${new URLSearchParams({ [name]: value })}`)
        expect([200, 303, 400, 404], what).toContain(answer.status)
        expect(answer.text, what).not.toContain(CANARY)
        expect([...answer.headers].join(), what).not.toContain(CANARY)
        if (answer.status >= 400) expect(answer.body, what).toMatchObject({ error: { code: expect.any(String) } })
      }
    const after = (await get('/api/visitors')).text.replaceAll(/"(score|value|discover|engage|evaluate)":[\d.]+/g, '')
    expect(after).toBe(whole)
  })

  it('in place of an id are nobody', async () => {
    for (const value of HOSTILE.filter((each) => each.trim() !== '' && each !== '../../etc/passwd'))
      for (const tail of ['', '/explain', '/timeline']) {
        const answer = await get(`/api/visitors/${encodeURIComponent(value.toWellFormed())}${tail}`)
        expect([400, 404], value.slice(0, 60)).toContain(answer.status)
        expect(answer.text).not.toContain(CANARY)
      }
  })

  it.each([
    ['/api/visitors/nobody', 'at'],
    ['/api/visitors/nobody/explain', 'at'],
    ['/api/visitors/nobody/history', 'from'],
    ['/api/visitors/nobody/handoff', 'at'],
    ['/api/visitors', 'from'],
    ['/api/reports/funnel', 'to'],
    ['/api/reports/sla', 'from'],
    ['/api/reports/sla', 'to'],
  ])('in place of a time are told what it takes: %s %s', async (path, name) => {
    const { status, body } = await get<Failure>(`${path}?${name}=yesterday`)
    expect([status, body.error.details]).toEqual([
      400,
      [{ path: name, message: 'takes a day or an instant, such as 2026-01-31 or 2026-01-31T12:00:00Z' }],
    ])
  })

  it('twice, or among many, are read once', async () => {
    expect((await get(`/api/visitors?limit=2&limit=${CANARY}`)).status).toBe(200)
    const many = Array.from({ length: 1500 }, (_, n) => `x${n}=1`).join('&')
    expect((await get(`/api/visitors?${many}`)).status).toBe(200)
  })

  it.each([
    ['POST', '/api/sites', '{'],
    ['POST', '/api/sites', '[]'],
    ['POST', '/api/sites', `{"name":"${CANARY} X"}`],
    ['POST', '/api/sites', `{"name":"good","${CANARY}":1}`],
    ['POST', '/api/sites', '{"name":"__proto__"}'],
    ['POST', '/api/sites', `{"name":"good","origins":["https://${CANARY}"]}`],
    ['POST', '/api/sites', '{"name":"good","consent":"perhaps"}'],
    ['PATCH', '/api/sites/default', `{"origins":"${CANARY}"}`],
    ['PATCH', '/api/sites/default', '{"__proto__":{"consent":"required"},"tellsStage":true}'],
    ['POST', '/api/keys', `{"kind":"${CANARY}"}`],
    ['POST', '/api/keys', `{"kind":"read","label":"${'x'.repeat(101)}"}`],
    ['POST', '/api/keys', '['.repeat(100_000)],
  ])('in a body are refused: %s %s %.40s', async (method, path, body) => {
    const answer = await collector.ask(path, { method, token: ADMIN, body })
    expect(answer.status).toBe(400)
    expect(answer.text).not.toContain(CANARY)
    const { items } = (await get<{ items: { name: string; consent: string }[] }>('/api/sites')).body
    expect(items.map(({ name, consent }) => [name, consent])).toEqual([
      ['default', 'none'],
      ['demo', 'none'],
    ])
  })

  it.each([
    ['POST', '/api/keys'],
    ['PATCH', '/api/sites/default'],
    ['POST', '/api/models'],
    ['POST', '/api/models/validate'],
    ['POST', '/api/models/active/revert'],
    ['POST', '/api/webhooks'],
  ])('in a body that cannot be read are refused by what is wrong with it: %s %s', async (method, path) => {
    const ask = async (body: string, headers = {}) => {
      const answer = await collector.ask<Failure>(path, { method, token: ADMIN, body, headers })
      return [answer.status, answer.body.error?.code]
    }
    expect(await ask(`{${CANARY}`)).toEqual([400, 'bad_json'])
    expect(await ask(' '.repeat(600_000))).toEqual([413, 'too_large'])
    expect(await ask('{}', { 'content-encoding': 'br' })).toEqual([415, 'encoding'])
  })

  it.each<readonly [string, (n: number) => string, Record<string, string>]>([
    ['/e', () => `{"site":"${CANARY}","events":[]}`, {}],
    ['/e', () => `{${CANARY}`, {}],
    ['/e', () => `{"events":"${CANARY}"}`, { origin: `https://${CANARY}.example` }],
    ['/v1/track', () => `{"writeKey":"${CANARY}","event":"${CANARY}"}`, {}],
    ['/v1/batch', () => '{"batch":[]}', { authorization: `Basic ${btoa(CANARY)}`, 'content-encoding': CANARY }],
    [`/v1/${CANARY}`, () => '{}', {}],
    [`/${CANARY}`, () => CANARY, { 'x-any': CANARY, referer: `https://${CANARY}/` }],
  ])('are never repeated by %s', async (path, body, headers) => {
    const answer = await collector.ask(path, { method: 'POST', body: body(0), headers })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.text + [...answer.headers].join()).not.toContain(CANARY)
  })

  it.each([
    '/demo/%0d%0aset-cookie:%20x=1',
    '/demo/%E2%82%AC',
    '/demo/%E0%A4%A',
    '/demo/%00',
    '/demo/..%2f..%2fpackage.json',
    '/demo/%2e%2e/%2e%2e/package.json',
    '/demo/..%5c..%5cpackage.json',
    '/demo//etc/passwd',
    '/demo/assets/',
    `/demo/${'x/'.repeat(4000)}`,
    '/dashboard/%2e%2e/cli.ts',
    '/leadlight.js/..%2f..%2fcollector/cli.ts',
  ])('in the address lead to no file but ours: %.40s', async (path) => {
    for (const method of ['GET', 'POST']) {
      const { status, text, headers } = await collector.ask(path, { method })
      expect(status, method).toBeLessThan(500)
      expect(text).not.toMatch(/root:|"dependencies"|process\.env/)
      expect(headers.get('set-cookie')).toBeNull()
      if (status === 303) expect(headers.get('location')).toMatch(/^\/demo\/[\x21-\x7e]*$/)
    }
  })

  it('make no mistake that the collector had to note', () => expect(collector.problems).toEqual([]))
})

describe('the list', () => {
  it('is what it says it is', async () => {
    const { body } = await get('/api/visitors')
    expect(
      VisitorPage.parse(body)
        .items.map(({ traits }) => traits.email)
        .toSorted(),
    ).toEqual(['ann@acme.example', 'bob@acme.example', 'cyd@acme.example'])
  })

  it('is walked by its cursor to the end', async () => {
    const seen: string[] = []
    let path: string | undefined = '/api/visitors?limit=1'
    while (path) {
      const { items, nextCursor }: VisitorPage = (await get<VisitorPage>(path)).body
      seen.push(...items.map(({ id }) => id))
      path = nextCursor === null ? undefined : `/api/visitors?limit=1&cursor=${nextCursor}`
    }
    expect(seen).toHaveLength(3)
    expect(new Set(seen).size).toBe(3)
  })

  it.each([
    ['limit=200', 200],
    ['limit=201', 400],
    ['limit=0', 400],
    ['minScore=100', 200],
    ['minScore=101', 400],
    ['sort=heat', 400],
  ])('asked with %s answers %i', async (query, status) => {
    expect((await get(`/api/visitors?${query}`)).status).toBe(status)
  })
})

describe('two at a time', () => {
  it('make one site of a name', async () => {
    const make = () => collector.admin('/api/sites', 'POST', { name: 'twice' })
    const answers = await Promise.all([make(), make(), make()])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409])
  })
})

describe('headers', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/dashboard/main.js'],
    ['GET', '/dashboard/main.css'],
    ['GET', '/leadlight.js'],
    ['GET', '/signin?token=x'],
    ['GET', '/demo/'],
    ['GET', '/demo'],
    ['GET', '/demo/nothing'],
    ['GET', '/healthz'],
    ['GET', '/readyz'],
    ['GET', '/nothing'],
    ['GET', '/api/visitors'],
    ['GET', '/api/nothing'],
    ['POST', '/e'],
    ['POST', '/v1/track'],
    ['OPTIONS', '/v1/track'],
    ['GET', '/v1/projects/x/settings'],
  ])('%s %s says what its body is, and that it is nothing else', async (method, path) => {
    const { status, headers, text } = await collector.ask(path, { method })
    expect(status).toBeLessThan(500)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    if (text) expect(headers.get('content-type')).toMatch(/charset=utf-8|^application\/json|^image\//i)
    expect(headers.get('x-powered-by')).toBeNull()
  })

  it.each(['/', '/demo/', '/signin?token=x'])('%s takes nothing from elsewhere, and is in no frame', async (path) => {
    const { headers } = await collector.ask(path)
    const policy = headers.get('content-security-policy') ?? ''
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
      expect(policy).toContain(rule)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(headers.get('x-frame-options')).toBeTruthy()
    expect(headers.get('referrer-policy')).toBe('same-origin')
  })

  it('keep the API from caches and from other sites', async () => {
    for (const path of ['/api/visitors', '/api/sites', '/api/nothing']) {
      const { headers } = await collector.ask(path, { token: ADMIN, headers: { origin: 'https://evil.example' } })
      expect(headers.get('cache-control')).toBe('no-store')
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })

  it('let the snippet be fetched from anywhere, packed, and not again while it is the same', async () => {
    const first = await collector.ask('/leadlight.js', { headers: { 'accept-encoding': 'br' } })
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'content-encoding': 'br',
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'Accept-Encoding',
    })
    const headers = { 'if-none-match': first.headers.get('etag')! }
    expect(await collector.ask('/leadlight.js', { headers })).toMatchObject({ status: 304, text: '' })
  })

  it.each([
    ['br;q=0, gzip', 'gzip'],
    ['gzip;q=0.5, br; q=0.0', 'gzip'],
    ['BR;q=1.0', 'br'],
    ['gzip;q=0', null],
    ['identity', null],
  ])('pack it as is asked for: %s', async (accepted, encoding) => {
    const { headers } = await collector.ask('/leadlight.js', { headers: { 'accept-encoding': accepted } })
    expect(headers.get('content-encoding')).toBe(encoding)
  })
})

describe('health', () => {
  it.each([
    ['/healthz', { status: 'ok' }],
    ['/readyz', { status: 'ready' }],
  ])('%s', async (path, body) => expect(await collector.ask(path)).toMatchObject({ status: 200, body }))
})
