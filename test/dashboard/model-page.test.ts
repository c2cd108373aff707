/** The model's page in a real browser: read, changed, tried out, published, taken back. */
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { launchChromium } from '../chromium.ts'
import { resetModels } from './fake-models.ts'
import { type Opened, openDashboard } from './in-browser.ts'

const browser: Browser | undefined = await launchChromium()
afterAll(() => browser?.close())

let opened: Opened
const open = async (address: string): Promise<Opened> => {
  opened = await openDashboard(browser!, address)
  await opened.page.locator('.words-of').waitFor()
  return opened
}

beforeEach(resetModels)

describe.skipIf(!browser)('in a browser', () => {
  afterEach(() => opened.end())

  it('says the model in plain words, with every signal under its group', async () => {
    const { page, complaints } = await open('/#/model')
    await page.getByText('days after which a point is worth half').waitFor()
    const row = page.getByRole('row', { name: /^Pricing again/ })
    expect(await row.locator('td').allTextContents()).toEqual(['12', '1', '3'])
    expect(complaints).toEqual([])
  })

  it('keeps what was changed as a draft, as a patch of the changed settings alone', async () => {
    const { page, api } = await open('/#/model')
    await page.getByRole('button', { name: 'Change…' }).click()
    await page.getByLabel('Points of Pricing again').fill('15')
    await page.getByLabel('Score to enter Intent').fill('45')
    await page.getByLabel('Score to enter Evaluation').fill('21')
    await page.getByLabel('Score to enter Evaluation').fill('20')
    await page.getByText('2 changes').waitFor()
    await page.getByRole('button', { name: 'Keep as a draft…' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('Prices tell')
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await page.getByRole('heading', { name: /Version 5 · Draft/ }).waitFor()
    expect(api.asked[0]!.body).toEqual({
      ...{ patch: { signals: { pricing_repeat: { points: 15 } }, stages: { intent: { enter: 45 } } } },
      ...{ base: 3, reason: 'Prices tell' },
    })
    expect(
      await page
        .getByRole('row', { name: /^Pricing again/ })
        .locator('td')
        .first()
        .textContent(),
    ).toBe('15')
  })

  it('says which setting is wrong, and loses nothing', async () => {
    const { page } = await open('/#/model')
    await page.getByRole('button', { name: 'Change…' }).click()
    await page.getByLabel('days after which a point is worth half').fill('0')
    await page.getByRole('button', { name: 'Keep as a draft…' }).click()
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await page.getByText('halfLifeDays: Too small').waitFor()
    await page.keyboard.press('Escape')
    expect(await page.getByLabel('days after which a point is worth half').inputValue()).toBe('0')
  })

  it('has page rules row by row: found, changed, tried out, kept as a whole', async () => {
    const { page, api, complaints } = await open('/#/model')
    await page.getByRole('button', { name: 'Change…' }).click()
    await page.getByLabel('Find a rule').fill('/login')
    await page
      .getByLabel(/^Topic, rule/)
      .first()
      .fill('account')
    await page.getByLabel('Find a rule').fill('')
    await page.getByRole('button', { name: 'Add a rule' }).click()
    await page.getByLabel('Address holds, rule 1', { exact: true }).fill('/plans')
    await page.getByLabel('Signal, rule 1', { exact: true }).fill('pricing')
    const card = page.locator('.card', { has: page.getByLabel('Find a rule') })
    await card.getByLabel('Address of a page').fill('https://www.example.com/de/plans?x=1')
    await card.getByText('Pricing by the page rule /plans').waitFor()
    await page.getByText('1 change', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Keep as a draft…' }).click()
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await page.getByRole('heading', { name: /Version 5 · Draft/ }).waitFor()
    const { patch } = api.asked[0]!.body as { patch: { pageRules: readonly object[] } }
    expect(Object.keys(patch)).toEqual(['pageRules'])
    expect(patch.pageRules.slice(0, 2)).toEqual([
      { path: '/plans', signal: 'pricing' },
      { ...DEFAULT_MODEL.pageRules[0], topic: 'account' },
    ])
    expect(patch.pageRules).toHaveLength(DEFAULT_MODEL.pageRules.length + 1)
    expect(complaints).toEqual([])
  })

  it('takes no document that is no JSON', async () => {
    const { page, api } = await open('/#/model')
    await page.getByRole('button', { name: 'The whole document…' }).click()
    await page.getByRole('dialog').getByLabel('Document').fill('{')
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await page.getByText('That is no JSON.').waitFor()
    expect(api.asked).toEqual([])
  })

  it('simulates a draft, with its progress, and shows who would change by the names people know them by', async () => {
    const { page, api, complaints } = await open('/#/model/4')
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.getByRole('button', { name: 'Simulate' }).click()
    await page.getByText('Replaying all of history: 40 %').waitFor()
    await page.getByRole('heading', { name: 'What it would have changed' }).waitFor()
    await page.getByText('of 4,210 visitors would stand elsewhere').waitFor()
    expect(await page.locator('.weeks-plot rect').count()).toBe(52)
    await page.locator('.changes details summary').first().click()
    const gains = page.locator('.changes section').first()
    await gains.getByRole('link').first().waitFor()
    expect(await gains.locator('details').getByRole('listitem').allTextContents()).toEqual([
      'Ada Lindqvist Nordwind Logistik · IQL → MQL',
      expect.stringMatching(/^\p{L}+ \p{L}+ b548ea · IQL → MQL$/u),
      '5bd1e995 · IQL → MQL',
    ])
    expect(await gains.getByRole('link').first().getAttribute('href')).toBe(`#/visitors/${api.people[0]!.visitor.id}`)
    const cell = page.getByRole('row', { name: /^Awareness/ }).getByRole('button', { name: '12' })
    await cell.click()
    const who = page.locator('.moved-who', { has: page.getByRole('heading', { name: 'Awareness → Interest' }) })
    await who.getByRole('link', { name: 'Ada Lindqvist' }).waitFor()
    expect((await who.getByRole('listitem').allTextContents()).slice(2)).toEqual(['5bd1e995', 'and 9 more'])
    // No profile was read for it.
    expect(asked.filter((path) => path.startsWith('/api/visitors'))).toEqual(['/api/visitors', '/api/visitors'])
    await cell.click()
    await who.waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('publishes only with a reason, and then that version is active', async () => {
    const { page, api } = await open('/#/model/4')
    await page.getByRole('button', { name: 'Publish…' }).click()
    await page.getByRole('button', { name: 'Publish', exact: true }).click()
    expect(api.asked).toEqual([])
    await page.getByRole('dialog').getByLabel('Reason').fill('Better')
    await page.getByRole('button', { name: 'Publish', exact: true }).click()
    await page.getByRole('heading', { name: /Version 4 · Active/ }).waitFor()
  })

  it('goes back to a former version', async () => {
    const { page, api } = await open('/#/model')
    await page.getByRole('button', { name: 'Go back to it…' }).first().click()
    await page.getByRole('button', { name: 'Go back to it', exact: true }).click()
    await page.getByRole('heading', { name: /Version 2 · Active/ }).waitFor()
    expect(api.asked[0]!.path).toBe('/api/models/2/revert')
  })

  it('reads search words and addresses as the collector does', async () => {
    const { page } = await open('/#/model')
    const [search, address] = [page.locator('.testers output').nth(0), page.locator('.testers output').nth(1)]
    await page.getByLabel('Search words').fill('buy backup software')
    await expect.poll(() => search.textContent()).toContain('Transactional')
    await page.getByLabel('Search words').fill('weather')
    await expect.poll(() => search.textContent()).toContain('No word of it is known')
    await page.getByLabel('Address of a page').fill('https://example.com/de/preise.html?x=1')
    await expect.poll(() => address.textContent()).toContain('Pricing')
    await page.getByLabel('Address of a page').fill('/zebra')
    await expect.poll(() => address.textContent()).toContain('No page rule knows it')
  })

  it.each([360, 1280, 2560])('fits a screen of %d pixels, also while it is changed', async (width) => {
    const { page } = await open('/#/model')
    await page.setViewportSize({ width, height: 900 })
    await page.getByRole('button', { name: 'Change…' }).click()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
  })
})
