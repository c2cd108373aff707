/** What the collector keeps of those who ask not to be known, in one place: no row that tells of them, in any table. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PersonExport } from '../../shared/answer-privacy.ts'
import { BROWSER, beacon, type Collector, newId, startCollector, type Verdict } from './collector.ts'
import { rowsOf, secrets, telling } from './traces.ts'

const ANN = secrets('ann')
const PHONE = 'a1'.padEnd(32, '0')
const HERS = { all: [...ANN.all, PHONE] }
let collector: Collector
beforeEach(async () => {
  collector = await startCollector({ LEADLIGHT_ALLOW_PRIVATE_WEBHOOKS: 'on' })
})
afterEach(() => collector.end())

const all = () => [
  { type: 'page', url: `https://shop.example/u/${ANN.word}`, title: ANN.word, id: `${newId()}-${ANN.word}` },
  { type: 'form', form: 'demo', step: 'submit', signal: 'demo_request', traits: ANN.traits, id: newId() },
  { type: 'search', query: ANN.word, id: newId() },
  { type: 'track', name: 'Note', props: { about: ANN.word }, id: newId() },
  { type: 'identify', traits: ANN.traits, id: newId() },
]
const send = async (events: readonly object[], headers: Record<string, string> = {}) => {
  const body = beacon(collector.key(), events, { visitor: PHONE })
  return (await collector.ask<Verdict>('/e', { method: 'POST', headers: { ...BROWSER, ...headers }, body })).body
}
const settings = (body: object) => collector.admin('/api/sites/default', 'PATCH', body)
const left = async () => telling(await rowsOf(collector), HERS)
const codes = ({ rejected }: Verdict) => [...new Set(rejected.map(({ code }) => code))]
const sdk = (headers: Record<string, string>) =>
  collector.ask<Verdict>('/v1/identify', {
    ...{ method: 'POST', headers: { ...BROWSER, ...headers } },
    body: JSON.stringify({
      ...{ writeKey: collector.key(), anonymousId: PHONE, userId: ANN.user },
      ...{ traits: ANN.traits, messageId: newId() },
    }),
  })

describe('a browser that asks not to be tracked', () => {
  it.each([
    ['Global Privacy Control', { 'sec-gpc': '1' }],
    ['Do Not Track', { dnt: '1' }],
  ])('by %s leaves no row that tells of it', async (_, headers) => {
    const answer = await send(all(), headers)
    expect([answer.accepted, codes(answer)]).toEqual([0, ['opted_out']])
    expect((await sdk(headers)).body.accepted).toBe(0)
    expect(await left()).toEqual([])
    const { body } = await collector.admin<{ counts: object }>('/api/rejected')
    expect(body.counts).toMatchObject({ opted_out: 6 })
  })

  it('is heard by the owner’s choice alone', async () => {
    await settings({ honoursGpc: false })
    expect((await send(all(), { 'sec-gpc': '1' })).accepted).toBe(5)
    expect((await left()).length).toBeGreaterThan(4)
  })
})

describe('a site that requires consent', () => {
  it.each([
    ['not asked for', []],
    ['denied', [{ type: 'consent', state: 'denied', id: newId() }]],
    ['denied after all', ['granted', 'denied'].map((state) => ({ type: 'consent', state, id: newId() }))],
  ])('keeps nothing while it is %s, but the answer', async (_, consent) => {
    await settings({ consent: 'required' })
    const answer = await send([...consent, ...all()])
    expect([answer.accepted, codes(answer)]).toEqual([consent.length, ['consent']])
    expect(telling(await left(), ANN)).toEqual([])
  })

  it('keeps what comes after it was granted, and no more once it is withdrawn', async () => {
    await settings({ consent: 'required' })
    expect((await send([{ type: 'consent', state: 'granted', id: newId() }, ...all()])).accepted).toBe(6)
    const kept = (await left()).length
    const withdrawn = await send([{ type: 'consent', state: 'denied', id: newId() }, ...all()])
    expect([withdrawn.accepted, codes(withdrawn)]).toEqual([1, ['consent']])
    expect(telling(await left(), ANN).length).toBeLessThanOrEqual(kept)
  })
})

/** Where their words can be: a webhook makes the outbox one of the places. */
const meetAnn = async (): Promise<void> => {
  await collector.admin('/api/webhooks', 'POST', { url: 'http://127.0.0.1:9/in', label: 'sales' })
  await send(all())
  await sdk({})
  await send([{ ...all()[0], url: 5, id: `${newId()}-${ANN.email}` }])
  await collector.admin(`/api/visitors/${PHONE}/feedback`, 'POST', { verdict: 'rejected', reason: ANN.word })
  await collector.admin(`/api/visitors/${PHONE}/adjust`, 'POST', { points: 1, group: 'engage', reason: ANN.word })
}

describe('somebody who wants to be known no longer', () => {
  it('is handed all that any row tells of them, and then no row does', async () => {
    await meetAnn()
    const tables = new Set((await left()).map(({ table }) => table))
    expect([...tables]).toEqual(
      expect.arrayContaining(['event', 'message', 'name', 'rejected', 'transition', 'visitor']),
    )
    const { body, text } = await collector.admin<PersonExport>(`/api/visitors/${PHONE}/export`)
    for (const secret of HERS.all) expect(text).toContain(secret)
    const [person] = body.people
    expect(person!.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['page', 'form', 'search', 'track', 'identify', 'feedback', 'adjust']),
    )
    expect([person!.others.message!.length > 0, person!.others.feedback!.length]).toEqual([true, 1])
    await collector.admin(`/api/visitors/${PHONE}`, 'DELETE')
    expect(await left()).toEqual([])
    expect((await rowsOf(collector)).filter(({ table }) => table === 'delivery')).toEqual([])
    expect(codes(await send(all()))).toEqual(['erased'])
    expect(await left()).toEqual([])
  })

  it('is nobody where the counts are to stay, in whatever table', async () => {
    await meetAnn()
    await collector.admin(`/api/visitors/${PHONE}?mode=anonymize`, 'DELETE')
    expect(await left()).toEqual([])
    const kinds = (await rowsOf(collector)).map(({ table }) => table)
    expect(kinds).toEqual(expect.arrayContaining(['event', 'visitor', 'transition', 'feedback']))
  })
})

describe('the clock of a site', () => {
  const imported = async (days: number) => {
    const { body } = await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'write' })
    const timestamp = new Date(Date.now() - days * 86_400_000).toISOString()
    const about = { anonymousId: PHONE, userId: ANN.user, timestamp }
    const batch = [
      { ...about, type: 'page', properties: { url: `https://shop.example/u/${ANN.word}` }, messageId: newId() },
      { ...about, type: 'identify', traits: ANN.traits, messageId: newId() },
    ]
    await collector.ask('/v1/import', { method: 'POST', token: body.secret, body: JSON.stringify({ batch }) })
  }
  const settled = async () => {
    for (let tries = 0; tries < 100 && (await left()).length > 0; tries += 1)
      await new Promise((done) => setTimeout(done, 50))
    return await left()
  }

  it.each(['erase', 'anonymize'])('ends those who were not seen for that long: %s', async (expiry) => {
    await imported(31)
    expect((await left()).length).toBeGreaterThan(2)
    await settings({ retentionDays: 30, expiry })
    expect(await settled()).toEqual([])
  })

  it('leaves those who were', async () => {
    await imported(29)
    await settings({ retentionDays: 30 })
    await new Promise((done) => setTimeout(done, 1500))
    expect((await left()).length).toBeGreaterThan(2)
  })
})
