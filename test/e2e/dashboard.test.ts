/** The dashboard over the real program and made-up visitors: every view shows what the collector counts. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditPage } from '../../shared/answer-privacy.ts'
import { launchChromium } from '../chromium.ts'
import { listed } from '../dashboard/in-browser.ts'
import { type Program, startProgram } from './program.ts'

const browser: Browser | undefined = await launchChromium()
afterAll(() => browser?.close())

describe.skipIf(!browser)('in a browser', { timeout: 60_000 }, () => {
  let program: Program
  let page: Page
  const complaints: string[] = []

  const ask = async <Body>(method: string, path: string, body?: object): Promise<Body> => {
    const headers = { authorization: `Bearer ${program.token}` }
    const answer = await fetch(program.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    return (answer.status === 204 ? undefined : await answer.json()) as Body
  }
  const go = (path: string) => page.goto(`${program.url}/#${path}`)
  const figure = async (text: string | null): Promise<number> => Number(text!.replace(/\D/g, ''))

  beforeAll(async () => {
    program = await startProgram()
    page = await browser!.newPage({ locale: 'en-GB', reducedMotion: 'reduce' })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('response', (response) => {
      const { pathname } = new URL(response.url())
      if (response.status() >= 400) complaints.push(`${response.status()} ${pathname}`)
    })
    await page.goto((await ask<{ url: string }>('POST', '/api/signin')).url)
  }, 60_000)
  afterAll(async () => {
    await page?.close()
    await program?.end()
  })

  it('goes from nobody to months of visitors with one click', async () => {
    await page.getByRole('heading', { name: 'No visitors yet' }).waitFor()
    await page.getByRole('button', { name: 'Show me with sample data' }).click()
    await expect.poll(() => listed(page), { timeout: 30_000 }).toBeGreaterThan(20)
    // What months have brought about by themselves is made good in the moments after.
    let before = ''
    const counts = async (): Promise<boolean> => {
      const now = JSON.stringify(await ask('GET', '/api/reports/funnel'))
      const isSettled = now === before
      before = now
      return isSettled
    }
    await expect.poll(counts, { interval: 2500, timeout: 60_000 }).toBe(true)
  }, 100_000)

  it('draws where each came from, and counts today', async () => {
    await page.locator('.trend svg').nth(3).waitFor()
    await page.getByText('Today (UTC)').waitFor()
    // Who looks at the list has opened nobody.
    const noted = async (action: string) =>
      (await ask<AuditPage>('GET', `/api/audit?${new URLSearchParams({ action })}`)).items
    expect(await noted('read')).toEqual([])
    expect((await noted('read list')).some(({ subjects }) => subjects.length > 5)).toBe(true)
  })

  it('counts in the funnel as many as there are', async () => {
    await go('/funnel')
    await page.locator('.step').nth(5).waitFor()
    const shown = await page.locator('.step dd:last-child').allTextContents()
    const { stages } = await ask<{ stages: readonly { now: number }[] }>('GET', '/api/reports/funnel')
    expect(await Promise.all(shown.map(figure))).toEqual(stages.map(({ now }) => now))
    await page.getByRole('row', { name: /^Paid click/ }).waitFor()
  })

  it('opens behind each figure as many people as it says', { timeout: 120_000 }, async () => {
    const figures: { says: number; href: string }[] = []
    for (const view of ['Funnel', 'Content', 'Companies']) {
      await go(`/${view.toLowerCase()}`)
      // Until then the view before is shown, which has figures as well.
      await page.getByRole('heading', { level: 1, name: view, exact: true }).waitFor()
      await page.locator('.figures td a.people').nth(3).waitFor()
      const links = page.locator('.step .entered > a, .step dd:last-child a, .figures td a.people, .untagged a.people')
      // All at once: a part of the view that comes meanwhile would move those after it.
      const read = await links.evaluateAll((all) => all.map((a) => [a.textContent, a.getAttribute('href')!] as const))
      for (const [text, href] of read) {
        const says = text!.match(/^[\d,]+(?= |$)/)?.[0]
        if (says) figures.push({ says: await figure(says), href })
      }
    }
    const few = figures.filter(({ says, href }) => says <= 50 && !href.includes('became='))
    expect(few.length).toBeGreaterThan(20)
    for (const { says, href } of few) {
      // What is shown until then is the list before, which may well be as long.
      const answered = page.waitForResponse((response) => response.url().includes('/api/visitors?'))
      await page.goto(`${program.url}/${href}`)
      await answered
      const end = page.getByText(says === 1 ? '1 visitor.' : `${says} visitors.`, { exact: true })
      const shown = async () => [href, await end.count(), await listed(page)]
      await expect.poll(shown, { timeout: 5000 }).toEqual([href, 1, says])
    }
  })

  it('shows companies and their people', async () => {
    await go('/companies')
    await page.locator('.figures tbody a').first().click()
    await page.locator('.breadth').waitFor()
    await page.locator('.figures tbody a').first().click()
    await page.locator('.course svg').waitFor()
    const total = Number(await page.locator('.ledger tfoot .value').textContent())
    await page.getByRole('heading', { name: 'Owner and consent' }).waitFor()
    expect(Math.abs(total - Number(await page.locator('.big b').textContent()))).toBeLessThan(0.2)
  })

  it('suggests a tag for a page that has none', async () => {
    await go('/content')
    await page.locator('.untagged code', { hasText: '<meta name="leadlight"' }).first().waitFor()
  })

  it('simulates a changed model on all of it, and publishes it', async () => {
    await go('/model')
    await page.getByRole('button', { name: 'Change…' }).click()
    await page.getByLabel('Points of Pricing again').fill('20')
    await page.getByRole('button', { name: 'Keep as a draft…' }).click()
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await page.getByRole('button', { name: 'Simulate' }).click()
    await page.getByText(/visitors would stand elsewhere/).waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: 'Publish…' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('Prices tell')
    await page.getByRole('button', { name: 'Publish', exact: true }).click()
    await page.getByRole('heading', { name: /Version 2 · Active/ }).waitFor({ timeout: 30_000 })
  })

  it('tells the first event of a page as it comes', async () => {
    await go('/setup')
    await page.getByText('Waiting for the first event…').waitFor()
    await program.importBatch([{ type: 'page', anonymousId: 'first', properties: { url: 'https://own.example/' } }])
    await page.locator('.arrived').waitFor()
  })

  it('removes the made-up visitors with one click, and only them', async () => {
    await page.getByRole('button', { name: 'Remove the sample data' }).click()
    await page.getByRole('button', { name: 'Show me with sample data' }).waitFor()
    const { items } = await ask<{ items: readonly { site: string }[] }>('GET', '/api/visitors?limit=200')
    expect(items.map(({ site }) => site)).toEqual(['default'])
  })

  it('had nothing to complain of', () => expect(complaints).toEqual([]))
})
