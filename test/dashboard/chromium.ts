/** A real Chromium: the one named by CHROMIUM, the machine's own, or the one that npm brought. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const QUIET = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
]

const fromNpm = async (): Promise<string | undefined> => {
  try {
    const { default: packed } = await import('@sparticuz/chromium')
    return await packed.executablePath()
  } catch {
    return undefined
  }
}

const findChromium = async (): Promise<string | undefined> => {
  const named = [process.env.CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path))
  return named ?? (await fromNpm())
}

/** Undefined, and said aloud, where there is none that starts. */
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
