/** What a page can tell the snippet, by `leadlight(name, …)` or by the functions of the package. */
import { deny, grant, halt, state } from './consent.ts'
import type { Tag, Traits } from './event.ts'
import { keep } from './identity.ts'
import { stopListening } from './listen.ts'
import { close, flush } from './queue.ts'
import { record } from './record.ts'
import { onStage } from './stage.ts'
import { leave, page, view } from './visit.ts'

export interface Leadlight {
  track(name: string, props?: Traits): void
  identify(traits: Traits): void
  /** A page view, where they do not come by themselves. */
  page(tag?: Tag): void
  /** Progress of a player that is not an element of the page. */
  media(name: string, percent: number, tag?: Tag): void
  consent(state: 'granted' | 'denied'): void
  /** Somebody else from here on, as after signing out. */
  reset(): void
  on(what: 'stage', callback: (stage: string) => void): void
  stop(): void
}

/** A call as `leadlight(…)` takes it. */
export type Command = { [K in keyof Leadlight]: [name: K, ...args: Parameters<Leadlight[K]>] }[keyof Leadlight]

export const commands: Leadlight = {
  track: (name, props) => record({ type: 'track', name, props }),
  identify: (traits) => record({ type: 'identify', traits }),
  page,
  media: (name, percent, tag) => record({ type: 'media', name, percent, ...tag }),
  consent: (next) => {
    const was = state
    if (next === was) return
    if (next === 'granted') grant()
    record({ type: 'consent', state: next })
    flush()
    if (next === 'denied') deny()
    else if (was) view()
  },
  reset: () => {
    leave()
    close()
    keep('')
    if (state === 'granted') grant()
    view()
  },
  on: onStage,
  stop: () => {
    leave()
    halt()
    stopListening()
  },
}
