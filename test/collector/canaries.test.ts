/** What names a person, a key or an address is repeated by no error, written by no log, and changes no header. */
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Program, startProgram } from '../e2e/program.ts'
import { BROWSER, basic, beacon } from './collector.ts'

const EMAIL = 'canary.bird@cage.example'
const KEY = 'write_canarycanarycanarycanary'
const ADDRESS = '198.51.100.213'
const TEXT = 'tweettweettweet'
const CANARIES = [EMAIL, encodeURIComponent(EMAIL), KEY, basic(KEY).slice(6), ADDRESS, TEXT]

let program: Program
let siteKey: string
beforeAll(async () => {
  program = await startProgram({ environment: { LEADLIGHT_TRUST_PROXY: 'on', LEADLIGHT_RATE_ADDRESS: '200' } })
  type Sites = { items: { name: string; key: string }[] }
  siteKey = (await program.get<Sites>('/api/sites')).items.find(({ name }) => name === 'default')!.key
})
afterAll(() => program.end())

const bearing = { ...BROWSER, 'x-forwarded-for': ADDRESS, referer: `https://x.example/?${TEXT}`, 'x-note': EMAIL }

const expectClean = (where: string, text: string): void => {
  for (const canary of CANARIES) expect(text.includes(canary), `${canary} in ${where}`).toBe(false)
}

interface Case {
  readonly path: string
  readonly method?: string
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly headers?: Record<string, string>
  /** As the administrator. */
  readonly admin?: true
}

const bad = (more: object) => beacon(siteKey, [{ type: 'identify', traits: { email: EMAIL } }], more)
const post = (path: string, body: Case['body'], more: Omit<Case, 'path' | 'body'> = {}): Case => ({
  path,
  method: 'POST',
  ...(body !== undefined && { body }),
  ...more,
})
const cases = (): readonly (readonly [string, Case])[] => [
  ['an unknown key in the body', post('/e', bad({ site: KEY }))],
  ['an unknown write key', post('/v1/track', `{"event":"${TEXT}"}`, { headers: { authorization: basic(KEY) } })],
  ['a bearer of nothing', { path: '/api/visitors', headers: { authorization: `Bearer ${KEY}` } }],
  ['a cookie of nobody', { path: '/api/visitors', headers: { cookie: `leadlight_session=admin.9e15.${TEXT}` } }],
  ['no JSON', post('/e', `{"site":"${siteKey}","email":"${EMAIL}" ${TEXT}`)],
  ['no events', post('/e', JSON.stringify({ site: siteKey, events: EMAIL }))],
  ['fields of another kind', post('/e', bad({ events: [{ id: 'x', at: EMAIL, type: 'track', name: { a: TEXT } }] }))],
  ['an unknown type', post('/e', bad({ events: [{ id: 'x', at: 1, type: TEXT }] }))],
  [
    'what only a company may say',
    post('/e', bad({ events: [{ id: 'x', at: 1, type: 'track', name: 'won', props: { EMAIL } }] })),
  ],
  ['an encoding that is none', post('/e', bad({}), { headers: { 'content-encoding': TEXT } })],
  ['gzip that breaks off', post('/e', new Uint8Array(gzipSync(bad({})).subarray(0, 40)))],
  ['too much', post('/e', bad({ fill: EMAIL.repeat(40_000) }))],
  ['a visitor that is not there', { path: `/api/visitors/${encodeURIComponent(EMAIL)}`, admin: true }],
  ['a parameter that is wrong', { path: `/api/visitors?limit=${TEXT}&sort=${encodeURIComponent(EMAIL)}`, admin: true }],
  ['a cursor that is none', { path: `/api/visitors?cursor=${TEXT}`, admin: true }],
  ['a site of no name', post('/api/sites', JSON.stringify({ name: EMAIL, [TEXT]: 1 }), { admin: true })],
  [
    'a model that is none',
    post('/api/models', JSON.stringify({ model: { name: { TEXT }, halfLifeDays: EMAIL, timeZone: TEXT } }), {
      admin: true,
    }),
  ],
  [
    'a setting that is none',
    { path: '/api/sites/default', method: 'PATCH', body: `{"consent":"${TEXT}"}`, admin: true },
  ],
  ['a sign-in that is none', { path: `/signin?token=${KEY}` }],
  ['a path that is not there', { path: `/${TEXT}?email=${encodeURIComponent(EMAIL)}` }],
  ['a method that is none', { path: `/api/sites?${TEXT}`, method: 'DELETE', admin: true }],
  ['settings of no key', { path: `/v1/projects/${KEY}/settings` }],
]

