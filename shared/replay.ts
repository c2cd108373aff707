/** One visitor under one model, brought to an instant. */
import type { Transition } from './award.ts'
import type { VisitorState } from './state.ts'

export interface Replay {
  readonly state: VisitorState
  readonly transitions: readonly Transition[]
}
