/** What a running collector does with its own people, its own hosts, spam, haste, and too much of anything. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isOnPostgres } from '../database.ts'
import {
  type Answered,
  BROWSER,
  basic,
  beacon,
  type Collector,
  newId,
  startCollector,
  type Verdict,
} from './collector.ts'

const PEER = '203.0.113.77'

let collector: Collector
let secret: string
beforeAll(async () => {
  collector = await startCollector({ LEADLIGHT_TRUST_PROXY: 'on', LEADLIGHT_RATE_ADDRESS: '60' })
  secret = (await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'write', site: 'default' })).body
    .secret
  const settings = { ignores: ['staging.*', '/admin*'], staff: ['@own.example', 'own-browser-0001'] }
  const made = await collector.admin('/api/sites', 'POST', { name: 'own', ...settings })
  expect(made).toMatchObject({ status: 201, body: settings })
  await collector.admin('/api/sites', 'POST', { name: 'bare', consent: 'cookieless' })
})
afterAll(() => collector.end())

const send = (body: string, headers: Record<string, string> = {}): Promise<Answered<Verdict>> =>
  collector.ask('/e', { method: 'POST', body, headers: { ...BROWSER, ...headers } })
const page = (more: object = {}) => ({ type: 'page', url: 'https://www.acme.example/', signal: 'pricing', ...more })
const codes = ({ body }: Answered<Verdict>) => body.rejected.map(({ code }) => code)

interface Seen {
  readonly items: readonly { readonly kind: string; readonly id: string; readonly flagged?: string }[]
}
const flagsOf = async (visitor: string): Promise<readonly (string | undefined)[]> => {
  const { body } = await collector.admin<Seen>(`/api/visitors/${visitor}/timeline?limit=200`)
  return body.items.filter(({ kind }) => kind === 'event').map(({ flagged }) => flagged)
}
const scoreOf = async (visitor: string) =>
  (await collector.admin<{ score: number }>(`/api/visitors/${visitor}`)).body.score
const counts = async (): Promise<Readonly<Record<string, number>>> =>
  (await collector.admin<{ counts: Record<string, number> }>('/api/rejected?limit=1')).body.counts

describe('what a site does not count', () => {
  it('goes with everything that happens on that page, also later, and is counted', async () => {
    const before = (await counts()).ignored ?? 0
    const url = 'https://www.acme.example/admin/users'
    const first = await send(beacon(collector.key('own'), [page({ url, view: 'v1' }), page({ view: 'v2' })]))
    expect(first.body.accepted).toBe(1)
    expect(codes(first)).toEqual(['ignored'])
    const click = { type: 'click', url: 'https://www.acme.example/x', signal: 'pricing' }
    const next = [
      { ...click, view: 'v1' },
      { ...click, view: 'v2' },
    ]
    expect(codes(await send(beacon(collector.key('own'), next)))).toEqual(['ignored'])
    expect((await counts()).ignored).toBe(before + 2)
  })

  it('is told by the host of the page that sends, too', async () => {
    const origin = 'https://staging.acme.example'
    expect(codes(await send(beacon(collector.key('own'), [page(), { type: 'click' }]), { origin }))).toEqual([
      'ignored',
      'ignored',
    ])
  })

  it('spam is counted, and a real referrer is not in it', async () => {
    const before = (await counts()).referrer_spam ?? 0
    const events = [
      page({ referrer: 'https://semalt.com/win' }),
      page({ referrer: 'https://www.bottraffic999.xyz/' }),
      page({ referrer: 'https://www.google.com/' }),
    ]
    expect(codes(await send(beacon(collector.key(), events)))).toEqual(['referrer_spam', 'referrer_spam'])
    expect((await counts()).referrer_spam).toBe(before + 2)
  })
})

describe('own people', () => {
  const key = () => collector.key('own')
  const identify = (email: string) => ({ type: 'identify', view: 'own', traits: { email } })

  it('are kept and not scored from where they are known, also when they come again', async () => {
    await send(beacon(key(), [identify('ann@own.example'), page()], { visitor: 'staff-browser-ann' }))
    await send(beacon(key(), [page()], { visitor: 'staff-browser-ann' }))
    expect(await flagsOf('staff-browser-ann')).toEqual(['staff', 'staff', 'staff'])
    expect(await scoreOf('staff-browser-ann')).toBe(0)
  })

  it('are known by the id of a browser', async () => {
    await send(beacon(key(), [page()], { visitor: 'own-browser-0001' }))
    expect(await flagsOf('own-browser-0001')).toEqual(['staff'])
  })

  it('are nobody else', async () => {
    await send(beacon(key(), [identify('bob@other.example'), page()], { visitor: 'guest-browser-bob' }))
    expect(await flagsOf('guest-browser-bob')).toEqual([undefined, undefined])
    expect(await scoreOf('guest-browser-bob')).toBeGreaterThan(0)
  })

  it('are known by what the log holds of them, told before anybody said who is staff', async () => {
    const again = await startCollector()
    const site = { name: 'own', staff: ['own.example'] }
    await again.admin('/api/sites', 'POST', site)
    const say = (body: string) => again.ask('/e', { method: 'POST', body, headers: BROWSER })
    await again.admin('/api/sites/own', 'PATCH', { staff: [] })
    await say(beacon(again.key('own'), [identify('ann@own.example')], { visitor: 'staff-browser-ann' }))
    await again.admin('/api/sites/own', 'PATCH', { staff: site.staff })
    await say(beacon(again.key('own'), [page()], { visitor: 'staff-browser-ann' }))
    const { body } = await again.admin<Seen>('/api/visitors/staff-browser-ann/timeline')
    expect(body.items.filter(({ kind }) => kind === 'event').map(({ flagged }) => flagged)).toEqual([
      'staff',
      undefined,
    ])
    await again.end()
  })
})

describe('haste', () => {
  const pages = (count: number) =>
    Array.from({ length: count }, (_, n) => page({ at: Date.now() - 5000 + n, view: `h${n}` }))

  it('is flagged, from the twenty-first page on', async () => {
    expect((await send(beacon(collector.key(), pages(25), { visitor: 'hasty' }))).body.accepted).toBe(25)
    expect((await flagsOf('hasty')).filter((flag) => flag === 'hasty')).toHaveLength(5)
  })

  it('is no matter for a server, nor where automation is allowed', async () => {
    await send(beacon(collector.key('demo'), pages(25), { visitor: 'driven' }))
    expect(new Set(await flagsOf('driven'))).toEqual(new Set([undefined]))
    const batch = Array.from({ length: 25 }, () => ({
      type: 'page',
      anonymousId: 'told',
      messageId: newId(),
      name: 'x',
    }))
    const headers = { authorization: basic(secret) }
    await collector.ask('/v1/batch', { method: 'POST', body: JSON.stringify({ batch }), headers })
    expect(new Set(await flagsOf('told'))).toEqual(new Set([undefined]))
  })
})

describe('without an id from the browser', () => {
  const chrome: string = BROWSER['user-agent']
  const ids = async (site = 'bare'): Promise<readonly string[]> =>
    (await collector.admin<{ items: { id: string }[] }>(`/api/visitors?site=${site}`)).body.items.map(({ id }) => id)
  const come = (from: string, agent = chrome, head: object = { visitor: undefined }) =>
    send(beacon(collector.key('bare'), [page()], head), { 'x-forwarded-for': from, 'user-agent': agent })

  it('a visitor is known by where they come from for a day, and is another one the next', async () => {
    expect((await come(PEER)).body.accepted).toBe(1)
    await come(PEER)
    expect(await ids()).toHaveLength(1)
    await come('203.0.113.78')
    expect(await ids()).toHaveLength(2)
    await come(PEER, chrome.replace('140', '141'))
    expect(await ids()).toHaveLength(3)
    // An id that comes all the same is not looked at: the stricter wins.
    await come(PEER, chrome, { visitor: 'f00df00df00df00df00df00df00df00d' })
    expect(await ids()).toHaveLength(3)
    expect((await collector.admin('/api/visitors/f00df00df00df00df00df00df00df00d')).status).toBe(404)
    collector.clock.ahead = 86_400_000
    await come(PEER)
    expect(await ids()).toHaveLength(4)
    collector.clock.ahead = 0
  })

  it('and is another one on another site', async () => {
    const before = await ids('default')
    const body = beacon(collector.key(), [page()], { visitor: undefined })
    expect((await send(body, { 'x-forwarded-for': PEER })).body.accepted).toBe(1)
    const after = await ids('default')
    expect(after).toHaveLength(before.length + 1)
    expect((await ids()).filter((id) => after.includes(id))).toEqual([])
  })

  it('an event of nobody, from nowhere, is turned away', async () => {
    const lost = await send(beacon(collector.key('bare'), [page()], { visitor: undefined }), { 'x-forwarded-for': '?' })
    expect(codes(lost)).toEqual(['no_visitor'])
  })
})

describe('too much', () => {
  it('of one network is put off, another is served, and the first of many is listed', async () => {
    const from = (address: string) =>
      send(beacon(collector.key(), [page()], { visitor: 'flood' }), { 'x-forwarded-for': address })
    const answers = await Promise.all(Array.from({ length: 70 }, (_, n) => from(`198.51.100.${n}`)))
    const off = answers.filter(({ status }) => status === 429)
    expect(off.length).toBeGreaterThanOrEqual(9)
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(60)
    for (const { headers } of off) expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    expect((await from('198.51.101.1')).status).toBe(200)
    expect((await counts()).too_often).toBeGreaterThan(0)
    expect((await counts()).too_often).toBeLessThan(off.length)
  })

  it('for one site is put off, whoever sends it', async () => {
    const narrow = await startCollector({ LEADLIGHT_RATE_SITE: '3' })
    const say = (site: string) =>
      narrow.ask('/e', { method: 'POST', body: beacon(narrow.key(site), []), headers: BROWSER })
    const answers = [await say('default'), await say('default'), await say('default'), await say('default')]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect(answers[3]!.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    expect((await say('demo')).status).toBe(200)
    await narrow.end()
  })
})

it.skipIf(isOnPostgres)('no address is in any file or on the console', () => {
  const files = readdirSync(collector.folder, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter(
    (each) => each.isFile(),
  )
  const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
  expect(texts.some((text) => text.includes('own-browser-0001'))).toBe(true)
  for (const address of [PEER, '198.51.100', '203.0.113'])
    expect([...texts, ...collector.problems].some((text) => text.includes(address))).toBe(false)
})
