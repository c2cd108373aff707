/** The reports over a year, read from counts, against a scan of when everybody first entered each stage. */
import { createReports } from '../collector/reports.ts'
import { createAggregates } from '../collector/store/sqlite-aggregates.ts'
import { createSqliteViews } from '../collector/store/sqlite-views.ts'
import { type Counted, contributionOf } from '../shared/contribution.ts'
import { DEFAULT_MODEL } from '../shared/default-model.ts'
import type { VisitorEvent } from '../shared/event.ts'
import type { VisitorState } from '../shared/state.ts'
import { createFold } from '../shared/visitor.ts'
import { type Filled, fillDatabase } from './database.ts'
import { createDie, happenings } from './history.ts'
import { type Figure, inMs, median, type Sizes, time } from './measure.ts'

const DAY = 86_400_000
/** Visitors that are made up; the others are like them, on another day of the year and on pages of their own. */
const KINDS = 2000
const YEAR = 365
const PAGES = 40
const ROUNDS = 3
const SCAN = `
  SELECT date(json_extract(state, '$.entered.awareness') / 1000, 'unixepoch') AS day,
    count(json_extract(state, '$.entered.awareness')), count(json_extract(state, '$.entered.interest')),
    count(json_extract(state, '$.entered.evaluation')), count(json_extract(state, '$.entered.intent')),
    count(json_extract(state, '$.entered.conversion')), count(json_extract(state, '$.entered.relationship'))
  FROM visitor WHERE root IS NULL GROUP BY day`

export const benchReports = async ({ visitors }: Sizes): Promise<readonly Figure[]> => {
  const filled = await fillDatabase({ visitors, events: 1 })
  const rows = live(filled, visitors)
  const first = Math.floor(Date.UTC(2026, 0, 5) / DAY)
  const edition = { model: DEFAULT_MODEL, version: 1 } as never
  const now = (): number => (first + YEAR + 100) * DAY
  const reports = createReports({ views: createSqliteViews(filled.reader), editions: { current: () => edition }, now })
  const scan = filled.reader.prepare(SCAN)
  const names = ['funnel', 'velocity', 'content', 'sources', 'signals'] as const
  const figures: Figure[] = []
  for (const name of names) {
    const spent: { ours: number; bare: number }[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const bare = time(() => scan.all())
      const start = process.cpuUsage()
      await reports[name]({ from: first, to: first + YEAR })
      const { user, system } = process.cpuUsage(start)
      spent.push({ bare, ours: (user + system) / 1000 })
    }
    const [ours, bare] = [median(spent.map((each) => each.ours)), median(spent.map((each) => each.bare))]
    const what = `${name}, a year of ${visitors} visitors, ${rows} counts`
    const ratio = `1/${Math.round(bare / ours)}`
    figures.push({ what, value: inMs(ours), baseline: inMs(bare), ratio, note: 'baseline: a scan of all visitors' })
  }
  filled.remove()
  return figures
}

/** Gives everybody a life; answers how many counts that makes. */
const live = ({ db }: Filled, visitors: number): number => {
  const kinds = statesOf().map((state) => ({ state, counted: contributionOf(state, DEFAULT_MODEL) }))
  const aggregates = createAggregates(db)
  const die = createDie(3)
  const save = db.prepare('UPDATE visitor SET state = ? WHERE n = ?')
  db.transaction(() => {
    for (let n = 1; n <= visitors; n += 1) {
      const { state, counted } = kinds[n % kinds.length]!
      const days = Math.floor(die() * YEAR)
      save.run(JSON.stringify({ entered: later(state.entered, days * DAY) }), n)
      aggregates.change(
        'default',
        [],
        counted.map((each) => moved(each, days, Math.floor(die() * PAGES))),
      )
    }
    aggregates.flush()
  })()
  db.pragma('wal_checkpoint(TRUNCATE)')
  return db.prepare('SELECT count(*) FROM aggregate').pluck().get() as number
}

const statesOf = (): readonly VisitorState[] => {
  const fold = createFold(DEFAULT_MODEL)
  const people: VisitorEvent[][] = Array.from({ length: KINDS }, () => [])
  for (const { visitor, event } of happenings(KINDS, KINDS * 10)) people[visitor]!.push(event)
  return people.flatMap((events) => {
    let state: VisitorState | undefined
    for (const event of events) state = fold.fold(state, event, { transitions: [] })
    return state ?? []
  })
}

const later = (times: VisitorState['entered'], by: number) =>
  Object.fromEntries(Object.entries(times).map(([stage, at]) => [stage, at - 90 * DAY + by]))

const moved = (counted: Counted, days: number, page: number): Counted => ({
  ...counted,
  day: counted.kind === 'now' ? 0 : counted.day - 90 + days,
  of: counted.kind === 'sight' ? `${counted.of}/${page}` : counted.of,
})
