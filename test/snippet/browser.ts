/** A real Chromium: by Playwright where its defaults do no harm, bare where they do. */
import { existsSync } from 'node:fs'
import sparticuz from '@sparticuz/chromium'
import { type Browser, chromium, type Page } from 'playwright-core'

const shipped = async (): Promise<string | undefined> => {
  try {
    return await sparticuz.executablePath()
  } catch {
    return undefined
  }
}
const installed = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** The browser: as the environment says, as installed, as shipped by npm; or none, then what needs it is skipped. */
export const CHROMIUM = installed.find((path) => path && existsSync(path)) ?? (await shipped())
if (!CHROMIUM) console.warn('SKIPPED: there is no Chromium; CHROMIUM_PATH may name one')

export const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: FLAGS })

/** Waits until something is so; fails with what was seen last. */
export const until = async <T>(look: () => T | undefined | false, patience = 5000): Promise<T> => {
  const end = Date.now() + patience
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (Date.now() > end) throw new Error(`waited ${patience} ms in vain for ${look}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/** A page of its own storage. */
export const freshPage = async (browser: Browser): Promise<Page> => (await browser.newContext()).newPage()
