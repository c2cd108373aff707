/** Nothing that a stranger wrote is obeyed: every vector, in every field, on every view, in a real browser. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { launchChromium } from '../chromium.ts'
import { type Opened, openDashboard } from './in-browser.ts'
import { CANARY, VECTORS } from './vectors.ts'

const browser: Browser | undefined = await launchChromium()
afterAll(() => browser?.close())

const VIEWS = [
  '/',
  '/?content=/a',
  '/funnel',
  '/funnel?against=model:2',
  '/companies',
  '/companies/nordwind.example',
  '/content',
  '/model',
  '/setup',
] as const
/** Of a view that shows one thing, as many are opened as there are vectors. */
const SINGLE = ['/companies/nordwind.example', '/model'] as const

let opened: Opened
let signs: string[]

/** Notes every sign that something was obeyed, or tried and stopped at the last door. */
const watch = async (page: Page, origin: string): Promise<void> => {
  page.on('dialog', (dialog) => {
    signs.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('pageerror', (error) => signs.push(`error ${error.message}`))
  page.on('console', (message) => message.type() === 'error' && signs.push(`console ${message.text()}`))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !url.startsWith('data:image/svg')) signs.push(`request ${url}`)
    if (new URL(url).pathname.includes(CANARY)) signs.push(`request ${url}`)
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ blockedURI, violatedDirective }) =>
      console.error(`csp ${violatedDirective} ${blockedURI}`),
    )
  })
}

const open = async (options: { readonly people?: number } = {}): Promise<Page> => {
  signs = []
  opened = await openDashboard(browser!, '/#/nowhere', { people: 12, poison: VECTORS, ...options })
  await watch(opened.page, opened.api.url)
  await opened.page.reload()
  return opened.page
}

/** What must not be in the page, whatever was written. */
const leaks = (page: Page): Promise<readonly string[]> =>
  page.evaluate((canary) => {
    const evil = document.querySelectorAll(
      'main :is(script, style, iframe, object, embed, link, meta, base, template, img, video, audio, marquee, math)',
    )
    const handlers = [...document.querySelectorAll('*')].filter((element) =>
      element.getAttributeNames().some((name) => name.startsWith('on') || name === 'srcdoc'),
    )
    const links = [...document.querySelectorAll('a')].filter(
      (link) => !/^(#|https?:|\/demo\/|\/api\/export\.csv\?)/.test(link.getAttribute('href') ?? '#'),
    )
    const ran = canary in window ? ['the canary sang'] : []
    return [...ran, ...[...evil, ...handlers, ...links].map((element) => element.outerHTML.slice(0, 120))]
  }, CANARY)

const go = (page: Page, hash: string): Promise<void> =>
  page.evaluate((wanted) => {
    location.hash = wanted
  }, hash)

const settle = (page: Page): Promise<void> => page.waitForTimeout(120)

it('there are enough of them', () => expect(new Set(VECTORS).size).toBeGreaterThanOrEqual(60))

describe.skipIf(!browser)('in a browser', { timeout: 120_000 }, () => {
  afterEach(() => opened.end())

  it('would notice one that is obeyed', async () => {
    const page = await open()
    await page.evaluate(() => {
      document.querySelector('main')!.innerHTML = '<img src="/canary.png" onerror="window.canary=1">'
    })
    await settle(page)
    expect(signs.join()).toMatch(/csp script-src-attr/)
    expect(signs.join()).toMatch(/request .*canary/)
    expect(await leaks(page)).not.toEqual([])
  })

  it.each(VIEWS)('obeys none of them on %s', async (view) => {
    const page = await open()
    const times = SINGLE.some((single) => single === view) ? VECTORS.length : 2
    for (let n = 0; n < times; n++) {
      await go(page, '#/nowhere')
      await go(page, `#${view}`)
      await page.locator('main :is(.card, .hot, .notice)').first().waitFor()
      if (n % 10 === 0) await settle(page)
    }
    expect(await page.locator('main').textContent()).toMatch(/[<{=]|javascript:|proto/)
    expect([...signs, ...(await leaks(page))]).toEqual([])
  })

  it('obeys none of them on a visitor’s page, nor in its dialogs', async () => {
    const page = await open({ people: VECTORS.length })
    for (const { visitor } of opened.api.people) {
      await go(page, `#/visitors/${encodeURIComponent(visitor.id)}`)
      await page.locator('.ledger tfoot').waitFor()
      await page.getByRole('heading', { name: 'Owner and consent' }).waitFor()
    }
    await page.getByRole('button', { name: 'The whole packet' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Merge with another…' }).click()
    await page.getByRole('dialog').waitFor()
    await settle(page)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Erase / }).click()
    await page.getByRole('dialog').waitFor()
    await settle(page)
    expect([...signs, ...(await leaks(page))]).toEqual([])
  })

  it('obeys none of them in what is asked of the setup', async () => {
    const page = await open()
    await go(page, '#/setup')
    const inDialog = async (button: string | RegExp): Promise<void> => {
      await page.getByRole('button', { name: button }).first().click()
      await page.getByRole('dialog').waitFor()
      await settle(page)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    for (const name of ['Change…', 'New public key…', 'Remove…', 'Add a webhook…', /^✓/]) await inDialog(name)
    const requests = page.locator('.requests')
    await requests.getByRole('searchbox').fill(opened.api.people[0]!.visitor.id)
    await requests.getByRole('button', { name: 'Search' }).click()
    await requests.getByRole('button', { name: 'What was noted of them' }).first().click()
    await expect.poll(() => requests.locator('tbody tr').count()).toBeGreaterThan(10)
    await inDialog(/^Erase /)
    expect([...signs, ...(await leaks(page))]).toEqual([])
  })

  it('obeys none of them when they come live', async () => {
    const page = await open()
    await page.goto(`${opened.api.url}/#/`)
    await page.locator('.pulse.open').waitFor()
    const at = new Date().toISOString()
    for (const [n, vector] of VECTORS.entries()) {
      const { visitor } = opened.api.make(n)
      const evil = {
        ...visitor,
        id: `live-${n}`,
        site: vector,
        traits: { name: vector, company: vector },
        account: vector,
      }
      opened.api.push({ name: 'score', visitor: { ...evil, why: [{ signal: vector, value: 9 }] } })
      const turn = { what: 'stage', from: vector, to: vector, rule: vector, score: 9 } as const
      opened.api.push({ name: 'transition', visitor: evil.id, site: vector, at, ...turn })
    }
    await expect.poll(() => page.locator('.feed li').count()).toBeGreaterThan(10)
    await settle(page)
    expect([...signs, ...(await leaks(page))]).toEqual([])
  })

  it('obeys none of them in the address', async () => {
    const page = await open()
    const names = ['q', 'site', 'from', 'to', 'period', 'against', 'stage', 'sort', 'at']
    for (const vector of VECTORS) {
      const query = new URLSearchParams(names.map((name) => [name, vector]))
      for (const view of ['/', '/funnel']) await go(page, `#${view}?${query}`)
    }
    await settle(page)
    expect([...signs, ...(await leaks(page))]).toEqual([])
  })
})
