/** Everyone's events, person by person, in slices: all of history in bounded memory, whatever the store. */
import type { VisitorEvent } from '../../shared/event.ts'

/** A person who was not merged into another, with the events of those merged into them. */
export interface PersonHistory {
  readonly n: number
  readonly id: string
  readonly site: string
  readonly user: string | undefined
  readonly email: string | undefined
  readonly stage: string
  readonly qualification: string
  readonly changed: number
  /** In any order. */
  readonly events: readonly VisitorEvent[]
}

export interface HistorySlice {
  readonly people: readonly PersonHistory[]
  /** How far this is, of how much; in whatever the store counts. */
  readonly done: number
  readonly total: number
}

export interface HistoryQuery {
  /** The last place in the log that is read. */
  readonly head: number
  /** Events in a slice, about. */
  readonly events: number
}

export interface History {
  readonly slices: (query: HistoryQuery) => AsyncIterable<HistorySlice>
}

/** Chooses ranges that hold about `target` events each, by what the ranges before them held. */
export const createStride = (
  target: number,
): { readonly width: () => number; readonly learn: (events: number) => void } => {
  let width = Math.max(1, Math.min(32, target >> 3))
  return {
    width: () => width,
    learn: (events) => {
      const wanted = Math.round((width * target) / Math.max(1, events))
      width = Math.max(1, Math.min(10_000, width * 2, wanted))
    },
  }
}

export const eventsOf = (people: readonly PersonHistory[]): number =>
  people.reduce((sum, { events }) => sum + events.length, 0)
