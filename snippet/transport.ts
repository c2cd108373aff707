/** Carries events to the collector, and tells what became of them. As text, so that no preflight is needed. */
import type { WireEvent } from './event.ts'
import { visitor } from './identity.ts'
import { options } from './options.ts'
import { safe } from './safe.ts'

declare global {
  interface Window {
    /** Young, and not everywhere: https://developer.mozilla.org/docs/Web/API/Window/fetchLater */
    fetchLater?: (address: string, init: RequestInit) => unknown
  }
}

const address = (): string => options.endpoint!.replace(/\/?$/, '/e')

const bodyOf = (events: readonly WireEvent[]): string =>
  JSON.stringify({
    site: options.site,
    visitor,
    sent: Date.now(),
    automated: navigator.webdriver || undefined,
    hash: options.hash,
    events,
  })

let stage: string | undefined
/** Called with the visitor's own stage whenever it changes; only where the site opted in. */
export const onStage: ((stage: string) => void)[] = []

/** Resolves with nothing when the events are done with, else with the milliseconds to wait, 0 if unknown. */
export const post = async (events: readonly WireEvent[]): Promise<number | undefined> => {
  const body = bodyOf(events)
  try {
    // A request outlives its page up to 64 KiB: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
    const response = await fetch(address(), { method: 'POST', body, keepalive: body.length < 21_000 })
    if (/408|429|5../.test(`${response.status}`)) return +response.headers.get('retry-after')! * 1000
    // What is left is taken, or refused for good; either way there is nothing to be sent again.
    response.json().then(
      (answer) => {
        const last = stage
        stage = answer.stage
        if (stage && stage !== last) for (const callback of onStage) callback(stage)
      },
      () => {},
    )
  } catch {
    // Nobody answers a beacon, so the events stay in the queue; their ids make the double harmless.
    safe(() => navigator.sendBeacon(address(), body))()
    return 0
  }
}

let left = new AbortController()

/** Leaves events with the browser, to be sent if the page goes without a word, as in a crash. Replaces the last. */
export const leave = safe((events?: readonly WireEvent[]): void => {
  left.abort()
  left = new AbortController()
  if (events) window.fetchLater?.(address(), { method: 'POST', body: bodyOf(events), signal: left.signal })
})
