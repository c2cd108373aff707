/** The script tag's way in: reads its options and puts `leadlight(…)` on the page, the only global. */
import { type Command, start } from './index.ts'
import { readOptions } from './options.ts'
import { safe } from './safe.ts'

interface Global {
  (...command: Command): void
  /** What was called before the script had loaded. */
  q?: readonly Command[]
  /** The sites that run on this page. */
  sites?: string
}

declare global {
  interface Window {
    leadlight?: Global
  }
}

safe(() => {
  const options = readOptions()
  const { leadlight } = window
  const sites = leadlight?.sites ?? ''
  // A second copy for the same site steps back; one for another site runs beside the first.
  if (sites.includes(`${options.site} `)) return
  const run = start(options, [...(leadlight?.q ?? [])])
  const call = (...command: Command): void => {
    if (sites) leadlight?.(...command)
    run(command)
  }
  window.leadlight = Object.assign(call, { q: leadlight?.q, sites: `${sites + options.site} ` })
})()
