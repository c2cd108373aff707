/** Takes what a person was counted as out of the counts on PostgreSQL, under every version of the model that has any. */
import { contributionOf, moveOf } from '../../shared/contribution.ts'
import type { VisitorState } from '../../shared/state.ts'
import { storedOf } from './model-row.ts'
import type { Queries } from './postgres.ts'
import { ofPerson, type Person } from './postgres-person.ts'
import { shardOf } from './postgres-shard.ts'
import { createTally, type Tally } from './postgres-tally.ts'
import type { Scoring } from './store.ts'
import { stateIn } from './stored.ts'

export interface Recounting {
  /** What stands in their place, if anything does. */
  readonly next?: VisitorState | undefined
  /** Whether their transitions are no longer counted either. */
  readonly forgetsMoves: boolean
  readonly scoring: Scoring
  readonly lane: number
}

/** Within the transaction of a caller who has locked the person, and before their rows are deleted. */
export const recount = async (tx: Queries, person: Person, recounting: Recounting): Promise<void> => {
  const { next, forgetsMoves, scoring, lane } = recounting
  const tally = createTally()
  const [site] = await tx<{ n: number }[]>`SELECT n FROM site WHERE name = ${person.site}`
  const { n } = site!
  for (const { version, state } of await countedRows(tx, person, scoring.version)) {
    const model = version === scoring.version ? scoring.model : await modelOf(tx, version)
    tally.add({ version, site: n }, contributionOf(stateIn(state), model), -1)
  }
  if (next) tally.add({ version: scoring.version, site: n }, contributionOf(next, scoring.model), 1)
  if (forgetsMoves) await forgetMoves(tx, { person, tally, site: n })
  await tally.settle(tx, lane, n)
}

/**
 * Under the published version whoever is part of another is counted there. Under one that is being built, those are
 * counted that have `stage_since`: only the builder sets and clears that. Of one that is retired nothing is counted.
 */
const countedRows = (tx: Queries, { numbers }: Person, published: number) =>
  tx<{ version: number; state: Buffer }[]>`
    SELECT v.version, v.state FROM visitor v
    WHERE v.shard = ANY(${numbers.map(shardOf)}::smallint[]) AND v.n = ANY(${[...numbers]}::bigint[])
      AND v.state IS NOT NULL AND CASE WHEN v.version = ${published} THEN v.root IS NULL
        ELSE v.stage_since IS NOT NULL AND EXISTS (SELECT 1 FROM aggregate a WHERE a.version = v.version) END`

const modelOf = async (tx: Queries, version: number) => {
  const [row] = await tx<Parameters<typeof storedOf>[0][]>`SELECT *, '' AS name FROM model WHERE version = ${version}`
  return storedOf(row!).model
}

/** What another model brought about is not counted as a move. */
const forgetMoves = async (
  tx: Queries,
  { person, tally, site }: { readonly person: Person; readonly tally: Tally; readonly site: number },
): Promise<void> => {
  const moves = await tx<Move[]>`
    SELECT what, target AS "to", at, model FROM transition
    WHERE ${ofPerson(tx, 'transition', person)} AND cause = 'live'`
  for (const { model, ...move } of moves) tally.add({ version: model, site }, moveOf(move, model), -1)
}

interface Move {
  readonly what: 'stage' | 'qualification' | 'flag'
  readonly to: string
  readonly at: number
  readonly model: number
}
