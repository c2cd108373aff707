/** The funnel from its counts: who entered each stage, how many moved on, how long it took, where they came from. */
import { QUALIFICATIONS, STAGES } from './answer.ts'
import type { FunnelReport, SourceRow, SourcesReport, VelocityReport } from './answer-reports.ts'
import { RANKS, REACHED } from './contribution.ts'
import { FUNNELS } from './event.ts'
import type { Model } from './model.ts'
import { type CountRow, lengthsOf, liftOf, MIN_PEOPLE, passageOf, rateOf, speedOf } from './report.ts'
import { funnelOf } from './stage.ts'

type Rows = readonly CountRow[]

const LAST: ReadonlySet<string> = new Set([STAGES.at(-1)!, FUNNELS.at(-1)!])
const FUNNEL_SOURCES = 50
const SOURCES = 200

export const funnelReport = (
  { steps, now, origins, moves }: { steps: Rows; now: Rows; origins: Rows; moves: Rows },
  model: Model,
): Omit<FunnelReport, 'period'> => {
  const present = (isWanted: (stage: string) => boolean) =>
    now.filter(({ of }) => isWanted(of)).reduce((sum, { n }) => sum + n, 0)
  const cohort = (of: string) => {
    const { people: entered, closed, moved } = passageOf(steps, of)
    // From the last one nobody can move on.
    return { entered, closed, moved, rate: LAST.has(of) ? null : rateOf(moved, closed) }
  }
  return {
    stages: STAGES.map((stage) => ({
      stage,
      funnel: funnelOf(stage, model),
      ...cohort(stage),
      now: present((of) => of === stage),
    })),
    funnels: FUNNELS.map((funnel) => ({
      funnel,
      ...cohort(funnel),
      now: present((of) => STAGES.some((stage) => stage === of && funnelOf(stage, model) === funnel)),
    })),
    sources: sourceRows(origins).slice(0, FUNNEL_SOURCES),
    models: movesByModel(moves),
  }
}

const movesByModel = (moves: Rows): FunnelReport['models'] => {
  const count = (version: number, what: string, to: string): number =>
    moves.filter(({ of, end }) => of === `${version} ${what}` && end === to).reduce((sum, { n }) => sum + n, 0)
  const versions = [...new Set(moves.map(({ of }) => Number(of.split(' ')[0])))].sort((a, b) => a - b)
  return versions.map((modelVersion) => ({
    modelVersion,
    stages: STAGES.map((to) => ({ to, count: count(modelVersion, 'stage', to) })),
    qualifications: QUALIFICATIONS.map((to) => ({ to, count: count(modelVersion, 'qualification', to) })),
  }))
}

/** Every source, the most visitors first. */
const sourceRows = (origins: Rows): readonly SourceRow[] =>
  [...Map.groupBy(origins, ({ of }) => of)]
    .map(([of, rows]): SourceRow => {
      const [medium = '', source = ''] = of.split('\t')
      const sum = (isWanted: (bits: number) => boolean) =>
        rows.filter(({ end }) => isWanted(Number(end))).reduce((total, { closed }) => total + closed, 0)
      const reached = REACHED.map((what, i) => [what, sum((bits) => (bits & (1 << i)) !== 0)] as const)
      return {
        medium,
        source: source || null,
        visitors: rows.reduce((total, { n }) => total + n, 0),
        closed: sum(() => true),
        reached: Object.fromEntries(reached) as SourceRow['reached'],
      }
    })
    .sort((a, b) => b.visitors - a.visitors || (`${a.medium} ${a.source}` < `${b.medium} ${b.source}` ? -1 : 1))

/** How many of those first seen in the period became an SQL within the window. */
export const sqlBase = (origins: Rows): SourcesReport['base'] => {
  const bit = 1 << REACHED.indexOf('sql')
  const closed = origins.reduce((sum, row) => sum + row.closed, 0)
  const sql = origins.filter(({ end }) => (Number(end) & bit) !== 0).reduce((sum, row) => sum + row.closed, 0)
  return { closed, sql, rate: rateOf(sql, closed) }
}

export const sourcesReport = (origins: Rows): Omit<SourcesReport, 'period'> => {
  const base = sqlBase(origins)
  const all = sourceRows(origins)
  return {
    minPeople: MIN_PEOPLE,
    base,
    items: all.slice(0, SOURCES).map((row) => {
      const isEnough = row.closed >= MIN_PEOPLE
      const rate = isEnough ? rateOf(row.reached.sql, row.closed) : null
      return { ...row, rate, lift: isEnough ? liftOf(row.reached.sql, row.closed, base.rate) : null }
    }),
    hidden: Math.max(0, all.length - SOURCES),
  }
}

interface VelocityRows {
  readonly steps: Rows
  readonly paces: Rows
  readonly ranks: Rows
  readonly origins: Rows
}

export const velocityReport = ({ steps, paces, ranks, origins }: VelocityRows): Omit<VelocityReport, 'period'> => {
  const speed = (of: string) => ({ closed: passageOf(steps, of).closed, ...speedOf(lengthsOf(paces, of)) })
  const { closed } = sqlBase(origins)
  return {
    stages: STAGES.map((stage) => ({ stage, ...speed(stage) })),
    funnels: FUNNELS.map((funnel) => ({ funnel, ...speed(funnel) })),
    qualifications: RANKS.map((qualification) => ({
      qualification,
      closed,
      ...speedOf(lengthsOf(ranks, qualification)),
    })),
  }
}
