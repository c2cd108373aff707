/** What the dashboard asks of many visitors, against one row by its primary key. */

import { createWrittenTerms } from '../collector/store/sqlite-terms.ts'
import { createSqliteViews } from '../collector/store/sqlite-views.ts'
import { storedState } from '../collector/store/stored.ts'
import { DEFAULT_MODEL } from '../shared/default-model.ts'
import type { VisitorEvent } from '../shared/event.ts'
import { heatKey, keyOf } from '../shared/score.ts'
import type { VisitorState } from '../shared/state.ts'
import { createFold } from '../shared/visitor.ts'
import { type Filled, fillDatabase } from './database.ts'
import { createDie, happenings } from './history.ts'
import { type Figure, inMs, inTurn, type Sizes } from './measure.ts'

/** Visitors that are made up; the others are like them, at another time. */
const KINDS = 2000
const TIMES = 200

export const benchReads = async ({ visitors }: Sizes): Promise<readonly Figure[]> => {
  const filled = await fillDatabase({ visitors, events: 1 })
  giveStates(filled, visitors)
  const { reader } = filled
  const views = createSqliteViews(reader)
  const now = Date.UTC(2026, 3, 5)
  const die = createDie(7)
  const byKey = reader.prepare('SELECT state FROM visitor WHERE n = ?')
  const above = reader.prepare('SELECT count(*) FROM visitor WHERE root IS NULL AND heat >= ?').pluck()
  const someone = (): number => 1 + Math.floor(die() * visitors)
  const bare = (): unknown => byKey.get(someone())
  const count = above.get(keyOf(50, now, DEFAULT_MODEL)) as number
  const hottest = reader.prepare(
    'SELECT id, state FROM visitor WHERE root IS NULL AND heat IS NOT NULL ORDER BY heat DESC, id LIMIT 100',
  )
  const rows: readonly (readonly [string, () => unknown])[] = [
    ['hottest 100, the rows', () => hottest.all()],
    ['hottest 100, read into states', () => views.visitors({ sort: 'score', limit: 100 })],
    ['one visitor', () => views.visitor(String(someone()).padStart(32, '0'))],
    [`count of score ≥ 50 (${count})`, () => above.get(keyOf(50, now, DEFAULT_MODEL))],
  ]
  const figures = rows.map(([what, run]) => figureOf(`${what} of ${visitors} visitors`, run, bare))
  filled.remove()
  return figures
}

const figureOf = (what: string, run: () => unknown, bare: () => unknown): Figure => {
  const many = (work: () => unknown) => (): void => {
    for (let i = 0; i < TIMES; i += 1) work()
  }
  const measured = inTurn(many(run), many(bare))
  const [ours, base] = [measured.ours / TIMES, measured.bare / TIMES]
  return {
    what,
    value: inMs(ours),
    baseline: inMs(base),
    ratio: (ours / base).toFixed(1),
    note: 'baseline: SELECT by primary key',
  }
}

/** Of visitors who are made up, with their place in the list. */
export const statesOfKinds = (): readonly { readonly state: VisitorState; readonly key: number | null }[] => {
  const fold = createFold(DEFAULT_MODEL)
  const people: VisitorEvent[][] = Array.from({ length: KINDS }, () => [])
  for (const { visitor, event } of happenings(KINDS, KINDS * 10)) people[visitor]!.push(event)
  return people.flatMap((events) => {
    let state: VisitorState | undefined
    for (const event of events) state = fold.fold(state, event, { transitions: [] })
    const key = state && (heatKey(state.heat, DEFAULT_MODEL) ?? null)
    return state && key !== undefined ? [{ key, state }] : []
  })
}

export const giveStates = ({ db }: Filled, visitors: number): void => {
  const terms = createWrittenTerms(db)
  const states = statesOfKinds().map((each, n) => ({ ...each, row: storedState(each.state, terms.for(n)) }))
  const die = createDie(3)
  const save = db.prepare(
    'UPDATE visitor SET state = ?, heat = ?, stage = ?, last_seen = ?, stage_since = ?, changed = n WHERE n = ?',
  )
  db.transaction(() => {
    for (let n = 1; n <= visitors; n += 1) {
      const { row, key, state } = states[n % states.length]!
      save.run(row, key === null ? null : key - die() * 3, state.stage, state.lastSeen, state.stageSince, n)
    }
  })()
  db.pragma('wal_checkpoint(TRUNCATE)')
}
