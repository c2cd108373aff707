/** How long the visitor was with a page: while it is visible, focused and they are not idle. And how deep they went. */
import type { Engagement } from './event.ts'

let engaged = 0
let deepest = 0
let counted = 0
// Apart from `counted`: were they one, each count would renew the visitor's life.
let alive = 0
let isWatching = false

/** Milliseconds without a sign of life after which the visitor counts as gone. */
const IDLE = 3e4

/** The totals of the view so far. */
export const totals = (): Engagement => {
  const now = Math.min(performance.now(), alive + IDLE)
  if (isWatching) engaged += now - counted
  counted = now
  isWatching = !document.hidden && document.hasFocus()
  return { type: 'engagement', seconds: Math.round(engaged / 10) / 100, scroll: deepest }
}

/** Whether engaged time grew up to the last count. */
export const isEngaged = (): boolean => isWatching && counted < alive + IDLE

/** The visitor did something. */
export const stir = (): void => {
  totals()
  alive = counted = performance.now()
}

/** A new view begins. */
export const restart = (): void => {
  engaged = deepest = 0
}

/** The page was scrolled this deep, in percent. */
export const deepen = (percent: number): void => {
  deepest = Math.max(deepest, Math.round(percent))
}
