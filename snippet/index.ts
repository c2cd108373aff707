/** Wires sensors to the queue and the queue to the transport, and decides the order in which the page is listened to. */
import { onClick } from './click.ts'
import { type Command, commands } from './command.ts'
import { ask } from './consent.ts'
import { onEngagement } from './engagement.ts'
import { onForm } from './form.ts'
import { openStorage } from './identity.ts'
import { listen, listenInShadow } from './listen.ts'
import { onMedia } from './media.ts'
import { hostsOf, type Options, setOptions } from './options.ts'
import { onView } from './pageview.ts'
import { flush } from './queue.ts'
import { safe } from './safe.ts'
import { beat, end, page, record } from './visit.ts'

/** Whether the visitor's browser asks not to be observed, or this is not a host of the site. */
const isUnwanted = ({ site, gpc, domains }: Options): boolean => {
  const { globalPrivacyControl, doNotTrack } = navigator as Navigator & { globalPrivacyControl?: boolean }
  const isRefused = gpc !== false && (globalPrivacyControl || doNotTrack === '1')
  return !site || isRefused || !hostsOf(domains || location.hostname).test(location.hostname)
}

const observe = (isManual: boolean | undefined): void => {
  onEngagement(beat)
  onForm(record)
  onMedia(record)
  onClick(record)
  listenInShadow()
  const look = isManual ? undefined : onView(page)
  // Last, so that the sensors have told what they know. Once a page is hidden nothing that follows is certain.
  listen('visibilitychange pagehide', ({ type }) => {
    if (!document.hidden && type !== 'pagehide') return
    look?.()
    end(type === 'pagehide')
  })
  listen('online', flush)
  openStorage()
  ask()
}

/**
 * Starts on this page; where it is prerendered, as soon as it is shown. Runs the commands called, and each that is
 * added later. Those called before come ahead of the first page view, for one may say that there is to be none.
 */
export const start = (given: Options, called: Command[]): void => {
  const begin = safe(() => {
    setOptions(given)
    if (isUnwanted(given)) return
    observe(given.manual)
    const run = safe(([name, ...args]: Command) => (commands[name] as (...args: unknown[]) => void)(...args))
    const push = called.push
    called.forEach(run)
    called.push = (command) => {
      run(command)
      // Kept, for a copy that comes later, for another site, is to hear of it too.
      return push.call(called, command)
    }
    if (!given.manual) page()
  })
  if ((document as Document & { prerendering?: boolean }).prerendering) listen('prerenderingchange', begin)
  else begin()
}
