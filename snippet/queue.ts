/** Keeps what happened until the collector has it on disk: in memory, and in storage where that is allowed. */
import type { WireEvent } from './event.ts'
import { storage } from './identity.ts'
import { options } from './options.ts'
import { random } from './random.ts'
import { safe } from './safe.ts'
import { post } from './transport.ts'

/** Storage holds this many events of a page at most, for this many milliseconds. */
const MOST = 200
const OLDEST = 7 * 86_400_000
/** Characters of events in a request: in any script below 64 KiB, the most that a browser takes at unload. */
const CHUNK = 20_000
/** Milliseconds in which events gather; doubled after each failure, up to the longest wait. */
const GATHER = 1000
const LONGEST = 300_000

/** What is not on its way. */
export let waiting: WireEvent[] = []
const flying = new Set<WireEvent>()
let isOpen = false
let timer: ReturnType<typeof setTimeout> | undefined
let failures = 0

/** Each page keeps its own, so that two tabs never write over one another. */
const prefix = (): string => `leadlight.queue.${options.site}.`
const own = random(9, 36)

const store = safe((): void => {
  const key = prefix() + own
  const events = [...flying, ...waiting].slice(-MOST)
  if (events[0]) storage[key] = JSON.stringify(events)
  else delete storage[key]
})

/** Takes out of storage what this page and others kept there. Should one of them live on, ids settle it. */
const take = safe((): void => {
  for (const key in storage) {
    if (!key.startsWith(prefix())) continue
    const events: WireEvent[] = JSON.parse(storage[key]!)
    delete storage[key]
    waiting.unshift(...events.filter(({ at }) => at > Date.now() - OLDEST))
  }
})

const later = (delay: number): void => {
  timer ??= setTimeout(flush, delay)
}

const deliver = async (events: WireEvent[]): Promise<void> => {
  const queue = waiting
  for (const event of events) flying.add(event)
  store()
  const wait = await post(events)
  for (const event of events) flying.delete(event)
  // Closed meanwhile: what was forgotten stays forgotten.
  if (queue !== waiting) return
  if (wait === undefined) failures = 0
  else {
    waiting.unshift(...events)
    later(wait || Math.min(GATHER * 2 ** ++failures, LONGEST))
  }
  store()
}

/** Sends what waits, at once. */
export const flush = safe((): void => {
  clearTimeout(timer)
  timer = undefined
  while (isOpen && waiting[0]) {
    let size = 0
    const end = waiting.findIndex((event, i) => {
      size += JSON.stringify(event).length
      return size > CHUNK && i
    })
    deliver(waiting.splice(0, end < 0 ? waiting.length : end))
  }
})

export const add = (event: WireEvent): void => {
  waiting.push(event)
  later(GATHER)
}

/** Takes up what an earlier page left, and from now on keeps in storage and sends. */
export const open = (): void => {
  isOpen = true
  take()
}

/** Forgets everything; what is added waits in memory until the queue is opened again. */
export const close = (): void => {
  isOpen = false
  take()
  waiting = []
  flying.clear()
}
