/** Listeners that cannot disturb the page: in the capture phase, passive, never throwing, removable all at once. */
import { safe } from './safe.ts'

const controller = new AbortController()

/** Types are named with spaces between. */
export const listen = <E extends Event>(
  types: string,
  handler: (event: E) => void,
  target: EventTarget = window,
): void => {
  for (const type of types.split(' ')) {
    const options = { capture: true, passive: true, signal: controller.signal }
    target.addEventListener(type, safe(handler as (event: Event) => void), options)
  }
}

export const stopListening = (): void => controller.abort()

/**
 * Calls back with the window, and with each open shadow root as the visitor first touches something in it: what forms
 * and media tell does not leave the root in which it happens.
 */
export const onRoot = (callback: (root: EventTarget) => void): void => {
  const roots = new Set<EventTarget>()
  callback(window)
  listen('focusin click', (event) => {
    for (const root of event.composedPath()) {
      if (root instanceof ShadowRoot && !roots.has(root)) callback(root)
      roots.add(root)
    }
  })
}
