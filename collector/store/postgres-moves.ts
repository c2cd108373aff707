/** What a change of model does to visitors, as transitions, on PostgreSQL. */
import type { Queries, Transaction } from './postgres.ts'
import { BLOCK } from './postgres-schema.ts'
import { shardOf } from './postgres-shard.ts'

/** Where somebody stands under either model. */
export interface Move {
  readonly n: number
  readonly stage: string
  readonly qualification: string
  readonly toStage: string
  readonly toQualification: string
  readonly score: number
}

/** People whose transitions fit a block of places: two each. */
const AT_ONCE = Math.floor(BLOCK / 2)

export const clearMoves = async (sql: Queries): Promise<void> => {
  await sql`DELETE FROM model_move`
}

/** Of these people, those who differ; none of the others does any more. */
export const noteMoves = async (
  tx: Queries,
  { numbers, moves }: { readonly numbers: readonly number[]; readonly moves: readonly Move[] },
): Promise<void> => {
  await tx`
    DELETE FROM model_move WHERE shard = ANY(${numbers.map(shardOf)}::smallint[])
      AND visitor = ANY(${[...numbers]}::bigint[])`
  const all = <Key extends keyof Move>(key: Key) => moves.map((move) => move[key])
  await tx`
    INSERT INTO model_move (shard, visitor, stage, qualification, to_stage, to_qualification, score)
    SELECT * FROM unnest(${moves.map(({ n }) => shardOf(n))}::smallint[], ${all('n')}::bigint[],
      ${all('stage')}::text[], ${all('qualification')}::text[], ${all('toStage')}::text[],
      ${all('toQualification')}::text[], ${all('score')}::double precision[])`
}

/** One transition for what changed of each visitor: where the models differ, not the way there. */
export const recordMoves = async (
  tx: Transaction,
  { version, at }: { readonly version: number; readonly at: number },
): Promise<void> => {
  for (let after = { shard: -1, visitor: 0 }; ; ) {
    const [page] = await tx<{ shard: number; visitor: number; block: number }[]>`
      SELECT shard, visitor, nextval('block') AS block FROM (
        SELECT shard, visitor, row_number() OVER (ORDER BY shard, visitor) AS i FROM (
          SELECT shard, visitor FROM model_move WHERE (shard, visitor) > (${after.shard}, ${after.visitor})
          ORDER BY shard, visitor LIMIT ${AT_ONCE}
        ) AS page
      ) AS numbered ORDER BY i DESC LIMIT 1`
    if (!page) return
    await recordPage(tx, { version, at, after, page })
    after = page
  }
}

interface Page {
  readonly version: number
  readonly at: number
  readonly after: { readonly shard: number; readonly visitor: number }
  /** The last of them, and the block of places for all. */
  readonly page: { readonly shard: number; readonly visitor: number; readonly block: number }
}

const recordPage = async (tx: Transaction, { version, at, after, page }: Page): Promise<void> => {
  await tx`
    WITH moved AS (
      SELECT m.shard, m.visitor, m.score, k.* FROM model_move m, LATERAL (VALUES
        (0, 'stage', m.stage, m.to_stage), (1, 'qualification', m.qualification, m.to_qualification)
      ) AS k (i, what, source, target)
      WHERE (m.shard, m.visitor) > (${after.shard}, ${after.visitor})
        AND (m.shard, m.visitor) <= (${page.shard}, ${page.visitor}) AND k.source <> k.target
    ), placed AS (
      SELECT *, ${page.block * BLOCK - 1} + row_number() OVER (ORDER BY visitor, i) AS seq FROM moved
    ), recorded AS (
      INSERT INTO transition (shard, visitor, seq, at, what, source, target, rule, event, score, model, cause)
      SELECT shard, visitor, seq, ${at}, what, source, target, ${`model ${version}`}, NULL, score, ${version}, 'model'
      FROM placed
    )
    UPDATE visitor v SET changed = p.seq FROM (SELECT shard, visitor, max(seq) AS seq FROM placed GROUP BY 1, 2) p
    WHERE v.shard = p.shard AND v.n = p.visitor AND v.version = ${version}`
}
