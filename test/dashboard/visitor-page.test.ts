/** One visitor's page in a real browser: the past, what sales says, and merging. */
import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { launchChromium } from '../chromium.ts'
import { type Opened, openDashboard } from './in-browser.ts'

const browser: Browser | undefined = await launchChromium()
afterAll(() => browser?.close())

let opened: Opened

type Options = NonNullable<Parameters<typeof openDashboard>[2]>
const openFirst = async (n = 0, options: Options = {}): Promise<Opened> => {
  opened = await openDashboard(browser!, '/', options)
  await opened.page.locator('.hot a.name').nth(n).click()
  await opened.page.locator('.course svg').waitFor()
  return opened
}

const total = async (): Promise<number> => Number(await opened.page.locator('.ledger tfoot .value').textContent())
const score = async (): Promise<number> => Number(await opened.page.locator('.big b').textContent())

describe.skipIf(!browser)('in a browser', () => {
  afterEach(() => opened.end())

  it('goes back in time by the slider, to a score that is still the sum of its explanation', async () => {
    const { page, complaints } = await openFirst()
    const now = await score()
    const slider = page.getByLabel('Look at another instant')
    await slider.focus()
    await page.keyboard.press('Home')
    for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowRight')
    await page.locator('.past').waitFor()
    expect(page.url()).toContain('?at=')
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/points, /)
    expect(await score()).toBeLessThan(now)
    expect(Math.abs((await total()) - (await score()))).toBeLessThan(0.11)
    expect(await page.getByRole('button', { name: 'Adjust the score…' }).count()).toBe(0)
    const address = page.url()
    await page.reload()
    await page.locator('.past').waitFor()
    expect(page.url()).toBe(address)
    await page.getByRole('link', { name: 'Back to now' }).click()
    await page.locator('.past').waitFor({ state: 'detached' })
    expect(await score()).toBeCloseTo(now, 0)
    expect(complaints).toEqual([])
  })

  it('records what sales says, and asks for a reason where it takes one', async () => {
    const { page, api, complaints } = await openFirst()
    await page.getByRole('button', { name: 'What sales says…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Rejected').check()
    await dialog.getByRole('button', { name: 'Save' }).click()
    expect(api.asked).toEqual([])
    await dialog.getByLabel('Reason').fill('No budget')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(api.asked).toMatchObject([{ method: 'POST', body: { verdict: 'rejected', reason: 'No budget' } }])
    await page.locator('.timeline', { hasText: 'Feedback from sales' }).waitFor()
    expect(complaints).toEqual([])
  })

  it('leaves everything as it was when a dialog is left by Escape, and gives the focus back', async () => {
    const { page, api } = await openFirst()
    await page.getByRole('button', { name: 'Adjust the score…' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Adjust the score…')
    expect(api.asked).toEqual([])
  })

  it('says what the collector did not take, field by field, and keeps what was typed', async () => {
    const { page } = await openFirst()
    await page.getByRole('button', { name: 'Adjust the score…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/^Points/).fill('13')
    await dialog.getByLabel('Reason').fill('Met at the fair')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('points: too unlucky').waitFor()
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('Met at the fair')
  })

  it('merges only after it has said who becomes part of whom', async () => {
    const { page, api, complaints } = await openFirst()
    const name = await page.getByRole('heading', { level: 1 }).textContent()
    await page.getByRole('button', { name: 'Merge with another…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('searchbox').fill('Chiara')
    const other = dialog.getByRole('radio', { name: /^Chiara Romano/ }).first()
    await other.check()
    await dialog.getByText(`Chiara Romano becomes part of ${name}.`).waitFor()
    await dialog.getByRole('button', { name: 'Merge', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(api.asked.map(({ path }) => path)).toEqual(['/api/visitors/merge'])
    expect(complaints).toEqual([])
  })

  it('hands over everything that is held of them, as a file', async () => {
    const { page, api, complaints } = await openFirst()
    const file = page.waitForEvent('download')
    await page.getByRole('button', { name: /^Export everything about / }).click()
    const download = await file
    expect(download.suggestedFilename()).toBe('person.json')
    const { people } = JSON.parse(await readFile(await download.path(), 'utf8'))
    expect(people).toMatchObject([{ id: api.people[0]!.visitor.id }])
    expect(complaints).toEqual([])
  })

  it.each([
    ['Erase', '?mode=erase'],
    ['Make nobody', '?mode=anonymize'],
  ])('%s: only when it was said that it is meant; then there is the list, without them', async (name, query) => {
    const { page, api, complaints } = await openFirst()
    const { id } = api.people[0]!.visitor
    await page.getByRole('button', { name: /^Erase / }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name }).check()
    await dialog.getByRole('button', { name }).click()
    expect(api.asked).toEqual([])
    await dialog.getByLabel(/^There is no way back/).check()
    await dialog.getByRole('button', { name }).click()
    await page.getByRole('heading', { name: /^Hot list/ }).waitFor()
    await page.locator(`tr[data-key="${id}"]`).waitFor({ state: 'detached' })
    expect(api.asked).toMatchObject([{ method: 'DELETE', path: `/api/visitors/${id}`, query }])
    expect(page.url()).toMatch(/#\/$/)
    expect(complaints).toEqual([])
  })

  it('says who may do so to those who may not, and changes nothing', async () => {
    const { page, api } = await openFirst(0, { readsOnly: true })
    await page.getByRole('button', { name: /^Export everything about / }).click()
    await page.getByText('This takes the role of an administrator.').waitFor()
    await page.getByRole('button', { name: /^Erase / }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/^There is no way back/).check()
    await dialog.getByRole('button', { name: 'Erase' }).click()
    await dialog.getByText('This takes the role of an administrator.').waitFor()
    expect(api.asked).toEqual([])
  })

  it.each([
    [390, 'before the timeline, and after why they score'],
    [1280, 'beside both'],
  ])('has what is known of them, at a width of %i, %s', async (width) => {
    const { page } = await openFirst(0, { context: { viewport: { width, height: 800 } } })
    const tops = ['.card:has(.ledger)', '.facts', '.timeline'].map(async (place) => {
      const box = await page.locator(`.life > ${place}`).boundingBox()
      return box!.y
    })
    const [why, facts, timeline] = (await Promise.all(tops)) as [number, number, number]
    expect(why).toBeLessThan(timeline)
    expect(facts).toBeLessThan(timeline)
    expect(facts > why).toBe(width < 1000)
  })

  it('shows what sales would get', async () => {
    const { page } = await openFirst()
    await page.getByRole('heading', { name: 'Owner and consent' }).waitFor()
    await page.getByRole('button', { name: 'The whole packet' }).click()
    expect(await page.getByRole('dialog').locator('pre').textContent()).toContain('"whyNow"')
  })
})
