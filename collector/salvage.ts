/** Appends all that can be: an event that the fold cannot take is found by halves, and does not spoil the others. */
import type { Arriving, Receipt } from '../shared/append.ts'
import type { EventLog } from './store/store.ts'

export type Outcome = Receipt | 'failed'

export interface SalvageOptions {
  readonly append: EventLog['append']
  /** Whether an error is the machine's, so that nothing can be taken at present. Such errors are thrown on. */
  readonly isOutage: (error: unknown) => boolean
  readonly report: (error: unknown) => void
}

export type Salvage = (...given: Parameters<EventLog['append']>) => Promise<readonly Outcome[]>

export const createSalvage = ({ append, isOutage, report }: SalvageOptions): Salvage => {
  const inHalves = async (arriving: readonly Arriving[], error: unknown): Promise<readonly Outcome[]> => {
    if (arriving.length <= 1) {
      report(error)
      return arriving.map(() => 'failed')
    }
    const half = arriving.length >> 1
    return [...(await salvage(arriving.slice(0, half), [])), ...(await salvage(arriving.slice(half), []))]
  }

  const salvage: Salvage = async (arriving, rejected) => {
    try {
      return await append(arriving, rejected)
    } catch (error) {
      if (isOutage(error)) throw error
      if (rejected.length > 0) await append([], rejected)
      return inHalves(arriving, error)
    }
  }

  return salvage
}
