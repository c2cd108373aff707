/** A real Chromium: the one named by CHROMIUM, the machine's own, or the one that npm brought. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'

export const QUIET = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
  // Real pages name pictures of hosts that are none of ours: they are refused at once instead of waited for.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1',
]

/** Where each system keeps it. */
const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Unpacks the one from npm, with the libraries that a bare machine lacks. */
const fromNpm = async (): Promise<string | undefined> => {
  try {
    const { default: packed, inflate, setupLambdaEnvironment } = await import('@sparticuz/chromium')
    const path = await packed.executablePath()
    const bin = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '../bin')
    setupLambdaEnvironment(join(await inflate(join(bin, 'al2023.tar.br')), 'lib'))
    return path
  } catch (error) {
    console.warn(error)
    return undefined
  }
}

/** The browser's path; undefined where there is none. */
export const findChromium = async (): Promise<string | undefined> =>
  [process.env.CHROMIUM, ...INSTALLED].find((path) => path && existsSync(path)) ?? (await fromNpm())

/** Starts it; undefined, and said aloud, where there is none that starts. */
export const launchChromium = async (): Promise<Browser | undefined> => {
  const executablePath = await findChromium()
  try {
    if (executablePath) return await chromium.launch({ executablePath, args: QUIET })
  } catch (error) {
    console.warn(error)
  }
  console.warn('SKIPPED: no Chromium that starts. Name one by the environment variable CHROMIUM.')
  return undefined
}
