/** Keeps what happened until the collector has it on disk: in memory, and in storage where that is allowed. */
import type { WireEvent } from './event.ts'
import { storage } from './identity.ts'
import { options } from './options.ts'
import { random } from './random.ts'
import { safe } from './safe.ts'
import { post } from './transport.ts'

/** Milliseconds in which events gather, and after which a failed request is tried again; doubled each time. */
const GATHER = 1000

/** What is not acknowledged. */
export let queue: readonly WireEvent[] = []
/** What of it is on its way. */
const flying = new WeakSet<WireEvent>()
let isOpen = false
let timer: ReturnType<typeof setTimeout> | undefined
let failures = 0

/** Each page keeps its own, so that two tabs never write over one another. */
const own = random(9, 36)
const prefix = (): string => `leadlight.queue.${options.site}.`

const hold = safe((events: readonly WireEvent[]): void => {
  /** Storage holds this many events of a page. */
  const MOST = 200
  const key = prefix() + own
  queue = events
  if (isOpen && queue[0]) storage[key] = JSON.stringify(queue.slice(-MOST))
  else delete storage[key]
})

/** Takes out of storage what pages kept there. Should one of them live on, ids settle it. */
const take = safe((): void => {
  /** Milliseconds that an event may lie in storage. */
  const OLDEST = 7 * 86_400_000
  for (const key in storage) {
    if (!key.startsWith(prefix())) continue
    const events: WireEvent[] = safe(JSON.parse)(storage[key]!) ?? []
    delete storage[key]
    queue = [...events.filter(({ at }) => at > Date.now() - OLDEST), ...queue]
  }
})

/** Sends what waits, at once. */
export const flush = safe((): void => {
  /** Characters after which a request is full: in any script below 64 KiB, the most that a browser takes at unload. */
  const CHUNK = 16_000
  /** Milliseconds between two attempts, at most. */
  const LONGEST = 300_000
  let size = 0
  const events = queue.filter((event) => {
    if (flying.has(event) || size > CHUNK) return false
    size += JSON.stringify(event).length
    return size
  })
  clearTimeout(timer)
  timer = undefined
  if (!isOpen || !size) return
  for (const event of events) flying.add(event)
  hold(queue)
  post(events).then((wait) => {
    if (wait === undefined) {
      failures = 0
      hold(queue.filter((event) => !events.includes(event)))
    } else {
      for (const event of events) flying.delete(event)
      // Of several that failed together one sets the clock.
      timer ??= setTimeout(flush, wait || Math.min(GATHER * 2 ** ++failures, LONGEST))
    }
  })
  flush()
})

/** Throws on what JSON cannot hold, before it can stand in the way of all else. Later changes are not seen. */
export const add = (event: WireEvent): void => {
  queue = [...queue, JSON.parse(JSON.stringify(event))]
  timer ??= setTimeout(flush, GATHER)
}

/** Takes up what an earlier page left, and from now on keeps in storage and sends. */
export const open = (): void => {
  isOpen = true
  take()
}

/** Forgets everything; what is added waits in memory until the queue is opened again. */
export const close = (): void => {
  take()
  isOpen = false
  hold([])
}
