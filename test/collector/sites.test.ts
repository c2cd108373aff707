/** Sites: each by itself. What is changed of one holds for that one, and a removed one leaves nothing. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Failure, Visitor, VisitorPage } from '../../shared/answer.ts'
import { BROWSER, beacon, type Collector, newId, startCollector, type Verdict } from './collector.ts'
import { rowsOf } from './traces.ts'

type Fault = (typeof Failure)['_output']
interface SiteView {
  readonly name: string
  readonly key: string
  readonly retentionDays: number | null
  readonly pageRulesCount: string
}

const ANN = 'a1'.padEnd(32, '0')
let collector: Collector
beforeEach(async () => {
  collector = await startCollector()
  await collector.admin('/api/sites', 'POST', { name: 'other' })
})
afterEach(() => collector.end())

const keyOf = async (name: string): Promise<string> => {
  const { body } = await collector.admin<{ items: readonly SiteView[] }>('/api/sites')
  return body.items.find((site) => site.name === name)!.key
}
const send = (key: string, events: readonly object[], visitor = ANN) =>
  collector.ask<Verdict & Fault>('/e', { method: 'POST', headers: BROWSER, body: beacon(key, events, { visitor }) })
const page = (path = 'pricing') => ({ type: 'page', url: `https://shop.example/${path}` })
const change = (name: string, body: object) => collector.admin<SiteView & Fault>(`/api/sites/${name}`, 'PATCH', body)

describe('PATCH /api/sites/:name', () => {
  it('changes what is named, keeps the rest, and says what it is now', async () => {
    const { body } = await change('other', { retentionDays: 90, consent: 'required' })
    expect(body).toMatchObject({ name: 'other', retentionDays: 90, consent: 'required', expiry: 'erase' })
    expect((await change('other', { expiry: 'anonymize' })).body).toMatchObject({ retentionDays: 90 })
    expect((await change('other', { retentionDays: null })).body).toMatchObject({ retentionDays: null })
    expect((await change('nothing', {})).status).toBe(404)
  })

  it.each([
    { retentionDays: 0 },
    { retentionDays: 1.5 },
    { expiry: 'sell' },
    { key: 'mine' },
    { pageRules: [{ path: 'x' }] },
  ])('refuses %j', async (body) => {
    expect((await change('other', body)).status).toBe(400)
  })

  it('gives another key, and takes nothing by the old one', async () => {
    const old = await keyOf('other')
    const { body } = await change('other', { key: 'rotate' })
    expect(body.key).not.toBe(old)
    expect((await send(old, [page()])).body.error.code).toBe('unknown_key')
    expect((await send(body.key, [page()])).body.accepted).toBe(1)
    expect((await send(await keyOf('default'), [page()])).body.accepted).toBe(1)
  })

  it('puts page rules before the model’s, for this site, from now on, and says so', async () => {
    for (const name of ['default', 'other']) await send(await keyOf(name), [page('our-offer')])
    const { body } = await change('other', { pageRules: [{ path: '/our-offer', signal: 'pricing', funnel: 'bofu' }] })
    expect(body.pageRulesCount).toMatch(/^from now on/)
    for (const name of ['default', 'other']) await send(await keyOf(name), [page('our-offer')])
    const score = async (site: string) =>
      (await collector.admin<Visitor>(`/api/visitors/${ANN}?site=${site}`)).body.groups.evaluate
    expect([await score('default'), await score('other')]).toEqual([0, 6])
  })
})

describe('DELETE /api/sites/:name', () => {
  it('leaves nothing of it, in any table, and takes nothing for it any more', async () => {
    const key = await keyOf('other')
    const secret = await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'write', site: 'other' })
    const before = await rowsOf(collector)
    for (let n = 0; n < 5; n += 1)
      await send(
        key,
        [page(), { type: 'identify', traits: { email: `only-other-${n}@acme.example` } }],
        `${n + 1}`.repeat(32),
      )
    await send(key, [{ ...page(), url: 5 }])
    const kept = await send(await keyOf('default'), [page()])
    expect(kept.body.accepted).toBe(1)
    const { status, body } = await collector.admin('/api/sites/other', 'DELETE')
    expect([status, body]).toEqual([200, { visitors: 5, events: 10 }])
    expect((await send(key, [page()])).body.error.code).toBe('unknown_key')
    const late = await collector.ask<Fault>('/v1/track', {
      ...{ method: 'POST', token: secret.body.secret },
      body: JSON.stringify({ userId: 'x', event: 'Note', messageId: newId() }),
    })
    expect(late.body.error.code).toBe('unknown_key')
    const rows = await rowsOf(collector)
    expect(rows.filter(({ text }) => text.includes('only-other'))).toEqual([])
    expect(rows.filter(({ text, table }) => /\bother\b/.test(text) && table !== 'audit')).toEqual([])
    for (const table of ['event', 'visitor', 'name'])
      expect(rows.filter((row) => row.table === table).length, table).toBe(
        before.filter((row) => row.table === table).length + 1,
      )
    const { items } = (await collector.admin<VisitorPage>('/api/visitors')).body
    expect(items.map(({ site }) => site)).toEqual(['default'])
  })

  it('frees the name for another, which knows nothing of the first', async () => {
    await send(await keyOf('other'), [page()])
    await collector.admin('/api/sites/other', 'DELETE')
    await collector.admin('/api/sites', 'POST', { name: 'other' })
    expect((await collector.admin<VisitorPage>('/api/visitors?site=other')).body.items).toEqual([])
    expect((await send(await keyOf('other'), [page()])).body.accepted).toBe(1)
  })

  it('is refused for what is not there, and for the last one', async () => {
    expect((await collector.admin('/api/sites/nothing', 'DELETE')).status).toBe(404)
    for (const name of ['other', 'demo'])
      expect((await collector.admin(`/api/sites/${name}`, 'DELETE')).status).toBe(200)
    const last = await collector.admin<Fault>('/api/sites/default', 'DELETE')
    expect([last.status, last.body.error.code]).toEqual([409, 'last_site'])
  })
})

describe('what one site knows', () => {
  it('is told to nobody who asks another for it', async () => {
    await send(await keyOf('other'), [page(), { type: 'identify', traits: { email: 'ann@acme.example' } }])
    const { id } = (await collector.admin<Visitor>(`/api/visitors/${ANN}`)).body
    for (const ref of [id, ANN, 'ann@acme.example'])
      for (const [path, method] of [
        ['', 'GET'],
        ['/explain', 'GET'],
        ['/timeline', 'GET'],
        ['/history', 'GET'],
        ['/export', 'GET'],
        ['/feedback', 'POST'],
        ['/unmerge', 'POST'],
        ['', 'DELETE'],
      ] as const) {
        const address = `/api/visitors/${ref}${path}?site=default`
        const body = method === 'POST' ? { verdict: 'meeting' } : undefined
        expect((await collector.admin(address, method, body)).status, `${method} ${address}`).toBe(404)
      }
    const { body } = await collector.admin<Visitor>(`/api/visitors/${ANN}?site=other`)
    expect([body.id, body.flags]).toEqual([id, []])
  })

  it('is not joined with what another knows, by whatever name', async () => {
    for (const name of ['default', 'other'])
      await send(await keyOf(name), [page(), { type: 'identify', traits: { email: 'ann@acme.example' } }])
    const ids = await Promise.all(
      ['default', 'other'].map(async (site) => {
        const { body } = await collector.admin<Visitor>(`/api/visitors/ann@acme.example?site=${site}`)
        expect(body.views).toBe(1)
        return body.id
      }),
    )
    const merged = await collector.admin<Fault>('/api/visitors/merge', 'POST', { from: ids[0], into: ids[1] })
    expect([merged.status, merged.body.error.code]).toEqual([409, 'not_mergeable'])
  })
})
