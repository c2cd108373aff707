/** A real Chromium: by Playwright where its defaults do no harm, bare where they do. */
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

/** The browser's address, or nothing where there is none: then what needs it is skipped, and says so. */
export const CHROMIUM = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path))

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
