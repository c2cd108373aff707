/** The list of visitors: every filter keeps whom it says, and pages keep their promise while scores fade and change. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Visitor, VisitorPage } from '../../shared/answer.ts'
import { basic, type Collector, startCollector } from './collector.ts'

const DAY = 86_400_000
let collector: Collector
let keys: Readonly<Record<string, string>>

/** Who is on the list, and what they did. */
const PEOPLE = {
  reader: ['default', [{ type: 'page', properties: { url: 'https://x.example/blog/a', engagedSeconds: 60 } }]],
  looker: [
    'default',
    [
      { type: 'page', properties: { url: 'https://x.example/pricing' } },
      { type: 'page', properties: { url: 'https://x.example/compare' } },
    ],
  ],
  caller: [
    'default',
    [
      { type: 'identify', traits: { email: 'cora@acme.co', name: 'Cora Caller', jobTitle: 'CEO', companySize: 80 } },
      { type: 'track', event: 'demo_request' },
    ],
  ],
  buyer: [
    'default',
    [
      { type: 'identify', traits: { email: 'bea@buyers.co', name: '100 % Bea_' } },
      { type: 'track', event: 'Order Completed' },
    ],
  ],
  stranger: ['demo', [{ type: 'page', properties: { url: 'https://y.example/pricing' } }]],
} as const
type Name = keyof typeof PEOPLE

const tell = async (who: string, site: string, events: readonly object[], at = Date.now() - 60_000): Promise<void> => {
  const batch = events.map((event, n) => ({ anonymousId: who, timestamp: new Date(at + n).toISOString(), ...event }))
  const { body } = await collector.ask('/v1/import', {
    method: 'POST',
    headers: { authorization: basic(keys[site]!) },
    body: JSON.stringify({ batch }),
  })
  expect(body.accepted).toBe(events.length)
}

const ids = new Map<string, string>()
beforeAll(async () => {
  collector = await startCollector()
  const make = async (site: string) =>
    (await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'write', site })).body.secret
  keys = { default: await make('default'), demo: await make('demo') }
  for (const [name, [site, events]] of Object.entries(PEOPLE)) {
    await tell(name, site, events)
    ids.set((await collector.admin<Visitor>(`/api/visitors/${name}`)).body.id, name)
  }
})
afterAll(() => collector.end())

const list = async (query: string): Promise<readonly string[]> => {
  const { status, body } = await collector.admin<VisitorPage>(`/api/visitors?${query}`)
  expect(status).toBe(200)
  return body.items.map(({ id }) => ids.get(id) ?? id)
}

it.each<readonly [string, readonly Name[]]>([
  ['stage=intent', ['caller']],
  ['stage=conversion', ['buyer']],
  ['funnel=bofu', ['buyer']],
  ['funnel=mofu', ['caller']],
  ['funnel=mofu&stage=conversion', []],
  ['qualification=sql', ['caller']],
  ['qualification=customer', ['buyer']],
  ['account=acme.co', ['caller']],
  ['account=nobody.co', []],
  ['site=demo', ['stranger']],
  ['site=nothing', []],
  ['minScore=40', ['caller']],
  ['q=cora', ['caller']],
  ['q=ACME.CO', ['caller']],
  ['q=%25', ['buyer']],
  ['q=bea_', ['buyer']],
  ['q=be__', []],
  ['limit=1', ['caller']],
])('%s keeps %j', async (query, names) => {
  expect((await list(query)).toSorted()).toEqual([...names].toSorted())
})

it('fit=… keeps who has that grade', async () => {
  const { items } = (await collector.admin<VisitorPage>('/api/visitors')).body
  for (const grade of ['A', 'B', 'C', 'D', '?'])
    expect((await list(`fit=${encodeURIComponent(grade)}`)).toSorted()).toEqual(
      items
        .filter(({ fit }) => fit.grade === grade)
        .map(({ id }) => ids.get(id)!)
        .toSorted(),
    )
})

it.each(['score', 'lastSeen', 'stageSince'] as const)('sort=%s goes from the greatest down', async (sort) => {
  const { items } = (await collector.admin<VisitorPage>(`/api/visitors?sort=${sort}`)).body
  const values = items.map((visitor) => (sort === 'score' ? visitor.score : Date.parse(visitor[sort])))
  expect(values).toEqual(values.toSorted((a, b) => b - a))
  expect(items.length).toBe(5)
})

describe('page by page', () => {
  const walk = async (query: string, between: (page: number) => Promise<unknown>): Promise<readonly string[]> => {
    const seen: string[] = []
    let [next, page]: [string | null, number] = ['', 0]
    while (next !== null) {
      const path: string = `/api/visitors?limit=1&${query}${next && `&cursor=${next}`}`
      const { body }: { body: VisitorPage } = await collector.admin<VisitorPage>(path)
      seen.push(...body.items.map(({ id }) => ids.get(id) ?? id))
      next = body.nextCursor
      page += 1
      await between(page)
    }
    return seen
  }

  it('who fades below the least score meanwhile is still on it', async () => {
    const all = await list('minScore=5')
    expect(all.length).toBeGreaterThan(2)
    const seen = await walk('minScore=5', async () => {
      collector.clock.ahead += 10 * DAY
    })
    collector.clock.ahead = 0
    expect(seen).toEqual(all)
  })

  it('who changes is there at most once, everybody else exactly once', async () => {
    for (const sort of ['score', 'lastSeen', 'stageSince']) {
      const seen = await walk(`sort=${sort}`, async (page) => {
        if (page === 1) await tell('reader', 'default', [{ type: 'track', event: 'contact_sales' }], Date.now() - 1000)
        if (page === 2) await tell(`new-${sort}`, 'default', [{ type: 'track', event: 'demo_request' }])
      })
      expect(new Set(seen).size).toBe(seen.length)
      for (const name of ['looker', 'caller', 'buyer', 'stranger']) expect(seen).toContain(name)
    }
  })

  it('goes on in the order in which it began, and in no other', async () => {
    const { nextCursor } = (await collector.admin<VisitorPage>('/api/visitors?limit=1&sort=lastSeen')).body
    expect((await collector.admin(`/api/visitors?limit=1&sort=lastSeen&cursor=${nextCursor}`)).status).toBe(200)
    for (const sort of ['', '&sort=score', '&sort=stageSince'])
      expect(await collector.admin(`/api/visitors?limit=1${sort}&cursor=${nextCursor}`), sort).toMatchObject({
        ...{
          status: 400,
          body: { error: { details: [{ path: 'cursor', message: expect.stringContaining('sort') }] } },
        },
      })
  })

  it('says so when another model was published in between', async () => {
    const { nextCursor } = (await collector.admin<VisitorPage>('/api/visitors?limit=1')).body
    const { version } = (await collector.admin<{ version: number }>('/api/models', 'POST', { preset: 'saas' })).body
    await collector.admin(`/api/models/${version}/publish?wait=20`, 'POST', { reason: 'x' })
    const { status, body } = await collector.admin<{ error: { code: string } }>(
      `/api/visitors?limit=1&cursor=${nextCursor}`,
    )
    expect([status, body.error.code]).toEqual([409, 'model_changed'])
  })
})