const ask = async ({ path, method = 'GET', body, headers, admin }: Case): Promise<Response> =>
  fetch(program.url + path, {
    method,
    body: body ?? null,
    redirect: 'manual',
    headers: { ...bearing, ...(admin && { authorization: `Bearer ${program.token}` }), ...headers },
  })

describe('what is told of whom', () => {
  it('is in no error, and in nothing that is printed', async () => {
    for (const [name, each] of cases()) {
      const answer = await ask(each)
      expect(answer.status, name).toBeLessThan(500)
      expectClean(name, (await answer.text()) + JSON.stringify([...answer.headers]))
    }
    expectClean('what it printed', program.output())
  })

  it('is in no list of what was rejected', async () => {
    expectClean('the list', JSON.stringify(await program.get('/api/rejected?limit=200')))
  })

  it('is not told where too much comes of it', async () => {
    const many = Array.from({ length: 260 }, () => ask(post('/e', bad({}))))
    const answers = await Promise.all(many)
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0)
    for (const answer of answers) expectClean('an answer', await answer.text())
    expectClean('the list', JSON.stringify(await program.get('/api/rejected?limit=200')))
    expectClean('what it printed', program.output())
  })
})

describe('what could become a header', () => {
  const LINES = '%0d%0aset-cookie:%20canary=1%0d%0a%0d%0a<script>'

  it.each([
    `/leadlight.js?site=${LINES}`,
    `/signin?token=${LINES}`,
    `/demo/${LINES}`,
    `/${LINES}`,
    `/api/visitors/${LINES}`,
    `/v1/projects/${LINES}/settings`,
    `/v1/projects/__proto__/settings`,
    `/leadlight.js?site=__proto__`,
    `/api/visitors/__proto__`,
    `/api/models/constructor`,
  ])('%s adds none, and is no failure', async (path) => {
    const answer = await ask({ path, admin: true })
    expect(answer.status).toBeLessThan(500)
    expect(answer.headers.get('set-cookie') ?? '').not.toContain('canary')
  })

  it.each(['x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-for', 'origin', 'if-none-match', 'accept-language'])(
    '%s of a stranger adds none',
    async (name) => {
      for (const value of ['a\tb: c', 'evil.example/"><script>', '__proto__', ',,,', '[::', '\u00ff\u00fe'])
        for (const path of ['/', '/leadlight.js', '/demo/', '/api/visitors']) {
          const answer = await ask({ path, headers: { [name]: value } })
          expect(answer.status).toBeLessThan(500)
          expect(answer.headers.get('set-cookie')).toBeNull()
          expect(await answer.text()).not.toContain('evil.example')
        }
    },
  )

  it('nothing was added to what every object has', async () => {
    const names = ['__proto__', 'constructor', 'prototype']
    const props = JSON.parse(`{${names.map((name) => `"${name}":{"polluted":1}`).join()}}`)
    await ask(
      post(
        '/e',
        beacon(siteKey, [
          { type: 'track', name: '__proto__', props },
          { type: 'identify', traits: props },
        ]),
      ),
    )
    expect(JSON.stringify(await program.get('/api/visitors'))).not.toContain('polluted')
    expect(program.output()).not.toMatch(/^\s+at /m)
  })
})
