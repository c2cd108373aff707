/** What goes wrong while writing: the machine's failures in a sentence, our own mistakes with where they are. */
import type { Log } from './log.ts'

/** As long as it lasts an outage fails every group of bodies: it is told again after so many ms, with how often it was. */
const AGAIN = 60_000

export interface OutageLogOptions {
  /** Whether nothing can be written at present, which is no mistake of ours. */
  readonly isOutage: (error: unknown) => boolean
  readonly log: Log
  readonly now: () => number
}

export const createOutageLog = ({ isOutage, log, now }: OutageLogOptions): ((error: unknown) => void) => {
  let told = { message: '', at: Number.NEGATIVE_INFINITY }
  let untold = 0

  const tellOutage = (message: string): void => {
    if (message === told.message && now() - told.at < AGAIN) {
      untold += 1
      return
    }
    log(`Could not write: ${message}`)
    if (untold > 0) log(`Since it was last told, “${told.message}” came ${untold} times more.`)
    told = { message, at: now() }
    untold = 0
  }

  return (error) => {
    const { message, stack = message } = error instanceof Error ? error : new Error(String(error))
    if (isOutage(error)) tellOutage(message)
    else log(stack)
  }
}
