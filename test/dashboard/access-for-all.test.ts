/** For everybody: axe-core finds nothing to complain of, on every view and in both themes. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { launchChromium } from '../chromium.ts'
import { type Opened, openDashboard } from './in-browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const browser: Browser | undefined = await launchChromium()
afterAll(() => browser?.close())

let opened: Opened

interface Found {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
  }[]
}

/** What axe complains of, each with the first place where. */
const complaintsOf = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(AXE)
  const found = await page.evaluate(() => {
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<Found> } }
    return axe.run({ resultTypes: ['violations'] })
  })
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)
}

const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()

const find = async (page: Page): Promise<void> => {
  await page.locator('.requests').getByRole('searchbox').fill('ada.lindqvist@nordwind.example')
  await page.locator('.requests').getByRole('button', { name: 'Search' }).click()
  await press('What was noted of them')(page)
}

type Act = (page: Page) => Promise<unknown>
const none: Act = async () => {}
const inTurn =
  (...acts: readonly Act[]): Act =>
  async (page) => {
    for (const act of acts) await act(page)
  }

const goDown: Act = async (page) => {
  await page.locator('.hot a.name').first().focus()
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
  await page.locator('.hot .apart').first().waitFor()
}

const STATES: readonly (readonly [name: string, address: string, ready: string, act: Act])[] = [
  ['now', '/', '.hot tbody tr .trend svg', none],
  ['now, with the focus far above', '/', '.hot tbody tr .trend svg', goDown],
  ['the preferences', '/', '.hot tbody tr', press('Settings of this page')],
  ['nobody found', '/#/?q=zzzz', '.notice', none],
  ['a visitor', '/#/visitors/:first', '.course svg', none],
  ['a visitor of the past', '/#/visitors/:first?at=:past', '.past', none],
  ['a dialog', '/#/visitors/:first', '.course svg', press('What sales says…')],
  ['merging', '/#/visitors/:first', '.course svg', press('Merge with another…')],
  ['the funnel', '/#/funnel?against=before', '.step .before', none],
  ['whom a figure counts', '/#/?entered=intent&from=2026-01-01&to=2026-01-31', '.figure-note', none],
  ['two versions', '/#/funnel?against=model%3A2', '.card button:not(.csv)', none],
  ['companies', '/#/companies', '.figures tbody tr', none],
  ['a company', '/#/companies/nordwind.example', '.breadth', none],
  ['content', '/#/content', '.lift', none],
  ['the model', '/#/model', '.words-of', none],
  ['the model, while it is changed', '/#/model', '.words-of', press('Change…')],
  ['a simulation', '/#/model/4', '.words-of', press('Simulate')],
  ['whom its matrix counts', '/#/model/4', '.words-of', inTurn(press('Simulate'), press('12'))],
  ['the setup', '/#/setup', '.with-button .figures', none],
  ['erasing', '/#/visitors/:first', '.course svg', press(/^Erase /)],
  ['a site', '/#/setup', '.with-button .figures', press('Change…')],
  ['removing a site', '/#/setup', '.with-button .figures', press('Remove…')],
  ['a receiver', '/#/setup', '.deliveries-of', press('Add a webhook…')],
  ['its deliveries', '/#/setup', '.deliveries-of', press(/^✓/)],
  ['a request', '/#/setup', '.requests', find],
  ['a page there is not', '/#/nowhere', '.notice', none],
]

/** What moves is over; without that, colours are measured that nobody gets to see. */
const settled = (page: Page) =>
  page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'))

describe.skipIf(!browser)('in a browser, light and dark', () => {
  afterEach(() => opened.end())

  it.each(STATES)('%s', async (_, address, ready, act) => {
    opened = await openDashboard(browser!, '/#/nowhere', { context: { colorScheme: 'light' } })
    const { page, api } = opened
    const past = new Date(Date.now() - 86_400_000).toISOString()
    const path = address.replace(':first', api.people[0]!.visitor.id).replace(':past', past)
    await page.goto(api.url + path)
    await page.locator(ready).first().waitFor()
    await act(page)
    if (act !== none) await page.waitForTimeout(500)
    await settled(page)
    expect(await complaintsOf(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    await settled(page)
    expect(await complaintsOf(page), 'dark').toEqual([])
  })
})
