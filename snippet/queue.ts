/** Keeps what happened until the collector has it on disk: in memory, and in storage where that is allowed. */
import { storage } from './identity.ts'
import { options } from './options.ts'
import { random } from './random.ts'
import { run } from './run.ts'
import { hear } from './stage.ts'
import { left, post, signal } from './transport.ts'

/** Whether what is added is kept in storage and sent; else it waits in memory. */
let isOpen = false
/** What was not sent yet: the text of events, with commas between. */
export let queue = ''
/** What was sent and not acknowledged, each request under a key of its own, so that tabs never write over another. */
let shelf: Record<string, string>
let prefix: string
let failures = 0
let retry: ReturnType<typeof setTimeout> | undefined

/** Where storage is full the page's own memory must do. */
const put = (key: string, events: string): void => {
  try {
    shelf[key] = events
  } catch {
    shelf = { [key]: events }
  }
}

/** Sends what waits, at once; unless the collector asked for time, or failed: then it waits on the shelf. */
export const flush = async (): Promise<void> => {
  const events = queue
  if (!isOpen || !events) return
  const key = prefix + Date.now() + random()
  queue = ''
  left.abort()
  put(key, events)
  if (retry) return
  let wait = 0
  try {
    const response = await post(events)
    if (!/408|429|5../.test(response.status as unknown as string)) {
      // Taken, or refused for good: either way there is nothing to be sent again.
      failures = 0
      delete shelf[key]
      response.text().then(hear, () => {})
      return
    }
    wait = +response.headers.get('retry-after')! * 1e3
  } catch {
    // Nobody answers a beacon, so the events stay on the shelf; their ids make the double harmless.
    signal(events)
  }
  // Unless it was forgotten meanwhile.
  if (key in shelf) put(key, events)
  // Of several that failed together one sets the clock.
  retry ||= setTimeout(run, wait || Math.min(1e3 * 2 ** ++failures, 3e5), take)
}

/** A request is full below 64 KiB in any script, the most that a browser takes at unload. */
export const add = (events: string): void => {
  queue += (queue && ',') + events
  if (queue.length > 16e3) flush()
  else setTimeout(run, 1e3, flush)
}

/** Takes what is not acknowledged off the shelf, whichever page put it there. Ids settle what is sent twice. */
export const take = (): void => {
  /** Milliseconds that events may lie in storage. */
  const OLDEST = 6048e5
  /** Characters of them that are carried on. */
  let room = 3e6
  retry = undefined
  for (const key in shelf) {
    if (!key.startsWith(prefix)) continue
    const events = shelf[key]!
    if (key > prefix + (Date.now() - OLDEST) && /^{.*}$/.test(events) && room > 0) {
      room -= events.length
      add(events)
    }
    delete shelf[key]
  }
}

/** Takes up what an earlier page left, and from now on keeps in storage and sends. */
export const open = (): void => {
  isOpen = true
  shelf = storage
  prefix = `leadlight.queue.${options.site}.`
  take()
}

/** Forgets everything; what is added waits in memory until the queue is opened again. */
export const close = (): void => {
  isOpen = false
  take()
  queue = ''
}
