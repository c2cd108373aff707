/**
 * Builds every visitor anew under another version of the model, in a table beside the one that is read; then the two
 * change places in one transaction. A crash before that leaves nothing but a table to be dropped.
 */
import { replayed } from '../../shared/append.ts'
import { contributionOf } from '../../shared/contribution.ts'
import { scoreAt } from '../../shared/score.ts'
import { createStride, eventsOf, type PersonHistory } from './history.ts'
import type { Db } from './sqlite.ts'
import { createAggregates } from './sqlite-aggregates.ts'
import { createHistory } from './sqlite-history.ts'
import { markPublished } from './sqlite-models.ts'
import { recordMoves } from './sqlite-moves.ts'
import { changePlaces, clearRebuild, createNextTable, watchChanges } from './sqlite-next-table.ts'
import { SAVE_PROFILE } from './sqlite-row.ts'
import { createKnownTerms } from './sqlite-terms.ts'
import type { Approval, Scoring } from './store.ts'
import { stateIn } from './stored.ts'
import { rowOf } from './visitor-row.ts'

/** Events folded between two chances for others to write. */
const SLICE = 1000
/** How often it is tried to leave the switch no more than a fifth of a slice of changed visitors. */
const ROUNDS = 20

export interface RebuildOptions {
  readonly scoring: Scoring
  readonly now: () => number
  /** Events in a slice, about. */
  readonly slice?: number
}

export interface RebuildProgress {
  readonly done: number
  readonly total: number
  /** What is left is little enough for the switch. */
  readonly isReady: boolean
}

export interface Rebuild {
  /** Rebuilds a slice in a transaction of its own. */
  readonly step: () => RebuildProgress
  /** Rebuilds what changed meanwhile and makes the switch, in one transaction. */
  readonly finish: (approval: Approval) => void
  readonly abandon: () => void
}

export const beginRebuild = (db: Db, { scoring, now, slice = SLICE }: RebuildOptions): Rebuild => {
  clearRebuild(db)
  createNextTable(db)
  watchChanges(db)
  const sql = statements(db)
  const aggregates = createAggregates(db, 'aggregate_next')
  const history = createHistory(db)
  const terms = createKnownTerms(db)
  const stride = createStride(slice)
  const few = Math.floor(slice / 5)
  const last = history.last()
  let reached = 0
  let rounds = 0

  const place = ({ events, stage, qualification, ...person }: PersonHistory): void => {
    const fold = scoring.foldOf(person.site)
    const effects = { transitions: [] }
    const state = replayed(fold, events, effects)
    if (state) fold.advance(state, now(), effects)
    if (state) aggregates.change(person.site, [], contributionOf(state, scoring.model))
    const writing = { model: scoring.model, fold, changed: person.changed, terms }
    sql.insert.run(rowOf({ ...person, state }, writing))
    if (!state || (state.stage === stage && state.qualification === qualification)) return
    const score = scoreAt(state.heat, now(), scoring.model)
    const to = { toStage: state.stage, toQualification: state.qualification }
    sql.move.run({ n: person.n, stage, qualification, score, ...to })
  }

  /** Brings the numbers in (`after`, `upTo`] up to date beside; answers how many events that took. */
  const rebuild = (after: number, upTo: number): number => {
    for (const { site, state } of sql.placed.all({ after, upTo }) as PlacedRow[])
      aggregates.change(site, contributionOf(stateIn(state, terms), scoring.model), [])
    for (const statement of [sql.unmark, sql.remove, sql.unmove, sql.copy]) statement.run({ after, upTo })
    const people = history.between({ after, upTo })
    for (const person of people) place(person)
    return eventsOf(people)
  }

  const catchUp = (most: number): void => {
    for (const n of sql.changed.all(most) as number[]) rebuild(n - 1, n)
  }

  const step = (): void => {
    if (reached >= last) {
      rounds += 1
      return catchUp(Math.max(1, few))
    }
    const upTo = Math.min(last, reached + stride.width())
    stride.learn(rebuild(reached, upTo))
    reached = upTo
  }

  const finish = ({ approver, reason }: Approval): void => {
    catchUp(-1)
    recordMoves(db, { version: scoring.version, at: now() })
    aggregates.flush()
    changePlaces(db)
    markPublished(db, scoring.version, { approver, reason, at: now() })
  }

  return {
    step: () => {
      db.transaction(() => {
        step()
        aggregates.flush()
      }).immediate()
      const isReady = reached >= last && ((sql.changedCount.get() as number) <= few || rounds > ROUNDS)
      return { done: reached, total: last, isReady }
    },
    finish: (approval) => db.transaction(finish).immediate(approval),
    abandon: () => clearRebuild(db),
  }
}

interface PlacedRow {
  readonly site: string
  readonly state: Buffer
}

const statements = (db: Db) => {
  const range = 'n > @after AND n <= @upTo'
  // What `SAVE_PROFILE` sets comes from the rebuilt state, everything else as it is.
  const derived = new Map([...SAVE_PROFILE.matchAll(/(\w+) = (@\w+)/g)].map(([, column, value]) => [column!, value!]))
  const columns = (db.pragma('table_info(visitor)') as { name: string }[]).map(({ name }) => name)
  const values = columns.map((column) => derived.get(column) ?? column).join(', ')
  return {
    placed: db.prepare(
      `SELECT s.name AS site, v.state FROM visitor_next v JOIN site s ON s.n = v.site
       WHERE v.n > @after AND v.n <= @upTo AND v.root IS NULL AND v.state IS NOT NULL`,
    ),
    unmark: db.prepare(`DELETE FROM temp.rebuild_changed WHERE ${range}`),
    unmove: db.prepare(`DELETE FROM temp.rebuild_move WHERE ${range}`),
    remove: db.prepare(`DELETE FROM visitor_next WHERE ${range}`),
    copy: db.prepare(
      `INSERT INTO visitor_next SELECT * FROM visitor WHERE ${range} AND (root IS NOT NULL OR state IS NULL)`,
    ),
    insert: db.prepare(`INSERT INTO visitor_next SELECT ${values} FROM visitor WHERE n = @n`),
    move: db.prepare(
      'INSERT INTO temp.rebuild_move VALUES (@n, @stage, @qualification, @toStage, @toQualification, @score)',
    ),
    changed: db.prepare('SELECT n FROM temp.rebuild_changed LIMIT ?').pluck(),
    changedCount: db.prepare('SELECT count(*) FROM temp.rebuild_changed').pluck(),
  }
}
