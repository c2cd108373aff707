/** What a change of model does to visitors, as transitions. */
import type { Db } from './sqlite.ts'
import { HEAD } from './sqlite-log-sql.ts'

/** One transition for what changed of each visitor: where the models differ, not the way there. */
export const recordMoves = (db: Db, { version, at }: { version: number; at: number }): void => {
  const insert = db.prepare(
    `INSERT INTO transition (seq, visitor, at, what, source, target, rule, event, score, model, cause)
     VALUES (@seq, @n, @at, @what, @source, @target, @rule, NULL, @score, @version, 'model')`,
  )
  const mark = db.prepare('UPDATE visitor_next SET changed = ? WHERE n = ?')
  const moves = db.prepare('SELECT * FROM temp.rebuild_move WHERE n > ? ORDER BY n LIMIT 1000')
  let seq = db.prepare(HEAD).pluck().get() as number
  const record = (n: number, fields: { what: string; source: string; target: string; score: number }): void => {
    if (fields.source === fields.target) return
    seq += 1
    insert.run({ seq, n, at, rule: `model ${version}`, version, ...fields })
    mark.run(seq, n)
  }
  for (let page = moves.all(0) as Move[]; page.length > 0; page = moves.all(page.at(-1)!.n) as Move[])
    for (const { n, score, ...move } of page) {
      record(n, { what: 'stage', source: move.stage, target: move.to_stage, score })
      record(n, { what: 'qualification', source: move.qualification, target: move.to_qualification, score })
    }
}

interface Move {
  readonly n: number
  readonly stage: string
  readonly qualification: string
  readonly to_stage: string
  readonly to_qualification: string
  readonly score: number
}
