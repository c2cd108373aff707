/** The API's page in a real browser: under its own policy, by keyboard, and nothing from anywhere else. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../chromium.ts'
import { type Collector, startCollector } from '../collector/collector.ts'

const browser: Browser | undefined = await launchChromium()
let collector: Collector
beforeAll(async () => {
  collector = await startCollector()
})
afterAll(async () => {
  await browser?.close()
  await collector.end()
})

describe.skipIf(!browser)('the page of the API', () => {
  it('asks nobody else, breaks no rule of its own, and opens by keyboard and by link', async () => {
    const page = await browser!.newPage()
    const asked: string[] = []
    const said: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    page.on('console', (message) => said.push(message.text()))
    await page.goto(`${collector.url}/api/docs`)
    expect(asked.filter((url) => !url.startsWith(`${collector.url}/`))).toEqual([])
    expect(said.filter((text) => /policy|refused/i.test(text))).toEqual([])
    const summary = page.locator('summary', { hasText: 'whom to call today' })
    await summary.focus()
    await page.keyboard.press('Enter')
    const link = page.getByRole('link', { name: 'VisitorPage' }).first()
    expect(await link.isVisible()).toBe(true)
    await link.focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('#schema-VisitorPage').isVisible()).toBe(true)
    await page.close()
  })

  it('is readable on a narrow screen: nothing is wider than it', async () => {
    const page = await browser!.newPage({ viewport: { width: 360, height: 700 } })
    await page.goto(`${collector.url}/api/docs`)
    await page.evaluate(() => {
      for (const part of document.querySelectorAll('details')) part.open = true
    })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    await page.close()
  })
})
