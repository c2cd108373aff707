/** Draws docs/images anew, from the real program over made-up visitors: `npm run build && node docs/pictures.ts`. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchChromium } from '../test/chromium.ts'
import { startProgram } from '../test/e2e/program.ts'

const FOLDER = join(import.meta.dirname, 'images')
/** Bytes. A reader of the documents should not wait for one. */
const MOST = 150_000

const open = async (page: Page, path: string, ready: string): Promise<void> => {
  await page.goto(`${new URL(page.url()).origin}/#${path}`)
  await page.locator(ready).first().waitFor()
}

const VIEWS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  now: (page) => open(page, '/', '.trend svg'),
  visitor: async (page) => {
    await open(page, '/?stage=intent', '.hot a.name')
    await page.locator('.hot a.name').first().click()
    await page.locator('.course svg').waitFor()
  },
  funnel: (page) => open(page, '/funnel', '.step svg'),
  companies: (page) => open(page, '/companies', '.figures tbody tr'),
  content: (page) => open(page, '/content', '.card'),
  model: (page) => open(page, '/model', '.words-of'),
  setup: (page) => open(page, '/setup', '.with-button .figures'),
}

const program = await startProgram()
const headers = { authorization: `Bearer ${program.token}` }
const ask = (path: string, body?: object): Promise<Response> =>
  fetch(program.url + path, { method: 'POST', headers, ...(body && { body: JSON.stringify(body) }) })
await ask('/api/sample', { people: 900, days: 180 })
const { url } = (await (await ask('/api/signin')).json()) as { url: string }
const browser = (await launchChromium())!
const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, reducedMotion: 'reduce', locale: 'en-US' })
await page.goto(url)
for (const [name, show] of Object.entries(VIEWS)) {
  // One of them in the dark, so that both are seen.
  await page.emulateMedia({ colorScheme: name === 'visitor' ? 'dark' : 'light' })
  await show(page)
  await page.waitForTimeout(1500)
  const path = join(FOLDER, `${name}.jpg`)
  await page.screenshot({ path, type: 'jpeg', quality: 80 })
  const { size } = statSync(path)
  console.log(`${name}.jpg  ${size} B`)
  if (size > MOST) throw new Error(`${name}.jpg is larger than ${MOST} B.`)
}
await browser.close()
await program.end()
