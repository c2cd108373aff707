/** The setup in a real browser: the tag, the first event, keys that are shown once, receivers. */
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { type Platform, tagOn } from '../../collector/dashboard/install.ts'
import { launchChromium } from '../chromium.ts'
import type { FakeOptions } from './fake-api.ts'
import { setup } from './fake-setup.ts'
import { type Opened, openDashboard } from './in-browser.ts'

const browser: Browser | undefined = await launchChromium()
afterAll(() => browser?.close())

let opened: Opened
const open = async (options: FakeOptions = {}): Promise<Opened> => {
  opened = await openDashboard(browser!, '/#/setup', options)
  await opened.page.locator('.install code').waitFor()
  return opened
}

it.each([
  ['html', 'data-site="k"'],
  ['gtm', '?site=k'],
  ['wordpress', "add_action('wp_head'"],
  ['nextjs', "import Script from 'next/script'"],
] as const)('the tag for %s says where the collector is and which site it is', (platform: Platform, part) => {
  const tag = tagOn(platform, { key: 'k' }, 'https://c.example')
  expect(tag).toContain(part)
  expect(tag).toContain('https://c.example/leadlight.js')
})

describe.skipIf(!browser)('in a browser', () => {
  afterEach(() => opened.end())

  it('shows the tag for the platform that is chosen', async () => {
    const { page, complaints } = await open()
    await page.getByText('Tag Manager', { exact: true }).click()
    expect(await page.locator('.install code').textContent()).toContain('?site=pk_default_1')
    expect(complaints).toEqual([])
  })

  it('waits for the first event, says why one was refused, and turns green by itself', async () => {
    const { page, api } = await open({ people: 0 })
    await page.getByText('Waiting for the first event…').waitFor()
    const refused = {
      at: new Date().toISOString(),
      site: 'default',
      code: 'origin',
      message: 'The host is not allowed.',
    }
    setup.refused.push(refused)
    await page.getByText('An event was refused: The host is not allowed.').waitFor({ timeout: 10_000 })
    const event = { type: 'page', at: new Date().toISOString(), url: 'https://shop.example/' }
    api.push({ name: 'event', visitor: 'a', site: 'demo', ...event })
    api.push({ name: 'event', visitor: 'a', site: 'default', ...event })
    await page.locator('.arrived', { hasText: 'https://shop.example/' }).waitFor()
  })

  it('makes a key, shows its secret once, and takes a key back only when told twice', async () => {
    const { page, api } = await open()
    await page.getByRole('button', { name: 'Make a key…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Kind').selectOption('read')
    await dialog.getByLabel('Label').fill('Report')
    await dialog.getByRole('button', { name: 'Make' }).click()
    await page.getByRole('dialog', { name: 'Keep this secret' }).getByText('secret-of-keys').waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByText('secret-of-keys').waitFor({ state: 'detached' })
    expect(api.asked[0]!.body).toEqual({ kind: 'read', label: 'Report' })
    const row = page.getByRole('row', { name: /^Report/ })
    await row.getByRole('button', { name: 'Revoke…' }).click()
    expect(api.asked).toHaveLength(1)
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await row.waitFor({ state: 'detached' })
    expect(api.asked[1]).toMatchObject({ method: 'DELETE', path: '/api/keys/k3' })
  })

  it('adds a site and changes one', async () => {
    const { page, api } = await open()
    await page.getByRole('button', { name: 'Add a site…' }).click()
    await page.getByRole('dialog').getByLabel('Name', { exact: false }).first().fill('shop')
    await page
      .getByRole('dialog')
      .getByLabel(/^Allowed hosts/)
      .fill('shop.example, www.shop.example')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('row', { name: /^shop/ }).waitFor()
    expect(api.asked[0]!.body).toEqual({
      ...{ name: 'shop', origins: ['shop.example', 'www.shop.example'], consent: 'none' },
      ...{ honoursGpc: true, allowsPurchase: false, allowsAutomation: false },
    })
    await page
      .getByRole('row', { name: /^default/ })
      .getByRole('button', { name: 'Change…' })
      .click()
    await page.getByRole('dialog').getByLabel('Consent').selectOption('required')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('row', { name: /^default.*Required/ }).waitFor()
  })

  it('tries a receiver out, and sends again what could not be delivered', async () => {
    const { page, api, complaints } = await open()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByText('✓ 200 OK').waitFor()
    await page.getByRole('button', { name: '✓ 41 · … 1 · ✗ 1' }).click()
    await page.getByRole('button', { name: 'Send again' }).click()
    await expect.poll(() => api.asked.at(-1)).toMatchObject({ path: '/api/webhooks/w1/redeliver', body: { id: 'm2' } })
    expect(complaints).toEqual([])
  })

  it('says whether the collector is well', async () => {
    const { page, api } = await open()
    await page.getByText('Can write: yes').waitFor()
    api.state.down = 'busy'
    await page.getByRole('link', { name: 'Model' }).click()
    await page.getByRole('link', { name: 'Setup' }).click()
    await page.getByText('Can write: no').waitFor()
  })
})
