/** The browser of these tests, and how they wait. */
import { findChromium, QUIET } from '../chromium.ts'

/** The browser's address; empty where there is none: then what needs it is skipped. */
export const CHROMIUM = await findChromium()
if (!CHROMIUM) console.warn('SKIPPED: no Chromium. Name one by the environment variable CHROMIUM.')

export const FLAGS = ['--headless', ...QUIET]

/** Waits until something is so. */
export const until = async <T>(
  look: () => T,
  patience = 5000,
): Promise<Exclude<Awaited<T>, undefined | false | 0 | ''>> => {
  const end = Date.now() + patience
  for (;;) {
    const seen = await look()
    if (seen) return seen as Exclude<Awaited<T>, undefined | false | 0 | ''>
    if (Date.now() > end) throw new Error(`waited ${patience} ms in vain for ${look}`)
    await sleep(20)
  }
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/** An expression that scrolls to an element and tells its middle: x and y in CSS pixels. */
export const middleOf = (selector: string): string => {
  const element = selector.startsWith('(') ? selector : `document.querySelector(${JSON.stringify(selector)})`
  return `(() => { const element = ${element}; element.scrollIntoView({ block: 'center', behavior: 'instant' })
    const { x, y, width, height } = element.getBoundingClientRect(); return [x + width / 2, y + height / 2] })()`
}
