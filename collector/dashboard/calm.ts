/** What changes faster than anybody reads, shown at a pace at which one can. */
import { type ReadonlySignal, signal } from '@preact/signals'

/** Follows the source: the first change after a rest at once, all that come soon after it together. */
export const calmed = <T>(source: ReadonlySignal<T>, ms: number): ReadonlySignal<T> => {
  const shown = signal(source.peek())
  let isResting = false
  const follow = (): void => {
    if (isResting || shown.peek() === source.peek()) return
    shown.value = source.peek()
    isResting = true
    setTimeout(() => {
      isResting = false
      follow()
    }, ms)
  }
  source.subscribe(follow)
  return shown
}
