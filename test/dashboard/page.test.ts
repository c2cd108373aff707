/**
 * The dashboard in a real browser, under its real Content-Security-Policy, over a stand-in for the collector.
 * Long because all its journeys share one browser.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from '../chromium.ts'
import { type FakeOptions, startFakeApi } from './fake-api.ts'
import { listed } from './in-browser.ts'

const browser: Browser | undefined = await launchChromium()
afterAll(() => browser?.close())

type Api = Awaited<ReturnType<typeof startFakeApi>>
let api: Api
let page: Page
let complaints: string[]

const open = async (options: FakeOptions = {}, address = '/'): Promise<void> => {
  api = await startFakeApi(options)
  page = await browser!.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(api.url + address)
}

const names = (): Promise<string[]> => page.locator('.hot a.name').allTextContents()

beforeEach(() => {
  complaints = []
})

describe.skipIf(!browser)('in a browser', { timeout: 30_000 }, () => {
  afterEach(async () => {
    await page.close()
    await api.close()
  })

  it('shows the list, a visitor, and the way back, by keyboard alone', async () => {
    await open()
    await expect.poll(() => listed(page)).toBe(40)
    const [first, second, third] = await names()
    await page.keyboard.press('/')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search')
    await page.locator('.hot a.name').first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(second)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: second! }).waitFor()
    expect(await page.title()).toContain(second!)
    await page.getByRole('row', { name: /^Total/ }).waitFor()
    await page
      .getByRole('button', { name: /more rows?$/ })
      .first()
      .focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Show fewer' }).waitFor()
    await page.goBack()
    await page.locator('.hot').waitFor()
    expect((await names()).slice(0, 3)).toEqual([first, second, third])
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(second)
    expect(complaints).toEqual([])
  })

  it('asks at once for the trends of all whom a glance at the list shows, and reads nobody', async () => {
    const asked: string[] = []
    // From a page beside it, so that no request is missed.
    await open({}, '/signin')
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.goto(`${api.url}/`)
    await page.locator('.hot tbody tr .trend svg').first().waitFor()
    expect(await page.locator('.hot .trend svg').count()).toBeGreaterThan(10)
    expect(asked.filter((path) => path === '/api/trends')).toHaveLength(1)
    expect(asked.filter((path) => path.startsWith('/api/visitors/'))).toEqual([])
  })

  it('follows the live stream: score, place and turn, with the focus kept', async () => {
    await open()
    // As in a browser that has no way of moving an element without taking the focus from it.
    await page.evaluate(() => Reflect.deleteProperty(Element.prototype, 'moveBefore'))
    await page.locator('.pulse.open').waitFor()
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    const end = page.locator('.hot [aria-rowindex="41"] a.name')
    await end.focus()
    const last = await end.textContent()
    const person = api.people.find(({ visitor }) => visitor.id === api.coldest())!
    Object.assign(person.visitor, { score: 99.4, stage: 'intent', funnel: 'mofu' })
    api.push({ name: 'score', visitor: person.visitor })
    const { id, site } = person.visitor
    const turn = { what: 'stage', from: 'awareness', to: 'intent', rule: 'r', score: 99.4 } as const
    api.push({ name: 'transition', visitor: id, site, at: new Date().toISOString(), ...turn })
    await page.locator('.feed', { hasText: 'Awareness → Intent' }).waitFor()
    await page.locator('.hot tbody tr:first-child', { hasText: '99.4' }).waitFor()
    expect((await names())[0]).toBe(last)
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(last)
    expect(complaints).toEqual([])
  })

  it('keeps up with 50 changes a second, and the visitor who is open with them', async () => {
    await open({ tick: 20, people: 3 })
    await page.locator('.hot tr:first-child .because .why').click()
    const rows = page.locator('.timeline .event')
    await rows.first().waitFor()
    const before = await rows.count()
    await expect.poll(() => rows.count(), { timeout: 5000 }).toBeGreaterThan(before)
    const longest = await page.evaluate(async () => {
      let most = 0
      for (let i = 0, last = performance.now(); i < 60; i++) {
        await new Promise(requestAnimationFrame)
        most = Math.max(most, performance.now() - last)
        last = performance.now()
      }
      return most
    })
    expect(longest).toBeLessThan(1000)
    expect(complaints).toEqual([])
  })

  it('keeps filters in the address, and the browser’s back undoes them', async () => {
    await open()
    await page.getByRole('link', { name: /^Evaluation/ }).click()
    await page.locator('.pane[aria-current]').waitFor()
    expect(page.url()).toContain('stage=evaluation')
    await expect
      .poll(() =>
        page
          .locator('.hot .stage')
          .allTextContents()
          .then((all) => new Set(all).size),
      )
      .toBe(1)
    await page.getByLabel('Search').fill('zzz')
    await page.getByRole('heading', { name: 'Nobody matches these filters' }).waitFor()
    await page.goBack()
    await expect.poll(() => listed(page)).toBe(40)
    expect(await page.getByLabel('Search').inputValue()).toBe('')
  })

  it('keeps the site in the address, from view to view', async () => {
    await open()
    await page.getByLabel('Site').selectOption('demo')
    await expect.poll(() => page.url()).toContain('site=demo')
    await expect.poll(() => listed(page)).toBeLessThan(40)
    expect(await page.getByRole('link', { name: 'Now' }).getAttribute('href')).toBe('#/?site=demo')
  })

  it('asks again for a list that failed, when told to', async () => {
    await open()
    api.state.down = 'busy'
    await page.goto(`${api.url}/#/?stage=intent`)
    await page.getByRole('alert').waitFor()
    api.state.down = 'no'
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('.hot tbody tr').first().waitFor()
  })

  it('obeys nothing that a visitor wrote', async () => {
    await open({ hostile: true, people: 2 })
    await page.locator('.hot a.name', { hasText: 'onerror' }).click()
    await page.locator('.timeline .event').first().waitFor()
    await page.locator('.ledger tfoot').waitFor()
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
    expect(await page.locator('main :is(script, img, iframe, [onerror], a[href^=javascript])').count()).toBe(0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
    expect(complaints).toEqual([])
  })

  it('teaches the newcomer, and turns live with the first visitor', async () => {
    await open({ people: 0 })
    await page.getByRole('heading', { name: 'No visitors yet' }).waitFor()
    expect(await page.locator('code').textContent()).toBe(
      `<script defer src="${api.url}/leadlight.js" data-site="pk_default_1"></script>`,
    )
    const first = api.make(0)
    api.people.push(first)
    api.push({ name: 'score', visitor: first.visitor })
    await page.locator('.hot tbody tr').waitFor()
    expect(complaints).toEqual([])
  })

  it.each(['gone', 'busy'] as const)('says so when the collector is %s, and comes back by itself', async (down) => {
    await open()
    await page.locator('.pulse.open').waitFor()
    api.state.down = down
    api.drop()
    await page.locator('.banner').waitFor()
    expect(await listed(page)).toBe(40)
    api.state.down = 'no'
    await page.locator('.pulse.open').waitFor({ timeout: 15_000 })
    await page.locator('.banner').waitFor({ state: 'detached' })
  })

  it('tells whose session has ended how to get another', async () => {
    await open({ signedOut: true })
    await page.getByRole('heading', { name: 'Your sign-in link has expired' }).waitFor()
    expect(await page.locator('code').textContent()).toBe('npx leadlight key signin')
  })

  it('answers for whom there is not, and for a page there is not', async () => {
    await open({}, '/#/visitors/nobody')
    await page.getByText('There is no visitor of this name').waitFor()
    await page.goto(`${api.url}/#/nowhere`)
    await page.getByText('There is no page at this address').waitFor()
  })

  it.each([360, 768, 1024, 3840])('fits a screen of %d pixels', async (width) => {
    await open()
    await page.setViewportSize({ width, height: 900 })
    await page.locator('.hot a.name').first().click()
    await page.locator('.ledger tfoot').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
    await page.goBack()
    await page.locator('.hot').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
  })
})
