/** What is written of a visitor, whatever the store: the state, and what it is found by. */
import type { Profile } from '../../shared/append.ts'
import { type Counted, contributionOf, printOf } from '../../shared/contribution.ts'
import type { Model } from '../../shared/model.ts'
import { heatKey, warmthKey } from '../../shared/score.ts'
import type { VisitorState } from '../../shared/state.ts'
import type { Fold } from '../../shared/visitor.ts'
import type { Terms } from './compact.ts'
import { storedState } from './stored.ts'

/** A profile with the number of its row. */
export interface Row extends Profile {
  readonly n: number
  /** What the aggregates hold of it at present; undefined for nothing. */
  tally?: Tally | undefined
}

/** A contribution, and what shows that it is still that of the state it was made from. */
export interface Tally {
  readonly counted: readonly Counted[]
  readonly state: VisitorState
  readonly print: string
}

export const tallyOf = (state: VisitorState, model: Model): Tally => ({
  counted: contributionOf(state, model),
  state,
  print: printOf(state),
})

export const isUpToDate = (tally: Tally | undefined, state: VisitorState | undefined): boolean =>
  tally === undefined ? state === undefined : tally.state === state && tally.print === printOf(state)

export interface Writing {
  readonly model: Model
  readonly fold: Fold
  readonly changed: number
  /** None where the store keeps none. */
  readonly terms?: Terms
}

/** What is written of a profile. */
export const rowOf = (profile: Row, { model, fold, changed, terms }: Writing) => {
  const { state, n, user = null, email = null } = profile
  if (!state) return { ...EMPTY, n, user, email, changed }
  const { traits } = state
  const account = fold.accountOf(state)
  return {
    n,
    user,
    email,
    changed,
    state: storedState(state, terms),
    heat: heatKey(state.heat, model) ?? null,
    stage: state.stage,
    qualification: state.qualification,
    grade: fold.fitOf(state).grade,
    account: account ?? null,
    warmth: account === undefined ? null : (warmthKey(state.heat, model) ?? null),
    label: [traits.email, traits.name, traits.company, user]
      .filter((part) => typeof part === 'string')
      .join(' ')
      .toLowerCase(),
    lastSeen: state.seenAt ?? state.lastSeen,
    stageSince: state.stageSince,
    due: fold.dueAt(state) ?? null,
  }
}

const EMPTY = {
  state: null,
  heat: null,
  stage: null,
  qualification: null,
  grade: null,
  account: null,
  warmth: null,
  label: '',
  lastSeen: null,
  stageSince: null,
  due: null,
}

export type Written = ReturnType<typeof rowOf>
