/** How people go from stage to stage in some days, and where they are lost. */
import type { FunnelReport, VelocityReport } from '../../../shared/answer-reports.ts'
import { count } from '../figures.ts'
import { ComparisonPicker } from '../parts/comparison.tsx'
import { FunnelPicture } from '../parts/funnel-picture.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { ReportHead } from '../parts/report-head.tsx'
import { SourcesTable } from '../parts/sources-table.tsx'
import { Unfilled } from '../parts/unfilled.tsx'
import { VersionsTable } from '../parts/versions-table.tsx'
import { place } from '../router.ts'
import { useAnswer } from '../state/answer.ts'
import { type Asked, againstIn, sidesOf } from '../state/comparison.ts'
import { reportPath, scopeOf } from '../state/scope.ts'
import { t } from '../strings/language.ts'

const pathOf = (name: string, asked: Asked | undefined): string =>
  asked ? reportPath(name, asked.days, asked.site) : ''

/** A side's two reports, where they are there. */
const useSide = (asked: Asked | undefined) => {
  const [funnel, again] = useAnswer<FunnelReport>(pathOf('funnel', asked))
  const [velocity] = useAnswer<VelocityReport>(pathOf('velocity', asked))
  return { funnel, again, velocity: velocity.phase === 'ready' ? velocity.value : undefined }
}

const Window = ({ report: { period, stages } }: { report: FunnelReport }) => (
  <p class="soft">
    {t.report.window(period.windowDays)}{' '}
    {stages.every(({ closed }) => closed === 0) ? t.report.noneClosed(period.windowDays) : ''}
  </p>
)

export const FunnelView = () => {
  const { query } = place.value
  const [own, against] = sidesOf(scopeOf(query), againstIn(query), Date.now())
  const side = useSide(own)
  const other = useSide(against)
  const held =
    against && other.funnel.phase === 'ready' ? { funnel: other.funnel.value, velocity: other.velocity } : undefined
  return (
    <div class="report">
      <ReportHead title={t.nav.funnel} lead={t.report.funnelLead}>
        <ComparisonPicker />
      </ReportHead>
      <Loaded asked={side.funnel} again={side.again}>
        {(report) =>
          report.stages.every(({ entered, now }) => entered + now === 0) ? (
            <Unfilled text={t.report.nobody(count(0))} />
          ) : (
            <>
              <FunnelPicture side={{ funnel: report, velocity: side.velocity }} other={held} site={own.site} />
              <Window report={report} />
              {report.sources.length > 0 && <SourcesTable sources={report.sources} />}
              {report.models.length > 0 && <VersionsTable models={report.models} />}
            </>
          )
        }
      </Loaded>
    </div>
  )
}
