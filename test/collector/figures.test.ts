/** Every figure of the reports, held against the list of those whom it counts: as many, each once. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Failure, Timeline, VisitorPage } from '../../shared/answer.ts'
import type {
  ContentReport,
  FunnelReport,
  Period,
  SignalsReport,
  SourcesReport,
  VelocityReport,
} from '../../shared/answer-reports.ts'
import { BROWSER, beacon, type Collector, startCollector } from './collector.ts'

type Query = Readonly<Record<string, string | number | null | undefined>>
interface Figure {
  readonly says: number
  readonly query: Query
}

const SITE = 'sample'
let collector: Collector
/** Figures that are not nothing: a test of none would pass. */
let compared = 0

beforeAll(async () => {
  collector = await startCollector()
  await collector.admin('/api/sample', 'POST', { people: 700, days: 200, seed: 11 })
  // A crawler that never did anything else, a latecomer, and two who turn out to be one.
  await send('robot', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)')
  await send('late', BROWSER['user-agent']!)
  const { items } = (await collector.admin<VisitorPage>(`/api/visitors?site=${SITE}&stage=evaluation`)).body
  const [into, from] = items
  const merged = await collector.admin('/api/visitors/merge', 'POST', { from: from!.id, into: into!.id })
  expect(merged.status).toBe(200)
  // Who cools meanwhile would be on no page.
  let [before, same] = [-1, 0]
  const isQuiet = async (): Promise<boolean> => {
    const now = await head()
    same = now === before ? same + 1 : 0
    before = now
    return same === 4
  }
  await vi.waitUntil(isQuiet, { timeout: 40_000, interval: 500 })
}, 60_000)
afterAll(() => collector.end())

/** The last of all that happened, as a cursor tells it. */
const head = async (): Promise<number> => {
  const { nextCursor } = (await collector.admin<VisitorPage>('/api/visitors?limit=1')).body
  return (JSON.parse(Buffer.from(nextCursor!, 'base64url').toString()) as { asOf: number }).asOf
}

const send = async (visitor: string, agent: string): Promise<void> => {
  const events = [{ type: 'page', url: 'https://www.acme.example/never-tagged' }]
  const body = beacon(collector.key(SITE), events, { visitor: visitor.padEnd(32, '0') })
  expect(
    (await collector.ask('/e', { method: 'POST', headers: { ...BROWSER, 'user-agent': agent }, body })).status,
  ).toBe(200)
}

const textOf = (query: Query): string =>
  new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) => (value === null || value === undefined ? [] : [[key, `${value}`]])),
  ).toString()

/** All ids of a list, page after page, in an order of its own. */
const walk = async (query: Query): Promise<readonly string[]> => {
  const ids: string[] = []
  let cursor: string | null | undefined
  while (cursor !== null) {
    const path = `/api/visitors?${textOf({ sort: 'lastSeen', limit: 200, ...query, cursor })}`
    const { status, body } = await collector.admin<VisitorPage>(path)
    expect([status, path]).toEqual([200, path])
    ids.push(...body.items.map(({ id }) => id))
    cursor = body.nextCursor
  }
  return ids
}

const report = async <Answer>(name: string, query: Query): Promise<Answer> =>
  (await collector.admin<Answer>(`/api/reports/${name}?${textOf(query)}`)).body

const hold = async (figures: readonly Figure[]): Promise<void> => {
  for (const { says, query } of figures) {
    const ids = await walk(query)
    expect([textOf(query), ids.length]).toEqual([textOf(query), says])
    expect(new Set(ids).size).toBe(ids.length)
    if (says > 0) compared += 1
  }
}

const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
const PERIODS = { 'half a year': [180, 0], 'some weeks long ago': [150, 90], today: [0, 0] } as const

