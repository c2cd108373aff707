/** What was seen, and what was done, before people moved on: from counts of those who saw it, against the average. */
import type { ContentReport, SignalsReport } from './answer-reports.ts'
import { SIGHT_ENDS } from './contribution.ts'
import type { Model } from './model.ts'
import { type CountRow, type Group, groupOf, liftOf, MIN_PEOPLE, passageOf, rateOf } from './report.ts'
import { sqlBase } from './report-funnel.ts'
import { MOVABLE, type Movable, readSight, type Sight } from './seen.ts'
import { createSuggest } from './suggest-tag.ts'

type Rows = readonly CountRow[]

const UNTAGGED = 50

interface Seen extends Sight, Group {
  readonly stage: Movable
  /** Who had not seen it at a stage before. */
  readonly newcomers: number
}

const FIRST: ReadonlySet<string> = new Set(SIGHT_ENDS.first)

export const contentReport = (
  { sights, steps }: { sights: Rows; steps: Rows },
  model: Model,
): Omit<ContentReport, 'period'> => {
  const stages = MOVABLE.map((stage) => {
    const { closed: people, moved } = passageOf(steps, stage)
    return { stage, people, moved, rate: rateOf(moved, people) }
  })
  const averageOf = (stage: Movable) => stages[MOVABLE.indexOf(stage)]!
  const all = [...Map.groupBy(sights, ({ of }) => of)].map(([of, rows]): Seen => {
    const cut = of.indexOf('\t')
    const { people: newcomers } = groupOf(rows.filter(({ end }) => FIRST.has(end)))
    return { stage: of.slice(0, cut) as Movable, ...readSight(of.slice(cut + 1)), ...groupOf(rows), newcomers }
  })
  const shown = all.filter(({ closed }) => closed >= MIN_PEOPLE)
  const liftAt = ({ stage, moved, closed }: Omit<Seen, 'newcomers'>) => liftOf(moved, closed, averageOf(stage).rate)
  return {
    minPeople: MIN_PEOPLE,
    stages,
    items: shown
      .map(({ people: _, newcomers: __, closed, ...seen }) => ({
        ...seen,
        people: closed,
        share: rateOf(closed, averageOf(seen.stage).people),
        rate: rateOf(seen.moved, closed),
        lift: liftAt({ ...seen, people: closed, closed }),
      }))
      .sort(byLift),
    hidden: all.length - shown.length,
    untagged: untaggedOf(all, { model, liftAt }),
  }
}

/** Of the same lift, what more people saw comes first. */
const byLift = (a: Lifted, b: Lifted): number => (b.lift ?? 0) - (a.lift ?? 0) || b.people - a.people

interface Lifted {
  readonly lift: number | null
  readonly people: number
}

const untaggedOf = (
  all: readonly Seen[],
  { model, liftAt }: { model: Model; liftAt: (seen: Seen) => number | null },
): ContentReport['untagged'] => {
  const suggest = createSuggest(model)
  const pages = Map.groupBy(
    all.filter(({ tagged, kind }) => tagged === 'none' && kind === 'page'),
    ({ path }) => path,
  )
  return [...pages]
    .map(([path, seen]) => ({ path, seen, people: seen.reduce((sum, { newcomers }) => sum + newcomers, 0) }))
    .sort((a, b) => b.people - a.people || (a.path < b.path ? -1 : 1))
    .slice(0, UNTAGGED)
    .map(({ path, seen, people }) => {
      const telling = seen.filter(({ closed }) => closed >= MIN_PEOPLE).map(liftAt)
      const suggestion = suggest(path, Math.max(0, ...telling.map((lift) => lift ?? 0)))
      const content = [suggestion.funnel, suggestion.signal].filter(Boolean).join(' ')
      return { path, people, suggestion, line: `<meta name="leadlight" content="${content}">` }
    })
}

export const signalsReport = (
  { signals, origins }: { signals: Rows; origins: Rows },
  model: Model,
): Omit<SignalsReport, 'period'> => {
  const base = sqlBase(origins)
  const all = [...Map.groupBy(signals, ({ of }) => of)].map(([signal, rows]) => ({ signal, ...groupOf(rows) }))
  const shown = all.filter(({ closed }) => closed >= MIN_PEOPLE)
  return {
    minPeople: MIN_PEOPLE,
    base,
    items: shown
      .map(({ signal, people, closed, moved }) => ({
        signal,
        group: (Object.hasOwn(model.signals, signal) && model.signals[signal]!.group) || null,
        people,
        closed,
        sql: moved,
        rate: rateOf(moved, closed),
        lift: liftOf(moved, closed, base.rate),
      }))
      .sort(byLift),
    hidden: all.length - shown.length,
  }
}
