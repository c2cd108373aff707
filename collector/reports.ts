/** The reports: which counts each is made of, and the days it is about. */
import type {
  ContentReport,
  FunnelReport,
  SignalsReport,
  SourcesReport,
  VelocityReport,
} from '../shared/answer-reports.ts'
import type { CountKind } from '../shared/contribution.ts'
import { type CountRow, closedBefore, type Days, periodOf } from '../shared/report.ts'
import { contentReport, signalsReport } from '../shared/report-content.ts'
import { funnelReport, sourcesReport, velocityReport } from '../shared/report-funnel.ts'
import type { Editions } from './editions.ts'
import type { Views } from './store/store.ts'

export interface ReportQuery {
  /** Days since 1970, UTC: the first, and the first one after. */
  readonly from: number
  readonly to: number
  readonly site?: string | undefined
}

type Report<Answer> = (query: ReportQuery) => Promise<Answer>

export interface Reports {
  readonly funnel: Report<FunnelReport>
  readonly velocity: Report<VelocityReport>
  readonly content: Report<ContentReport>
  readonly sources: Report<SourcesReport>
  readonly signals: Report<SignalsReport>
}

export interface ReportsOptions {
  readonly views: Pick<Views, 'aggregates'>
  readonly editions: Pick<Editions, 'current'>
  readonly now: () => number
}

/** Where people stand at present belongs to no day. */
const PRESENT: Days = { from: 0, to: 1, closed: 0 }

export const createReports = ({ views, editions, now }: ReportsOptions): Reports => {
  const asked = ({ from, to, site }: ReportQuery) => {
    const days: Days = { from, to, closed: closedBefore(now()) }
    const { model, version } = editions.current()
    const rowsOf = (kind: CountKind, within: Days = days): Promise<readonly CountRow[]> =>
      views.aggregates({ kind, site, ...within })
    return { rowsOf, model, period: periodOf(days, { site, modelVersion: version }) }
  }

  return {
    funnel: async (query) => {
      const { rowsOf, model, period } = asked(query)
      const [steps, origins, moves] = await Promise.all([rowsOf('step'), rowsOf('origin'), rowsOf('move')])
      return { period, ...funnelReport({ steps, origins, moves, now: await rowsOf('now', PRESENT) }, model) }
    },
    velocity: async (query) => {
      const { rowsOf, period } = asked(query)
      const [steps, paces] = await Promise.all([rowsOf('step'), rowsOf('pace')])
      const [ranks, origins] = await Promise.all([rowsOf('rank'), rowsOf('origin')])
      return { period, ...velocityReport({ steps, paces, ranks, origins }) }
    },
    content: async (query) => {
      const { rowsOf, model, period } = asked(query)
      const [sights, steps] = await Promise.all([rowsOf('sight'), rowsOf('step')])
      return { period, ...contentReport({ sights, steps }, model) }
    },
    sources: async (query) => {
      const { rowsOf, period } = asked(query)
      return { period, ...sourcesReport(await rowsOf('origin')) }
    },
    signals: async (query) => {
      const { rowsOf, model, period } = asked(query)
      const [signals, origins] = await Promise.all([rowsOf('signal'), rowsOf('origin')])
      return { period, ...signalsReport({ signals, origins }, model) }
    },
  }
}