describe.each(Object.entries(PERIODS))('of %s', (_, [first, last]) => {
  const asked = { site: SITE, from: day(first), to: day(last) }
  const within = ({ from, to, site }: Period) => ({ site, from, to })
  /** Of those whose window has closed; where that is nobody, no days are left. */
  const closed = (period: Period, says: number, query: Query): readonly Figure[] => {
    if (period.closedUntil !== period.from)
      return [{ says, query: { ...within(period), to: period.closedUntil, ...query } }]
    expect(says).toBe(0)
    return []
  }

  it('stages and parts of the funnel: who entered, of whom the time is over, who moved on, who did not', async () => {
    const { period, stages, funnels } = await report<FunnelReport>('funnel', asked)
    const rows = [
      ...stages.map(({ stage: entered, ...row }) => ({ ...row, entered, n: row.entered })),
      ...funnels.map(({ funnel: entered, ...row }) => ({ ...row, entered, n: row.entered })),
    ]
    for (const { n, entered, ...row } of rows)
      await hold([
        { says: n, query: { ...within(period), entered } },
        ...closed(period, row.closed, { entered }),
        ...closed(period, row.moved, { entered, moved: 'yes' }),
        ...closed(period, row.closed - row.moved, { entered, moved: 'no' }),
      ])
    const { stages: speeds } = await report<VelocityReport>('velocity', asked)
    for (const { stage: entered, moved } of speeds) await hold(closed(period, moved, { entered, moved: 'ever' }))
  })

  it('sources: whom they brought, and how far these came', async () => {
    const { period, items, base } = await report<SourcesReport>('sources', asked)
    for (const { medium, source, visitors, reached, ...row } of items) {
      const by = { medium, source: source ?? '' }
      await hold([
        { says: visitors, query: { ...within(period), ...by } },
        ...closed(period, row.closed, by),
        ...Object.entries(reached).flatMap(([name, n]) => closed(period, n, { ...by, reached: name })),
      ])
    }
    await hold(closed(period, base.sql, { reached: 'sql' }))
    const mediums = Map.groupBy(items, ({ medium }) => medium)
    for (const [medium, rows] of mediums)
      await hold([
        { says: rows.reduce((sum, { visitors }) => sum + visitors, 0), query: { ...within(period), medium } },
      ])
  })

  it('signals: who showed one, and who then became an SQL', async () => {
    const { period, items } = await report<SignalsReport>('signals', asked)
    for (const { signal, people, closed: over, sql } of items)
      await hold([
        { says: people, query: { ...within(period), signal } },
        ...closed(period, over, { signal }),
        ...closed(period, sql, { signal, moved: 'yes' }),
      ])
  })

  it('content: who saw it at a stage, and who moved on from there', async () => {
    const { period, items, untagged } = await report<ContentReport>('content', asked)
    for (const { path: content, kind, tagged, signal: meaning, stage: during, people, moved } of items)
      await hold([
        ...closed(period, people, { content, kind, tagged, meaning, during }),
        ...closed(period, moved, { content, kind, tagged, meaning, during, moved: 'yes' }),
      ])
    await hold(untagged.map(({ path, people }) => ({ says: people, query: { ...within(period), content: path } })))
  })

  it('what was recorded: whose turns they were, as often as they turned', async () => {
    const { period, models } = await report<FunnelReport>('funnel', asked)
    const { from, to } = period
    for (const { modelVersion: model, ...turns } of models)
      for (const { to: became, count } of [...turns.stages, ...turns.qualifications]) {
        const ids = await walk({ ...within(period), became, model })
        const each = await Promise.all(ids.map((id) => turnsOf(id, { became, from, to })))
        expect([became, each.reduce((sum, n) => sum + n, 0)]).toEqual([became, count])
        expect(each.every((n) => n > 0)).toBe(true)
        if (count > 0) compared += 1
      }
  })
})

/** How often somebody became something, as their timeline tells it. */
const turnsOf = async (id: string, { became, from, to }: Record<'became' | 'from' | 'to', string>): Promise<number> => {
  let [turns, cursor]: [number, string | null | undefined] = [0, undefined]
  while (cursor !== null) {
    const { body }: { body: Timeline } = await collector.admin<Timeline>(
      `/api/visitors/${id}/timeline?${textOf({ limit: 200, cursor })}`,
    )
    turns += body.items.filter(
      (item) =>
        item.kind === 'transition' && item.what !== 'flag' && item.to === became && item.at >= from && item.at < to,
    ).length
    cursor = body.nextCursor
  }
  return turns
}

it('where people stand now, without robots that never did anything else', async () => {
  const { stages } = await report<FunnelReport>('funnel', { site: SITE })
  await hold(stages.map(({ stage, now }) => ({ says: now, query: { site: SITE, stage, automated: 'false' } })))
  const all = await walk({ site: SITE })
  expect(all.length).toBe(stages.reduce((sum, { now }) => sum + now, 0) + 1)
})

it('held a good many figures', () => expect(compared).toBeGreaterThan(300))

it('keeps its promise where a page holds fewer than its limit', async () => {
  const { body } = await collector.admin<VisitorPage>(`/api/visitors?site=${SITE}&signal=demo_request&limit=1`)
  expect(body.items.length).toBe(1)
  const ids = await walk({ site: SITE, signal: 'demo_request', limit: 1 })
  expect(ids.toSorted()).toEqual((await walk({ site: SITE, signal: 'demo_request' })).toSorted())
})

it('is what an export holds', async () => {
  const query = { site: SITE, entered: 'intent', from: day(180), to: day(60) }
  const { text } = await collector.admin(`/api/export.ndjson?${textOf(query)}`)
  const ids = text
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id)
  expect(ids.toSorted()).toEqual((await walk(query)).toSorted())
})

it.each([
  ['entered=intent&signal=pricing', 'signal', 'does not go with `entered`'],
  ['moved=yes', 'moved', 'goes with `entered` or `signal` or `content`'],
  ['from=2026-01-01', 'from', 'goes with `entered` or `medium` or `reached` or `signal` or `content` or `became`'],
  ['source=google', 'source', 'goes with `medium` or `reached`'],
  ['reached=sql&source=google', 'source', 'goes with `medium`'],
  ['became=sql&moved=yes', 'moved', 'goes with `entered` or `signal` or `content`'],
  ['entered=intent&from=2026-02-01&to=2026-01-01', 'from', 'is not before `to`'],
  ['entered=intent&from=2026-01-01&to=9999-12-31', 'to', 'is beyond the last year that can be told'],
])('refuses %s and says why', async (query, path, message) => {
  for (const route of ['visitors', 'export.csv', 'export.ndjson']) {
    const { status, body } = await collector.admin<Failure>(`/api/${route}?${query}`)
    expect([status, body.error.details]).toEqual([400, [{ path, message }]])
  }
})

it.each(['entered=nowhere', 'became=anything', 'automated=true', 'model=0', 'content=', 'during=conversion'])(
  'refuses %s',
  async (query) => expect((await collector.admin(`/api/visitors?${query}`)).status).toBe(400),
)
