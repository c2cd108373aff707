/** The collector is killed without warning while a person clicks through the demo site: nothing acknowledged is lost. */
import type { Browser } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import type { Timeline, VisitorPage } from '../../shared/answer.ts'
import { launchChromium } from '../chromium.ts'
import { startProgram } from './program.ts'

const ROUNDS = 4
const PATHS = ['/', '/product', '/pricing', '/compare', '/docs', '/blog', '/guides/backup-plan', '/resources']

const browser: Browser | undefined = await launchChromium()
afterAll(() => browser?.close())

describe.skipIf(!browser)('killed in the middle of a visit', { timeout: 120_000 }, () => {
  it('keeps every acknowledged event exactly once, and gets the rest from the browser later', async () => {
    let program = await startProgram()
    const page = await browser!.newPage()
    const seen = { sent: new Set<string>(), acknowledged: new Set<string>() }
    const idsOf = (body: string | null): string[] =>
      JSON.parse(body ?? '{}').events.map((each: { id: string }) => each.id)
    page.on('request', (request) => {
      if (request.url().endsWith('/e')) for (const id of idsOf(request.postData())) seen.sent.add(id)
    })
    page.on('response', (response) => {
      if (!response.url().endsWith('/e') || response.status() !== 200) return
      for (const id of idsOf(response.request().postData())) seen.acknowledged.add(id)
    })
    const go = (path: string) => page.goto(`${program.url}/demo${path}`).catch(() => undefined)

    for (let round = 0; round < ROUNDS; round += 1) {
      for (const path of PATHS) await go(path)
      // The click and the kill race: that is the point.
      const click = go('/pricing')
      await program.kill('SIGKILL')
      await click
      program = await program.restart()
    }
    await go('/product')
    await page.waitForTimeout(2000)
    await go('/docs')
    await page.waitForTimeout(1000)

    const { items: people } = await program.get<VisitorPage>('/api/visitors?site=demo')
    expect(people).toHaveLength(1)
    const { items } = await program.get<Timeline>(`/api/visitors/${people[0]!.id}/timeline?limit=200`)
    const stored = items.flatMap((item) => (item.kind === 'event' ? [item.id] : []))
    expect(seen.acknowledged.size).toBeGreaterThan(ROUNDS * PATHS.length)
    expect([...seen.acknowledged].filter((id) => !stored.includes(id))).toEqual([])
    expect([...seen.sent].filter((id) => !stored.includes(id))).toEqual([])
    expect(new Set(stored).size).toBe(stored.length)
    await page.close()
    await program.end()
  })
})
