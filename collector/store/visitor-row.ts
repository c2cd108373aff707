/** What is written of a visitor, whatever the store: the state, and what it is found by. */
import type { Profile } from '../../shared/append.ts'
import { type Counted, PARTS } from '../../shared/contribution.ts'
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

/** A contribution, part by part, each with what shows that it is still that of the state it was made from. */
export interface Tally {
  readonly state: VisitorState
  readonly parts: readonly { readonly counted: readonly Counted[]; readonly print: string }[]
}

export const tallyOf = (state: VisitorState, model: Model): Tally => ({
  state,
  parts: PARTS.map(({ countedOf, printOf }) => ({ counted: countedOf(state, model), print: printOf(state) })),
})

export interface Recounting {
  readonly model: Model
  /** Called with the counts that are no longer, and those that are in their place. */
  readonly change: (before: readonly Counted[], after: readonly Counted[]) => void
}

/** Counts a state in place of what was counted; undefined for nobody. */
export const recount = (
  tally: Tally | undefined,
  state: VisitorState | undefined,
  { model, change }: Recounting,
): Tally | undefined => {
  const isSame = tally?.state === state
  const parts = PARTS.map(({ countedOf, printOf }, i) => {
    const before = tally?.parts[i]
    const print = state ? printOf(state) : ''
    if (before && isSame && before.print === print) return before
    const counted = state ? countedOf(state, model) : []
    change(before?.counted ?? [], counted)
    return { counted, print }
  })
  return state && { state, parts }
}

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
