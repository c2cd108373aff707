/** A page of the dashboard in a real browser, over the stand-in for the collector; what the browser complains of is kept. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { type FakeOptions, startFakeApi } from './fake-api.ts'

export interface Opened {
  readonly api: Awaited<ReturnType<typeof startFakeApi>>
  readonly page: Page
  readonly complaints: readonly string[]
  readonly end: () => Promise<void>
}

export const openDashboard = async (
  browser: Browser,
  address: string,
  { context = {}, ...options }: FakeOptions & { readonly context?: BrowserContextOptions } = {},
): Promise<Opened> => {
  const api = await startFakeApi(options)
  const complaints: string[] = []
  const within = await browser.newContext({
    ...{ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', locale: 'en-GB', ...context },
  })
  const page = await within.newPage()
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(api.url + address)
  const end = async (): Promise<void> => {
    await within.close()
    await api.close()
  }
  return { api, page, complaints, end }
}

/** How many visitors the list has, by its own count: only those near the window are in the document. */
export const listed = async (page: Page): Promise<number> =>
  Number(await page.locator('.hot').getAttribute('aria-rowcount')) - 1
