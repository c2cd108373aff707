/** Drops what comes late of somebody who was erased. It is listed without its id: nothing of them is kept. */
import { emailIn, type Who } from '../../shared/identity.ts'
import type { Arrived, Batch, Rejection, RejectionCode } from './batch.ts'

/** Whether any of these names is of somebody who was erased. */
export type IsErased = (site: string, who: Who, email: string | undefined) => boolean

/** Who asks for no trace leaves none: not even the id of an event that was refused. */
export const TRACELESS: ReadonlySet<string> = new Set<RejectionCode>(['erased', 'consent', 'opted_out'])

/** What is told of an event that came too late. */
export const ERASED = { code: 'erased', message: 'this person was erased' } as const

export const dropErased = (batch: Batch, site: string, isErased: IsErased): Batch => {
  const isGone = ({ who, event }: Arrived): boolean => isErased(site, who, emailIn(event))
  const gone = batch.events.filter(isGone)
  if (gone.length === 0) return batch
  const refused = gone.map(({ index, event }): Rejection => ({ index, id: event.id, ...ERASED }))
  return {
    ...batch,
    events: batch.events.filter((arrived) => !gone.includes(arrived)),
    rejected: [...batch.rejected, ...refused].sort((a, b) => a.index - b.index),
  }
}
