/** The setup in a real browser: the tag, the first event, keys that are shown once, receivers. */
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { type Platform, tagOn } from '../../collector/dashboard/install.ts'
import { SETUP } from '../../collector/outbox/receiver.ts'
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
      ...{ honoursGpc: true, tellsStage: false, allowsPurchase: false, allowsAutomation: false },
      ...{ retentionDays: null, expiry: 'erase', ignores: [], staff: [], pageRules: [] },
    })
    await page
      .getByRole('row', { name: /^default/ })
      .getByRole('button', { name: 'Change…' })
      .click()
    await page.getByRole('dialog').getByLabel('Consent').selectOption('required')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('row', { name: /^default.*Required/ }).waitFor()
  })

  it('changes all that a site has, and nothing while its page rules are no JSON', async () => {
    const { page, api } = await open()
    const row = page.getByRole('row', { name: /^default/ })
    await row.getByRole('button', { name: 'Change…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/^Consent/).selectOption('cookieless')
    await dialog.getByLabel(/^Tell the page/).check()
    await dialog.getByLabel(/^Days that/).fill('90')
    await dialog.getByLabel(/^Who has not been seen/).selectOption('anonymize')
    await dialog.getByLabel(/^Ignored/).fill('staging.*, /admin/*')
    await dialog.getByLabel(/^Your own people/).fill('acme.example')
    await dialog.getByText('As JSON').click()
    await dialog.getByRole('textbox', { name: 'Page rules' }).fill('[{"path": ')
    await page.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('That is no JSON.').waitFor()
    expect(api.asked).toEqual([])
    await dialog.getByRole('textbox', { name: 'Page rules' }).fill('[{"path": "/plans", "signal": "pricing"}]')
    expect(await dialog.getByLabel('Signal, rule 1').inputValue()).toBe('pricing')
    await page.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(api.asked[0]).toMatchObject({ method: 'PATCH', path: '/api/sites/default' })
    expect(api.asked[0]!.body).toEqual({
      ...{ origins: [], consent: 'cookieless', honoursGpc: true, tellsStage: true },
      ...{ allowsPurchase: false, allowsAutomation: false, retentionDays: 90, expiry: 'anonymize' },
      ...{ ignores: ['staging.*', '/admin/*'], staff: ['acme.example'] },
      pageRules: [{ path: '/plans', signal: 'pricing' }],
    })
    await row.getByRole('button', { name: 'Change…' }).click()
    expect(await dialog.getByLabel(/^Ignored/).inputValue()).toBe('staging.*, /admin/*')
  })

  it('gives a site another public key, and removes one only by its name', async () => {
    const { page, api } = await open()
    const row = page.getByRole('row', { name: /^default/ })
    await row.getByRole('button', { name: 'New public key…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'New public key' }).click()
    await page.getByRole('row', { name: /^default pk_default_2/ }).waitFor()
    expect(api.asked).toMatchObject([{ method: 'PATCH', body: { key: 'rotate' } }])
    await page.getByRole('row', { name: /^demo/ }).getByRole('button', { name: 'Remove…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Remove the site demo' })
    await dialog.getByRole('textbox').fill('default')
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await dialog.getByText('That is not the name of the site.').waitFor()
    expect(api.asked).toHaveLength(1)
    await dialog.getByRole('textbox').fill('demo')
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('row', { name: /^demo/ }).waitFor({ state: 'detached' })
    expect(api.asked[1]).toMatchObject({ method: 'DELETE', path: '/api/sites/demo' })
  })

  const about = { label: '', site: null }
  it.each([
    ['webhook', { Address: 'https://a.example/' }, { url: 'https://a.example/' }],
    ['slack', { Address: 'https://hooks.slack.com/services/T' }, { url: 'https://hooks.slack.com/services/T' }],
    ['hubspot', { 'Access token': 'pat-1' }, { token: 'pat-1' }],
    [
      'salesforce',
      { Address: 'https://acme.my.salesforce.com', 'Client id': 'id', 'Client secret': 'shh' },
      { url: 'https://acme.my.salesforce.com', clientId: 'id', clientSecret: 'shh' },
    ],
    [
      'generic',
      { Address: 'https://a.example/', 'Template (JSON)': '{"n": "{{data.id}}"}', 'Headers (JSON)': '{"x-key": "1"}' },
      { url: 'https://a.example/', template: { n: '{{data.id}}' }, headers: { 'x-key': '1' } },
    ],
  ] as const)('adds a receiver of the kind %s by what that kind takes', async (kind, fills, setup) => {
    const { page, api, complaints } = await open()
    await page.getByRole('button', { name: 'Add a webhook…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Kind').selectOption(kind)
    for (const [label, text] of Object.entries(fills)) await dialog.getByLabel(label).fill(text)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog', { name: 'Keep this secret' }).getByText('secret-of-webhooks').waitFor()
    expect(api.asked.map(({ body }) => body)).toEqual([{ kind, ...setup, ...about }])
    expect(SETUP[kind].safeParse(setup).success).toBe(true)
    expect(complaints).toEqual([])
  })

  it('changes a receiver and leaves alone what was left empty', async () => {
    const { page, api } = await open()
    const row = page.getByRole('row', { name: /^CRM/ })
    await row.getByRole('button', { name: 'Change…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('A lead for sales').uncheck()
    await dialog.getByLabel('Sales is late').check()
    await dialog.getByLabel('Site').selectOption('demo')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(api.asked[0]).toMatchObject({ method: 'PATCH', path: '/api/webhooks/w1' })
    expect(api.asked[0]!.body).toEqual({ types: ['lead.sla_breached'], label: 'CRM', site: 'demo' })
    await row.getByRole('button', { name: 'Turn off' }).click()
    await row.getByRole('button', { name: 'Turn on' }).waitFor()
    expect(api.asked[1]!.body).toEqual({ enabled: false })
  })

  it('makes a new secret for a receiver, and shows it once', async () => {
    const { page } = await open()
    await page.getByRole('button', { name: 'New secret…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click()
    await page.getByRole('dialog', { name: 'Keep this secret' }).getByText('another-secret').waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByText('another-secret').waitFor({ state: 'detached' })
  })

  it('lists who did what, page by page', async () => {
    const { page, complaints } = await open()
    const rows = page.getByRole('table').filter({ hasText: 'key k2' }).locator('tbody tr')
    await expect.poll(() => rows.count()).toBe(10)
    await page.getByRole('button', { name: 'Show more' }).click()
    await expect.poll(() => rows.count()).toBe(20)
    await page.getByRole('button', { name: 'Show more' }).click()
    await expect.poll(() => rows.count()).toBe(30)
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0)
    const about = page.getByRole('row', { name: /read list/ }).first()
    expect(await about.getByRole('cell').last().textContent()).toBe('default 107be0d4 117be0d4 127be0d4 +9')
    expect(complaints).toEqual([])
  })

  it('notes a deed in the audit log at once, and shows every card as it is after it', async () => {
    const { page } = await open()
    await page
      .getByRole('row', { name: /^Shop server/ })
      .getByRole('button')
      .click()
    await page.getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByRole('row', { name: /DELETE \/api\/keys\/k1/ }).waitFor()
    await page.getByRole('row', { name: /^Shop server/ }).waitFor({ state: 'detached' })
  })

  it('gives a site page rules row by row, tried out before those of the model', async () => {
    const { page, api } = await open()
    await page
      .getByRole('row', { name: /^default/ })
      .getByRole('button', { name: 'Change…' })
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Address of a page').fill('https://www.example.com/pricing')
    await dialog.getByText('by the page rule /pricing').waitFor()
    for (const path of ['/pricing', '/plans']) {
      await dialog.getByRole('button', { name: 'Add a rule' }).click()
      await dialog.getByLabel('Address holds, rule 1').fill(path)
    }
    await dialog.getByLabel('Signal, rule 2').fill('comparison')
    await dialog.getByText('Comparison by the page rule /pricing').waitFor()
    await dialog.getByLabel('Funnel, rule 1').selectOption('bofu')
    await dialog.getByRole('button', { name: 'Move rule 1 down' }).press('Enter')
    expect(await dialog.getByLabel('Address holds, rule 2').inputValue()).toBe('/plans')
    await expect.poll(() => page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Move rule 2 down')
    await dialog.getByRole('button', { name: 'Remove rule 1' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(api.asked[0]!.body).toMatchObject({ pageRules: [{ path: '/plans', funnel: 'bofu' }] })
  })

  it('finds whom a request is about by their address, and hands over or erases what is held', async () => {
    const { page, api } = await open()
    const known = api.people.find(({ visitor }) => visitor.traits.email)!.visitor
    const requests = page.locator('.requests')
    await requests.getByRole('searchbox').fill('nobody@void.example')
    await requests.getByRole('button', { name: 'Search' }).click()
    await requests.getByText('Nobody is known by that name.').waitFor()
    await requests.getByRole('searchbox').fill(String(known.traits.email))
    await requests.getByRole('button', { name: 'Search' }).click()
    const link = requests.getByRole('link', { name: String(known.traits.name) })
    expect(await link.getAttribute('href')).toBe(`#/visitors/${known.id}`)
    await requests.getByRole('button', { name: 'What was noted of them' }).click()
    await expect.poll(() => requests.locator('tbody tr').count()).toBe(10)
    const file = page.waitForEvent('download')
    await requests.getByRole('button', { name: /^Export everything about / }).click()
    await file
    await requests.getByRole('button', { name: /^Erase / }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/^There is no way back/).check()
    await dialog.getByRole('button', { name: 'Erase' }).click()
    await link.waitFor({ state: 'detached' })
    expect(api.asked).toMatchObject([{ method: 'DELETE', path: `/api/visitors/${known.id}` }])
  })

  it('tells those who only read that the audit log is not theirs', async () => {
    const { page } = await open({ readsOnly: true })
    await page.getByText('This takes the role of an administrator.').first().waitFor()
  })

  it('tries a receiver out, and sends again what could not be delivered', async () => {
    const { page, api, complaints } = await open()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByText('✓ 200 OK').waitFor()
    await page.getByRole('button', { name: '✓ 41 · … 1 · ✗ 1' }).click()
    await page.getByRole('button', { name: 'Send again', exact: true }).click()
    await expect.poll(() => api.asked.at(-1)).toMatchObject({ path: '/api/webhooks/w1/redeliver', body: { id: 'm2' } })
    await page.getByText('1 message is sent again').waitFor()
    await page.getByLabel('Only what was given up').check()
    await page.locator('.deliveries').getByText('Delivered').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Send all that was given up again' }).click()
    await expect.poll(() => api.asked.at(-1)).toMatchObject({ path: '/api/webhooks/w1/redeliver', body: {} })
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
