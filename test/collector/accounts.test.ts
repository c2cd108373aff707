/** Companies over HTTP: found, scored, sorted, explained. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account, AccountDetail, AccountPage, VisitorPage } from '../../shared/answer.ts'
import { BROWSER, beacon, type Collector, startCollector } from './collector.ts'

let collector: Collector
beforeAll(async () => {
  collector = await startCollector()
})
afterAll(() => collector.end())

let people = 0
const demo = { type: 'form', form: 'demo', step: 'submit', signal: 'demo_request' }
const page = (signal: string) => ({ type: 'page', url: 'https://shop.example/', signal, view: `${signal}${people}` })
/** Somebody new with an address, and what they did. */
const person = async (email: string, events: readonly object[], site = 'default'): Promise<string> => {
  people += 1
  const visitor = `${people}`.padStart(32, 'b')
  const body = beacon(collector.key(site), [{ type: 'identify', traits: { email } }, ...events], { visitor })
  await collector.ask('/e', { method: 'POST', headers: BROWSER, body })
  return visitor
}
const list = async (query = '') => (await collector.admin<AccountPage>(`/api/accounts?${query}`)).body
const one = (id: string, query = '') =>
  collector.admin<AccountDetail>(`/api/accounts/${encodeURIComponent(id)}?${query}`)
const scoreOf = async (visitor: string) =>
  (await collector.admin<{ score: number }>(`/api/visitors/${visitor}`)).body.score

describe('a company', () => {
  it('is the people whose addresses are of it; mailboxes that anybody can have are none', async () => {
    const [ann, bob] = [
      await person('ann@acme.com', [demo]),
      await person('bob@mail.acme.com', [page('comparison'), page('case_study')]),
    ]
    await person('carl@gmail.com', [demo])
    const { status, body } = await one('acme.com')
    expect([status, body.people]).toEqual([200, 2])
    expect(body.score).toBeCloseTo((await scoreOf(ann)) + (await scoreOf(bob)), 0)
    const byPerson = body.visitors.reduce((sum, { value }) => sum + value, 0)
    const bySignal = body.signals.reduce((sum, { value }) => sum + value, 0)
    expect(bySignal).toBe(body.sum)
    expect(byPerson).toBeCloseTo(body.sum, 9)
    expect(body.score).toBeCloseTo(body.sum, 1)
    expect((await one('gmail.com')).status).toBe(404)
    const { items } = (await collector.admin<VisitorPage>('/api/visitors?account=acme.com')).body
    expect(items.map(({ account }) => account)).toEqual(['acme.com', 'acme.com'])
  })

  it('is ready with the score, two people, and one of them far enough; and says what is missing', async () => {
    await person('a@ready.com', [demo, page('comparison'), page('case_study')])
    const alone = (await one('ready.com')).body
    expect([alone.ready, alone.checks.map(({ met }) => met)]).toEqual([false, [false, false, true]])
    await person('b@ready.com', [page('comparison'), page('pricing'), page('testimonial')])
    const both = (await one('ready.com')).body
    expect([both.ready, both.checks.every(({ met }) => met)]).toEqual([true, true])
    expect(both.why[0]!.signal).toBe('demo_request')
  })

  it('follows the explicit name of it, wherever the address is', async () => {
    const headers = { ...BROWSER, authorization: `Basic ${Buffer.from(`${collector.key()}:`).toString('base64')}` }
    const user = { userId: 'dora', type: 'identify', traits: { email: 'dora@acme.com' } }
    const batch = [user, { userId: 'dora', type: 'group', groupId: 'acct 7/ü' }]
    await collector.ask('/v1/batch', { method: 'POST', headers, body: JSON.stringify({ batch }) })
    expect((await one('acct 7/ü')).body.visitors.map(({ visitor }) => visitor.traits.email)).toEqual(['dora@acme.com'])
  })

  it('is scored anew when one of its people does something, or is joined with another', async () => {
    const [a, b] = [await person('a@anew.com', [page('faq')]), await person('b@anew.com', [demo])]
    const before = (await one('anew.com')).body
    await person('c@anew.com', [page('comparison')])
    const after = (await one('anew.com')).body
    expect([after.people - before.people, Math.round(after.score - before.score)]).toEqual([1, 9])
    await collector.admin('/api/visitors/merge', 'POST', { from: a, into: b })
    expect((await one('anew.com')).body.people).toBe(2)
  })

  it('that nobody belongs to is not found', async () => expect((await one('nobody.com')).status).toBe(404))
})

describe('the list of companies', () => {
  const names = (items: readonly Account[]) => items.map(({ id }) => id)

  it('is sorted by live score, and pages through each once', async () => {
    for (let i = 0; i < 9; i++)
      for (let j = 0; j <= i % 4; j++)
        await person(`p${j}@firm${i}.com`, i === 8 ? [page('careers')] : [page('case_study'), ...(i > 4 ? [demo] : [])])
    const all = (await list('limit=200')).items
    expect(all.map(({ score }) => score)).toEqual(all.map(({ score }) => score).toSorted((a, b) => b - a))
    for (const account of all) expect(account.score).toBe((await one(account.id)).body.score)
    const paged: string[] = []
    let cursor = ''
    do {
      const { items, nextCursor } = await list(`limit=3${cursor}`)
      paged.push(...names(items))
      cursor = nextCursor ? `&cursor=${nextCursor}` : ''
    } while (cursor)
    expect(paged).toEqual(names(all))
  })

  it.each(['people', 'name'])('may be sorted by %s, and pages through each once as well', async (sort) => {
    const all = (await list(`limit=200&sort=${sort}`)).items
    const expected = all.toSorted((a, b) => (sort === 'people' ? b.people - a.people : 0) || (a.id < b.id ? -1 : 1))
    expect(names(all)).toEqual(names(expected))
    const first = await list(`limit=2&sort=${sort}`)
    const second = await list(`limit=2&sort=${sort}&cursor=${first.nextCursor}`)
    expect(names([...first.items, ...second.items])).toEqual(names(all).slice(0, 4))
    const other = await collector.admin(`/api/accounts?limit=2&cursor=${first.nextCursor}`)
    expect(other).toMatchObject({ status: 400, body: { error: { details: [{ path: 'cursor' }] } } })
  })

  it('may be of those at a least score, of a name, of a site', async () => {
    const warm = (await list('minScore=40&limit=200')).items
    expect(warm.length).toBeGreaterThan(0)
    expect(warm.every(({ score }) => score >= 40)).toBe(true)
    const all = (await list('limit=200')).items
    expect(warm).toHaveLength(all.filter(({ score }) => score >= 40).length)
    expect(names((await list('minScore=40&sort=name&limit=200')).items)).toEqual(names(warm).toSorted())
    expect(names((await list('q=FIRM3')).items)).toEqual(['firm3.com'])
    expect((await list('q=%25')).items).toEqual([])
    await person('x@acme.com', [demo], 'demo')
    expect((await list('site=demo')).items).toMatchObject([{ id: 'acme.com', people: 1 }])
    expect((await one('acme.com', 'site=demo')).body.people).toBe(1)
    expect((await one('acme.com')).body.people).toBe(3)
  })

  it.each(['limit=0', 'limit=201', 'sort=other', 'minScore=x', 'cursor=x', 'cursor=e30', 'q='])(
    'refuses %s',
    async (query) => expect((await collector.admin(`/api/accounts?${query}`)).status).toBe(400),
  )

  it('left the collector without a complaint', () => expect(collector.problems).toEqual([]))
})
