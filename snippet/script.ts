/** The script tag's way in: reads its options and puts `leadlight(…)` on the page, the only global. */
import type { Command } from './command.ts'
import { start } from './index.ts'
import { readOptions } from './options.ts'
import { safe } from './safe.ts'

/** Takes commands, also before the script has loaded; the page may have made it, by the same few words as here. */
interface Global {
  (...command: Command): void
  q?: Command[] & { [site: string]: true }
}

declare global {
  interface Window {
    leadlight?: Global
  }
}

safe(() => {
  const options = readOptions()
  window.leadlight ??= (...command) => window.leadlight!.q!.push(command)
  window.leadlight.q ??= [] as unknown as NonNullable<Global['q']>
  const commands = window.leadlight.q
  // A second copy for the same site steps back; one for another site runs beside the first.
  if (commands[options.site!]) return
  commands[options.site!] = true
  start(options, commands)
})()
