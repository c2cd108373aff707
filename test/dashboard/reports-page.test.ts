/** Funnel, companies and content in a real browser. */
import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { launchChromium } from '../chromium.ts'
import { listed, type Opened, openDashboard } from './in-browser.ts'

const browser: Browser | undefined = await launchChromium()
afterAll(() => browser?.close())

let opened: Opened
const open = async (address: string): Promise<Opened> => {
  opened = await openDashboard(browser!, address)
  return opened
}

describe.skipIf(!browser)('in a browser', () => {
  afterEach(() => opened.end())

  describe('the funnel', () => {
    it('has six stages in three bands, each leading to the people who stand there', async () => {
      const { page, api, complaints } = await open('/#/funnel')
      await page.locator('.step').nth(5).waitFor()
      expect(await page.locator('.picture > section').count()).toBe(3)
      const evaluation = page.locator('.step.evaluation')
      const now = evaluation.locator('dd:last-child a')
      const standing = Number(await now.textContent())
      expect(standing).toBe(api.people.filter(({ visitor }) => visitor.stage === 'evaluation').length)
      await now.click()
      await expect.poll(() => listed(page)).toBe(standing)
      await page.goBack()
      await page.locator('.step').nth(5).waitFor()
      expect(complaints).toEqual([])
    })

    it('opens whom a figure counts, says so, and lets go of it again', async () => {
      const { page, complaints } = await open('/#/funnel?period=365d')
      await page.locator('.step.evaluation .entered a').click()
      await page.locator('.figure-note', { hasText: 'First entered Evaluation' }).waitFor()
      expect(page.url()).toMatch(/entered=evaluation&from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d/)
      await expect.poll(() => listed(page)).toBe(14)
      await page.getByText('14 visitors.', { exact: true }).waitFor()
      expect(await page.getByRole('link', { name: 'Export as CSV' }).getAttribute('href')).toContain(
        'entered=evaluation',
      )
      await page.getByRole('link', { name: 'Show everybody' }).click()
      await expect.poll(() => listed(page)).toBe(40)
      await page.goBack()
      await page.goBack()
      await page
        .getByRole('row', { name: /^Direct/ })
        .getByRole('link')
        .first()
        .click()
      await page.locator('.figure-note', { hasText: 'First came by Direct' }).waitFor()
      expect(page.url()).toContain('medium=direct&')
      expect(page.url()).toContain('source=')
      expect(complaints).toEqual([])
    })

    it('sets two versions of the model against each other: as recorded, and over all of history', async () => {
      const { page, complaints } = await open('/#/funnel')
      await page.getByLabel('Compare with').selectOption('Version 2 of the model')
      await page.getByRole('heading', { name: 'Version 3 against version 2' }).waitFor()
      expect(page.url()).toContain('against=model%3A2')
      const row = page.getByRole('row', { name: /^Intent/ })
      const [third, second, apart] = (await row.locator('td').allTextContents()).map((text) =>
        Number(text.replace(/[+,]/g, '')),
      )
      expect(third! - second!).toBe(apart)
      await row.getByRole('link').first().click()
      await page.locator('.figure-note', { hasText: 'Reached Intent · Version 3' }).waitFor()
      await page.goBack()
      await page.getByLabel('Compared version').selectOption('Version 1')
      await page.getByRole('heading', { name: 'Version 1 against version 2' }).waitFor()
      await page.getByRole('button', { name: 'Simulate' }).click()
      await page.getByText(/visitors would stand elsewhere/).waitFor()
      expect(opened.api.asked.map(({ path }) => path)).toContain('/api/models/2/simulate')
      expect(complaints).toEqual([])
    })

    it('saves a table as a file for a spreadsheet', async () => {
      const { page } = await open('/#/funnel')
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Export “Sources” as CSV' }).click()
      const file = await download
      expect(file.suggestedFilename()).toBe('Sources.csv')
      const text = readFileSync(await file.path(), 'utf8')
      expect(text).toMatch(/^\uFEFFSource,Visitors,/)
      expect(text).toMatch(/\r\nDirect,/)
    })

    it('loses as many as did not move on', async () => {
      const { page } = await open('/#/funnel')
      await page.locator('.step.interest dd').nth(1).waitFor()
      const [moved, lost] = await page.locator('.step.interest dd').allTextContents()
      expect(Number.parseInt(moved!, 10) + Number.parseInt(lost!, 10)).toBe(100)
    })

    it('holds one stretch of days against the one before, and keeps that in the address', async () => {
      const { page } = await open('/#/funnel')
      await page.getByLabel('Compare with').selectOption('before')
      await page.locator('.step.awareness .entered .before', { hasText: 'vs 2,952 (▲ 25%)' }).waitFor()
      expect(page.url()).toContain('against=before')
      await page.getByRole('combobox', { name: 'Period' }).selectOption('7d')
      await expect.poll(() => page.locator('.step.awareness .entered').textContent()).toContain('287')
      expect(page.url()).toContain('period=7d')
    })

    it('takes two days of one’s own', async () => {
      const { page } = await open('/#/funnel')
      await page.getByRole('combobox', { name: 'Period' }).selectOption('custom')
      await page.getByLabel('From').fill('2026-01-01')
      await expect.poll(() => page.url()).toContain('from=2026-01-01')
      await page.locator('.step').first().waitFor()
    })

    it('sets the sources and the versions of the model side by side', async () => {
      const { page } = await open('/#/funnel')
      await page.getByRole('row', { name: /^Paid click/ }).waitFor()
      expect(await page.getByRole('columnheader', { name: /^Version/ }).allTextContents()).toEqual([
        'Version 2',
        'Version 3',
      ])
    })
  })

  describe('companies', () => {
    it('come by score, lead to one of them, and that to its people', async () => {
      const { page, complaints } = await open('/#/companies')
      const rows = page.locator('.figures tbody tr')
      await rows.first().waitFor()
      const scores = (await page.locator('.score b').allTextContents()).map(Number)
      expect(scores).toEqual([...scores].sort((a, b) => b - a))
      const before = await rows.count()
      await page.getByRole('button', { name: 'Show more' }).click()
      await expect.poll(() => rows.count()).toBeGreaterThan(before)
      await rows.first().getByRole('rowheader').getByRole('link').click()
      await page.locator('.breadth').waitFor()
      const adds = (await page.locator('.figures tbody td:nth-child(3)').allTextContents()).map(Number)
      const sum = Number(await page.locator('.bars .sum b').textContent())
      expect(Math.abs(adds.reduce((a, b) => a + b, 0) - sum)).toBeLessThan(0.1 * adds.length)
      await page.locator('.headline a.people').first().click()
      await page.locator('.figure-note', { hasText: 'Company: ' }).waitFor()
      await page.goBack()
      await page.locator('.figures tbody a').first().click()
      await page.locator('.headline .big').waitFor()
      expect(complaints).toEqual([])
    })

    it('are found by name, and one there is not says so', async () => {
      const { page } = await open('/#/companies')
      await page.getByLabel('Search').fill('kestrel')
      await expect.poll(() => page.locator('.figures tbody tr').count()).toBe(1)
      await page.goto(`${opened.api.url}/#/companies/nobody.example`)
      await page.getByText('There is no company of this name.').waitFor()
    })
  })

  it('content is by what it moves, and a page without a tag comes with the line to paste', async () => {
    const { page, complaints } = await open('/#/content')
    await page.getByRole('heading', { name: 'Seen at Evaluation' }).waitFor()
    await page.getByRole('row', { name: /buyers-guide.*× 2.5/ }).waitFor()
    expect(await page.locator('.untagged code').first().textContent()).toBe(
      '<meta name="leadlight" content="mofu commercial_page">',
    )
    await page.getByRole('row', { name: /^Pricing again/ }).waitFor()
    expect(complaints).toEqual([])
  })

  it.each(['/#/funnel?against=before', '/#/companies', '/#/companies/nordwind.example', '/#/content'])(
    '%s fits a narrow screen and a wide one',
    async (address) => {
      const { page } = await open(address)
      for (const width of [360, 2560]) {
        await page.setViewportSize({ width, height: 900 })
        await page.locator('.card').first().waitFor()
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
      }
    },
  )

  it('says what went wrong with a report, and asks again', async () => {
    const { page, api } = await open('/')
    await page.locator('.hot tbody tr').first().waitFor()
    api.state.down = 'busy'
    await page.getByRole('link', { name: 'Content' }).click()
    await page.getByRole('alert').first().waitFor()
    api.state.down = 'no'
    await page.getByRole('button', { name: 'Try again' }).first().click()
    await page.getByRole('heading', { name: 'Seen at Evaluation' }).waitFor()
  })
})
