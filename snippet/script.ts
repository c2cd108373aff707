/** The script tag's way in: reads its options and puts `leadlight(…)` on the page, the only global. */
import type { Command } from './command.ts'
import { start } from './index.ts'
import type { Options } from './options.ts'
import { run } from './run.ts'

/** Takes commands, also before the script has loaded; the page may have made it, by the same few words as here. */
interface Global {
  (...command: Command): void
  q?: Command[] & { [site: string]: true }
}

declare global {
  interface Window {
    leadlight?: Global
    /** What the collector puts before the script. */
    leadlightSite?: Options
  }
}

run(() => {
  const script = (document.currentScript ?? document.querySelector('script[src*=leadlight]')) as HTMLScriptElement
  const url = new URL(script.src)
  const settings = window.leadlightSite
  delete window.leadlightSite
  const own: { [name: string]: string | true | undefined } = {
    ...Object.fromEntries(url.searchParams),
    ...script.dataset,
  }
  // An attribute without a value is on.
  for (const name in own) own[name] ||= true
  window.leadlight ??= (...command) => window.leadlight!.q!.push(command)
  window.leadlight.q ??= [] as unknown as NonNullable<Global['q']>
  const commands = window.leadlight.q
  // A second copy for the same site steps back; one for another site runs beside the first.
  if (commands[own.site as string]) return
  commands[own.site as string] = true
  const consent = `${settings?.consent} ${own.consent}`
  start({ endpoint: new URL('.', url).href, ...settings, ...own, consent }, commands)
})
