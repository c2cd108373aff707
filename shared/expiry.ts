/** What becomes of somebody whose site keeps events for a time: nothing, their end, or one entry in the place of what is old. */
import { replayed } from './append.ts'
import { inOrder, type OpeningEvent } from './event.ts'
import { openingOf } from './opening.ts'
import type { Placed } from './remains.ts'
import type { Fold } from './visitor.ts'

export interface Keeping {
  /** The first instant that is kept. */
  readonly since: number
  /** Nobody's events tell of nobody: they may stay for the counts. */
  readonly keepsNobody: boolean
  /** Whether any name leads to them. */
  readonly isNobody: boolean
  readonly fold: Fold
  readonly newId: () => string
}

export type Expiry =
  | { readonly kind: 'none' }
  /** All there is of them is old. */
  | { readonly kind: 'end'; readonly old: number }
  /** The opening takes the place of the newest of the old ones. */
  | {
      readonly kind: 'cut'
      readonly old: number
      readonly opening: { readonly seq: number; readonly event: OpeningEvent }
    }

export const expiryOf = (stored: readonly Placed[], keeping: Keeping): Expiry => {
  const { since, keepsNobody, isNobody, fold, newId } = keeping
  const old = stored.filter(({ event }) => event.at < since).toSorted((a, b) => inOrder(a.event, b.event))
  const newest = old.at(-1)
  if (!newest || (keepsNobody && isNobody)) return { kind: 'none' }
  if (old.length === stored.length) return { kind: 'end', old: old.length }
  if (old.length === 1 && newest.event.type === 'opening') return { kind: 'none' }
  const events = old.map(({ event }) => event)
  const state = replayed(fold, events, { transitions: [] })!
  const event = openingOf(state, { id: newId(), at: newest.event.at })
  return { kind: 'cut', old: old.length, opening: { seq: newest.seq, event } }
}
