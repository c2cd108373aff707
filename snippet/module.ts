/** The package's way in: `import { init, track, identify } from 'leadlight'`. Calls made before `init` are kept. */
import type { Command, Leadlight } from './command.ts'
import { start } from './index.ts'
import type { Options } from './options.ts'

export type { Leadlight, Options }

const commands: Command[] = []
let isStarted = false

const call =
  <K extends keyof Leadlight>(name: K) =>
  (...args: Parameters<Leadlight[K]>): void => {
    commands.push([name, ...args] as unknown as Command)
  }

/** Starts observing; once per page, and only in a browser. */
export const init = (options: Options & { readonly site: string; readonly endpoint: string }): void => {
  if (isStarted || typeof document === 'undefined') return
  isStarted = true
  start(options, commands)
}

export const track = call('track')
export const identify = call('identify')
export const page = call('page')
export const media = call('media')
export const consent = call('consent')
export const reset = call('reset')
export const on = call('on')
export const stop = call('stop')
