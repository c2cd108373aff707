/** Listeners that cannot disturb the page: in the capture phase, passive, never throwing, removable all at once. */
import { safe } from './safe.ts'

/** The elements an event went through, innermost first, those in open shadow roots included. */
export type Path = readonly HTMLElement[]

const controller = new AbortController()
const attachAll: ((root: EventTarget) => void)[] = []

/**
 * Types are named with spaces between. What happens within `data-ignore` is not told. Without a target, hears the
 * window, and each open shadow root as soon as the visitor touches something in it: not everything leaves its root.
 */
export const listen = <E extends Event>(
  types: string,
  handler: (event: E, path: Path) => void,
  target?: EventTarget,
): void => {
  let last: Event
  const onEvent = safe((event: Event) => {
    if (event === last) return
    last = event
    const path = (event.composedPath() as HTMLElement[]).filter((node) => node.dataset)
    if (!path.some(({ dataset }) => 'ignore' in dataset)) handler(event as E, path)
  })
  const attach = (root: EventTarget): void => {
    for (const type of types.split(' ')) {
      root.addEventListener(type, onEvent, { capture: true, passive: true, signal: controller.signal })
    }
  }
  attach(target ?? window)
  if (!target) attachAll.push(attach)
}

/** To attach what is attached changes nothing. */
export const listenInShadow = (): void =>
  listen('focusin click', (_event, path) => {
    for (const { shadowRoot } of path) if (shadowRoot) for (const attach of attachAll) attach(shadowRoot)
  })

export const stopListening = (): void => controller.abort()
