/** Takes what a person was counted as out of the counts that reports are read from, and puts in what stands in their place. */
import { contributionOf, moveOf } from '../../shared/contribution.ts'
import type { Model } from '../../shared/model.ts'
import type { VisitorState } from '../../shared/state.ts'
import type { Db } from './sqlite.ts'
import { createAggregates } from './sqlite-aggregates.ts'
import { IN_PERSON, type Person } from './sqlite-person.ts'
import { createTerms } from './sqlite-terms.ts'
import { stateIn } from './stored.ts'

export interface Recounting {
  /** What stands in their place, if anything does. */
  readonly next?: VisitorState | undefined
  /** Whether their transitions are no longer counted either. */
  readonly forgetsMoves: boolean
  readonly model: Model
}

/** Within the caller's transaction, and before the person's rows are deleted. */
export type Recount = (person: Person, recounting: Recounting) => void

export const createRecount = (db: Db): Recount => {
  const aggregates = createAggregates(db)
  const terms = createTerms(db)
  // Whoever is part of another is counted there. What another model changed was never counted as a move.
  const state = db.prepare('SELECT state FROM visitor WHERE id = ? AND root IS NULL AND state IS NOT NULL').pluck()
  const moves = db.prepare(
    `SELECT what, target AS "to", at, model FROM transition WHERE visitor ${IN_PERSON} AND cause = 'live'`,
  )

  return ({ parts, site, numbers }, { next, forgetsMoves, model }) => {
    const stored = state.get(parts[0]!.id) as Buffer | undefined
    const before = stored === undefined ? [] : contributionOf(stateIn(stored, terms), model)
    const moved = forgetsMoves ? (moves.all({ numbers }) as Move[]) : []
    const after = next ? contributionOf(next, model) : []
    aggregates.change(site, [...before, ...moved.flatMap((move) => moveOf(move, move.model))], after)
    aggregates.flush()
  }
}

interface Move {
  readonly what: 'stage' | 'qualification' | 'flag'
  readonly to: string
  readonly at: number
  readonly model: number
}
