/** Lets an acknowledgement out only when what it acknowledges is on disk. One sync serves all that wait for it. */

export interface GateOptions<Word> {
  /** Calls back when all that was written by now is on disk, or with what the machine said instead. */
  readonly sync: (then: (error: Error | null) => void) => void
  /**
   * Puts on disk, by another way, all that was written by now. A sync that failed is not to be asked again: the machine
   * may have forgotten what it could not keep, and would say yes (https://lwn.net/Articles/752063/).
   */
  readonly mend: (problem: string) => Promise<void>
  readonly pass: (word: Word) => void
  readonly refuse: (word: Word) => void
}

export const createGate = <Word>({ sync, mend, pass, refuse }: GateOptions<Word>): ((word: Word) => void) => {
  let waiting: Word[] = []
  let isBusy = false
  /** What the machine said last, while it says anything. */
  let problem: string | undefined

  const next = (): void => {
    if (isBusy || waiting.length === 0) return
    const those = waiting
    waiting = []
    isBusy = true
    const end = (error: Error | null): void => {
      isBusy = false
      problem = error?.message
      next()
      for (const word of those) (error ? refuse : pass)(word)
    }
    if (problem === undefined) sync(end)
    else mend(problem).then(() => end(null), end)
  }

  return (word) => {
    waiting.push(word)
    next()
  }
}
