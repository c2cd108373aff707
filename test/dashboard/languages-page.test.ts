/** Every language in a real browser: by the browser's choice, by the reader's, and with room for its words. */
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { launchChromium } from '../chromium.ts'
import { type Opened, openDashboard } from './in-browser.ts'

const browser: Browser | undefined = await launchChromium()
afterAll(() => browser?.close())

let opened: Opened
const VIEWS = ['/', '/funnel?against=before', '/companies', '/content', '/model', '/setup'] as const

describe.skipIf(!browser)('in a browser', () => {
  afterEach(() => opened.end())

  it.each([
    ['de-DE', 'Trichter', '3.690'],
    ['fr-FR', 'Entonnoir', '3\u202f690'],
    ['es-ES', 'Embudo', '3690'],
    ['pt-BR', 'Funil', '3.690'],
    ['ja-JP', 'ファネル', '3,690'],
    ['sv-SE', 'Funnel', '3,690'],
  ])('speaks and counts as in %s, and fits a narrow screen', async (locale, funnel, figure) => {
    opened = await openDashboard(browser!, '/#/funnel', { context: { locale, viewport: { width: 360, height: 800 } } })
    const { page, complaints } = opened
    await page.getByRole('link', { name: funnel, exact: true }).waitFor()
    await expect.poll(() => page.locator('.step.awareness .entered').textContent()).toBe(figure)
    expect(await page.locator('html').getAttribute('lang')).toBe(locale.startsWith('sv') ? 'en' : locale.slice(0, 2))
    for (const view of VIEWS) {
      await page.goto(`${opened.api.url}/#${view}`)
      await page.locator('main :is(.card, .hot)').first().waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), view).toBe(0)
    }
    expect(complaints).toEqual([])
  })

  it('speaks what the reader chose, also after the next visit', async () => {
    opened = await openDashboard(browser!, '/')
    const { page } = opened
    await page.getByRole('button', { name: 'Settings of this page' }).click()
    await page.getByLabel('Language').selectOption('ja')
    await page.getByRole('link', { name: '現在' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: /^ホットリスト/ }).waitFor()
  })

  it('reads from right to left without breaking out', async () => {
    opened = await openDashboard(browser!, '/#/funnel')
    const { page } = opened
    await page.locator('.step').first().waitFor()
    await page.evaluate(() => {
      document.documentElement.dir = 'rtl'
    })
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
    const [brand, tools] = await Promise.all([
      page.locator('.brand').boundingBox(),
      page.locator('.tools').boundingBox(),
    ])
    expect(brand!.x).toBeGreaterThan(tools!.x)
  })
})
