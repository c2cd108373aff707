/** Once, before all tests: finds the browser, so that no two tests unpack it at the same time. */
import { findChromium } from './chromium.ts'

export default async (): Promise<void> => {
  process.env.CHROMIUM = (await findChromium()) ?? ''
}
