/** Starts on a page: whether at all, with which listeners, as whom; and runs the commands. */
import { type Command, commands } from './command.ts'
import { ask } from './consent.ts'
import { openStorage } from './identity.ts'
import { listen } from './listen.ts'
import { type Options, options, ownAddress, setOptions } from './options.ts'
import { run } from './run.ts'
import { sensors } from './sensors.ts'
import { live, settle } from './visit.ts'

type Private = Navigator & { readonly globalPrivacyControl?: boolean }

/** Whether the visitor's browser asks not to be observed, or this is not a host of the site. */
const isUnwanted = (): boolean =>
  (options.gpc !== false && ((navigator as Private).globalPrivacyControl || navigator.doNotTrack === '1')) ||
  !ownAddress.test(location.href)

/**
 * Starts on this page; where it is prerendered, as soon as it is shown. Runs the commands called, and each that is
 * added later. Those called before come ahead of the first page view, for one may say that there is to be none.
 */
export const start = (given: Options, called: Command[]): void => {
  const perform = ([name, ...args]: Command) => run(commands[name] as (...args: unknown[]) => void, ...args)
  const begin = () =>
    run(() => {
      const { push } = called
      setOptions(given)
      if (isUnwanted()) return
      openStorage()
      ask()
      called.forEach(perform)
      // Kept, for a copy that comes later, for another site, is to hear of it too.
      called.push = (command) => {
        perform(command)
        return push.call(called, command)
      }
      settle()
      listen(sensors)
      live()
    })
  if ((document as Document & { prerendering?: boolean }).prerendering)
    document.addEventListener('prerenderingchange', begin)
  else begin()
}
