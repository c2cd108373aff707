/** One ear for everything: in the capture phase, passive, never throwing. */
import { run } from './run.ts'

/** The elements that the event under way went through, innermost first, those in open shadow roots included. */
export let path: readonly HTMLElement[]

/** What becomes of an event, by its type. */
export type Sensors = { readonly [type: string]: (event: never) => void }

let sensors: Sensors
let last: Event

const notice = (event: Event): void => {
  if (event === last) return
  last = event
  path = (event.composedPath() as HTMLElement[]).filter((node) => node.dataset)
  for (const { shadowRoot } of path) if (shadowRoot) attach(shadowRoot)
  if (!path.some(({ dataset }) => 'ignore' in dataset)) sensors[event.type]!(event as never)
}

const hear = (event: Event): void => run(notice, event)

const ears = new AbortController()

/** To attach what is attached changes nothing. */
const attach = (root: EventTarget): void => {
  for (const type in sensors) root.addEventListener(type, hear, { capture: true, passive: true, signal: ears.signal })
}

/** Nothing more is heard. */
export const stopListening = (): void => ears.abort()

/**
 * Hears the window, and each open shadow root as soon as the visitor touches something in it: not everything leaves
 * its root. What happens within `data-ignore` is not told.
 */
export const listen = (next: Sensors): void => {
  sensors = next
  attach(window)
  run(() => attach(navigation))
}
