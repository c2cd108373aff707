/** How people go from stage to stage in some days, and where they are lost. */
import type { FunnelReport, VelocityReport } from '../../../shared/answer-reports.ts'
import { count } from '../figures.ts'
import { ComparisonPicker } from '../parts/comparison.tsx'
import { FunnelPicture } from '../parts/funnel-picture.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { ReportHead } from '../parts/report-head.tsx'
import { SourcesTable } from '../parts/sources-table.tsx'
import { TwoVersions } from '../parts/two-versions.tsx'
import { Unfilled } from '../parts/unfilled.tsx'
import { VersionsTable } from '../parts/versions-table.tsx'
import { href, place } from '../router.ts'
import { useAnswer } from '../state/answer.ts'
import { type Asked, againstIn, sidesOf, versionIn } from '../state/comparison.ts'
import type { Versions } from '../state/models.ts'
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

/** The version that stands first: as the address says, else the active one, or where that is the other, the one before. */
const ownVersion = ({ active, items }: Versions, other: number): number => {
  const wanted = Number(place.value.query.get('version'))
  const choices = items.filter(({ version, state }) => version !== other && state !== 'draft')
  const known = [wanted, active].find((version) => choices.some((each) => each.version === version))
  return known ?? choices[0]?.version ?? active
}

const chooseVersion = (own: number): void => {
  const { path, query } = place.value
  location.hash = href(path, [...[...query].filter(([name]) => name !== 'version'), ['version', String(own)]])
}

/** What each version recorded; two of them at length, where they are compared. */
const Versioned = ({ report, versions }: { report: FunnelReport; versions: Versions | undefined }) => {
  const other = versionIn(againstIn(place.value.query))
  if (versions && other !== undefined && versions.items.some(({ version }) => version === other))
    return <TwoVersions {...{ report, versions, other }} own={ownVersion(versions, other)} choose={chooseVersion} />
  return report.models.length > 0 ? <VersionsTable {...report} /> : null
}

export const FunnelView = () => {
  const { query } = place.value
  const [own, against] = sidesOf(scopeOf(query), againstIn(query), Date.now())
  const [answered] = useAnswer<Versions>('/api/models')
  const versions = answered.phase === 'ready' ? answered.value : undefined
  const isVersus = versionIn(againstIn(query)) !== undefined
  const side = useSide(own)
  const other = useSide(against)
  const held =
    against && other.funnel.phase === 'ready' ? { funnel: other.funnel.value, velocity: other.velocity } : undefined
  return (
    <div class="report">
      <ReportHead title={t.nav.funnel} lead={t.report.funnelLead}>
        <ComparisonPicker versions={versions} />
      </ReportHead>
      <Loaded asked={side.funnel} again={side.again}>
        {(report) =>
          report.stages.every(({ entered, now }) => entered + now === 0) ? (
            <Unfilled text={t.report.nobody(count(0))} />
          ) : (
            <>
              {isVersus && <Versioned report={report} versions={versions} />}
              <FunnelPicture side={{ funnel: report, velocity: side.velocity }} other={held} site={own.site} />
              <Window report={report} />
              {report.sources.length > 0 && <SourcesTable {...report} />}
              {!isVersus && <Versioned report={report} versions={versions} />}
            </>
          )
        }
      </Loaded>
    </div>
  )
}
