/**
 * A person walks the demo site in a real browser; the API must say exactly what the rules give by hand. Sessions are told
 * apart by a gap of three seconds instead of thirty minutes.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Explanation, Timeline, Visitor, VisitorPage } from '../../shared/answer.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { launchChromium } from '../chromium.ts'
import { type Program, startProgram } from './program.ts'

const GAP = 3000

const browser: Browser | undefined = await launchChromium()
afterAll(() => browser?.close())

let program: Program
let page: Page

/** What the API says of the only visitor, once the collector has heard of everything. */
const visitor = async (): Promise<Visitor> => {
  const { items } = await program.get<VisitorPage>('/api/visitors?site=demo')
  expect(items).toHaveLength(1)
  return items[0]!
}

/** Waits until a signal is there; the newest answers of the API decide. */
const untilFired = (signal: string, times = 1): Promise<void> =>
  expect
    .poll(async () => (await fired())[signal]?.length ?? 0, { timeout: 10_000, message: `${signal} × ${times}` })
    .toBe(times)

/** Applied points of each signal, rounded to a hundredth: nothing fades noticeably in a minute. */
const fired = async (): Promise<Record<string, number[]>> => {
  const { items: people } = await program.get<VisitorPage>('/api/visitors?site=demo')
  if (!people[0]) return {}
  const { items } = await program.get<Explanation>(`/api/visitors/${people[0].id}/explain`)
  const rows = Map.groupBy(items, ({ signal }) => signal)
  return Object.fromEntries(
    [...rows].map(([signal, each]) => [signal, each.map(({ applied }) => Math.round(applied * 100) / 100)]),
  )
}

const visit = (path: string) => page.goto(`${program.url}/demo${path}`)

describe.skipIf(!browser)('a walk through the demo site', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    program = await startProgram({ model: { ...DEFAULT_MODEL, sessionGapMinutes: GAP / 60_000 } })
    page = await browser!.newPage({ viewport: { width: 1280, height: 700 } })
  })
  afterAll(async () => {
    await page.close()
    await program.end()
  })

  it('reading an article counts once it was read', async () => {
    await visit('/blog/untested-backups')
    await untilFired('page_view')
    expect(await fired()).toEqual({ page_view: [0.5] })
    await page.mouse.wheel(0, 100_000)
    await page.waitForTimeout(300)
    await visit('/case-studies/tern-dental') // untagged: a page rule knows it
    await untilFired('tofu_page')
    await untilFired('case_study')
    // 2 page views 0.5 + article 2 + case study 5 = 8, less what faded in a second: not quite interest, which is at 8
    expect(await fired()).toEqual({ page_view: [0.5, 0.5], tofu_page: [2], case_study: [5] })
    expect(await visitor()).toMatchObject({ score: 8, stage: 'awareness', funnel: 'tofu', qualification: 'anonymous' })
  })

  it('a download counts by its own tag', async () => {
    await visit('/guides/backup-plan')
    await visit('/resources')
    await page.click('#get-guide')
    await untilFired('buyers_guide')
    // + 2 page views 0.5 + resource 2 (its page) + buyers' guide 8 = 19
    expect(await fired()).toMatchObject({ page_view: [0.5, 0.5, 0.5, 0.5], resource: [2], buyers_guide: [8] })
    expect(await visitor()).toMatchObject({ score: 19, stage: 'interest' })
  })

  it('prices count first, and again in another session', async () => {
    await visit('/pricing')
    await untilFired('pricing_first')
    // + page view 0.5 + first look at prices 6, of which the cap of evaluate (25) leaves all: 5 + 8 + 6 = 19
    expect(await visitor()).toMatchObject({ score: 25.5, stage: 'evaluation', funnel: 'mofu' })
    await page.goto('about:blank')
    await page.waitForTimeout(GAP + 500)
    await visit('/pricing')
    await untilFired('pricing_repeat')
    // + page view 0.5 + 12; the score is still under 50
    expect(await visitor()).toMatchObject({ score: 38, stage: 'evaluation' })
  })

  it('the demo form makes an SQL', async () => {
    await visit('/request-demo')
    await page.fill('#demo-name', 'Ann Reed')
    await page.fill('#demo-email', 'ann@acme.example')
    await page.fill('#demo-company', 'Acme')
    await page.fill('#demo-title', 'Head of IT')
    await page.fill('#demo-worry', 'what nobody may read')
    await page.click('#demo-form button')
    await page.waitForURL('**/demo/thanks')
    await untilFired('demo_request')
    // 6 page views are all that count in a day; a raised hand is 45, of which intent (12 so far, cap 50) takes 38
    await expect.poll(async () => (await fired()).page_view?.length).toBe(6)
    const rows = await fired()
    expect(rows.page_view).toEqual(Array(6).fill(0.5))
    expect(rows.demo_request).toEqual([38])
    // discover 6 × 0.5 + 2 + 2 = 7; evaluate 19; intent 50
    const { score, stage, qualification, traits, groups } = await visitor()
    expect({ score, stage, qualification }).toEqual({ score: 76, stage: 'intent', qualification: 'sql' })
    expect(groups).toEqual({ discover: 7, engage: 0, evaluate: 19, intent: 50, penalty: 0 })
    expect(traits).toEqual({ name: 'Ann Reed', email: 'ann@acme.example', company: 'Acme', jobTitle: 'Head of IT' })
  })

  it('tells the whole story, and nothing that was not told', async () => {
    const { id } = await visitor()
    const timeline = await program.get<Timeline>(`/api/visitors/${id}/timeline?limit=200`)
    const turns = timeline.items.flatMap((item) =>
      item.kind === 'transition' && item.what !== 'flag' ? [item.to] : [],
    )
    expect(turns.reverse()).toEqual(['interest', 'evaluation', 'intent', 'iql', 'mql', 'sql'])
    expect(JSON.stringify(timeline)).not.toContain('nobody may read')
  })

  it('shows the visitor their own score in the corner', async () => {
    await expect.poll(() => page.textContent('#p-score')).toBe('76.0')
    await expect.poll(async () => (await page.textContent('#p-stage'))?.toLowerCase()).toContain('intent')
  })
})
