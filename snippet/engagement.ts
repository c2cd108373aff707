/** How long the visitor was with a page: while it is visible, focused and they are not idle. And how deep they went. */
import type { Engagement } from './event.ts'
import { listen } from './listen.ts'
import { safe } from './safe.ts'

/** Milliseconds between two calls back while engaged time grows. */
const BEAT = 1000

let engaged = 0
let deepest = 0
let counted = 0
// Apart from `counted`: were they one, each count would renew the visitor's life.
let alive = 0
let isWatching = false
let timer: ReturnType<typeof setTimeout> | undefined
let onBeat: () => void

const count = (): void => {
  /** Milliseconds without a sign of life after which the visitor counts as gone. */
  const IDLE = 30_000
  const now = performance.now()
  if (isWatching) engaged += Math.max(0, Math.min(now, alive + IDLE) - counted)
  counted = now
  isWatching = !document.hidden && document.hasFocus()
}
const beat = safe((): void => {
  const before = engaged
  timer = undefined
  count()
  if (engaged === before) return
  onBeat()
  timer = setTimeout(beat, BEAT)
})
const live = (): void => {
  count()
  alive = counted
  if (!timer) timer = setTimeout(beat, BEAT)
}

/** The totals of the view so far. */
export const totals = (): Engagement => {
  count()
  return { type: 'engagement', seconds: Math.round(engaged / 10) / 100, scroll: deepest }
}

/** A new view begins. */
export const restart = (): void => {
  count()
  engaged = deepest = 0
}

/** Calls back about once a second while engaged time grows, never while it does not. */
export const onEngagement = (callback: () => void): void => {
  onBeat = callback
  listen('pointermove pointerdown keydown focus blur visibilitychange scroll timeupdate', ({ type, target }) => {
    const box = (target as Document).scrollingElement ?? (target as HTMLMediaElement)
    if (type === 'scroll') {
      // The page, or what fills it in its stead; a carousel that moves by itself is no sign of life.
      if (box.clientHeight * 2 < innerHeight) return
      deepest = Math.max(deepest, Math.round((100 * (box.scrollTop + box.clientHeight)) / box.scrollHeight))
    }
    // Nor is a film that runs in a loop.
    if (!(box as HTMLMediaElement).loop) live()
  })
  live()
}
