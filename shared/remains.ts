/** What is left of somebody when nobody is to know any more who it was: deeds, a state made of them, and transitions without their words. */
import { replayed } from './append.ts'
import { inOrder, type VisitorEvent } from './event.ts'
import { disguise } from './nobody.ts'
import type { VisitorState } from './state.ts'
import type { Fold } from './visitor.ts'

/** An event and its place in the log. */
export interface Placed {
  readonly seq: number
  readonly event: VisitorEvent
}

/** What a transition says of why it happened. */
export interface Cause {
  readonly what: string
  readonly rule: string
  readonly event: string | null
}

export interface Remains {
  /** At the places of those they are left of. */
  readonly events: readonly Placed[]
  /** Undefined where there were no events. */
  readonly state: VisitorState | undefined
  /** What may still be said of why a transition happened. */
  readonly ruleOf: (cause: Cause) => string
}

export interface Leaving {
  /** What they were called. */
  readonly names: readonly string[]
  /** Begins the new ids of their events; chosen by dice. */
  readonly prefix: string
  readonly fold: Fold
  readonly now: number
}

export const remainsOf = (stored: readonly Placed[], { names, prefix, fold, now }: Leaving): Remains => {
  const inTime = stored.toSorted((a, b) => inOrder(a.event, b.event))
  const given = inTime.map(({ event }) => event)
  const { events, mask } = disguise(given, { names, prefix })
  // What they had come to is known already: nothing of it happens again.
  const state = replayed(fold, events, { transitions: [] })
  if (state) fold.advance(state, now, { transitions: [] })
  const spoken = new Set(given.filter(({ type }) => type === 'feedback' || type === 'adjust').map(({ id }) => id))
  return {
    events: inTime.map(({ seq }, i) => ({ seq, event: events[i]! })),
    state,
    ruleOf: ({ what, rule, event }) => {
      // What sales wrote is a sentence about somebody; the verdict before it is not.
      if (event !== null && spoken.has(event)) return mask(rule.split(':')[0]!)
      return what === 'flag' ? '' : mask(rule)
    },
  }
}
