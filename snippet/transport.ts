/** Carries events to the collector, as text, so that no preflight is needed. */
import { visitor } from './identity.ts'
import { address, options } from './options.ts'
import { run } from './run.ts'

/** Young, and not everywhere: https://developer.mozilla.org/docs/Web/API/Window/fetchLater */
declare const fetchLater: (address: string, init: RequestInit) => unknown

/** Events are text here, with commas between. */
const bodyOf = (events: string): string =>
  `{"events":[${events}],${JSON.stringify({
    site: options.site,
    visitor,
    sent: Date.now(),
    automated: navigator.webdriver || undefined,
    hash: options.hash,
  }).slice(1)}`

/** A request outlives its page up to 64 KiB: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch */
export const post = (events: string): Promise<Response> => {
  const body = bodyOf(events)
  return fetch(address, { method: 'POST', body, keepalive: body.length < 21e3 })
}

/** Nobody answers a beacon. */
export const signal = (events: string): unknown => run(() => navigator.sendBeacon(address, bodyOf(events)))

/** What is with the browser, to be sent if the page goes without a word. */
export let left = new AbortController()

/** Entrusts events to the browser, to be sent if the page goes without a word, as in a crash. Replaces the last. */
export const entrust = (events: string): unknown =>
  run(() => {
    left.abort()
    left = new AbortController()
    return fetchLater(address, { method: 'POST', body: bodyOf(events), signal: left.signal })
  })
