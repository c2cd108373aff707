/** Facts as they go over the wire: with an id by which each counts once, its time, and its page view. */
import { state } from './consent.ts'
import type { Noticed } from './event.ts'
import { add } from './queue.ts'
import { random } from './random.ts'

let view = random()
let count = 0

/** From here on everything belongs to a new page view. */
export const beginView = (): void => {
  view = random()
}

/** Throws on what JSON cannot hold, before it can stand in the way of all else. Later changes are not seen. */
export const textOf = (noticed: Noticed): string =>
  JSON.stringify({ ...noticed, id: view + count++, at: Date.now(), view })

export const record = (noticed: Noticed): void => {
  if (state !== 'denied') add(textOf(noticed))
}
