/** The funnel as a picture: six panes in three bands that narrow as people go on; each figure with what it means. */
import type { FunnelReport, VelocityReport } from '../../../shared/answer-reports.ts'
import { count, share } from '../figures.ts'
import { href } from '../router.ts'
import { BANDS, type Band, type Stage, stagesOf } from '../scale.ts'
import { t } from '../strings/language.ts'
import { duration } from '../time.ts'
import { Compared } from './compared.tsx'

type StageRow = FunnelReport['stages'][number]
type Speed = VelocityReport['stages'][number]

export interface Side {
  readonly funnel: FunnelReport
  /** Undefined until it is there. */
  readonly velocity: VelocityReport | undefined
}

interface PaneProps {
  readonly row: StageRow
  /** How wide the funnel is after it. */
  readonly after: number
  readonly most: number
  readonly speed: Speed | undefined
  readonly other: { readonly row: StageRow; readonly speed: Speed | undefined } | undefined
  readonly site: string
}

const HEIGHT = 100

/** From as high as those who entered to as high as those who enter the next. */
const Shape = ({ entered, after, most }: { entered: number; after: number; most: number }) => {
  const half = (n: number): number => Math.max(0.8, (n / Math.max(1, most)) * 46)
  const [left, right] = [half(entered), half(Math.min(entered, after))]
  const middle = HEIGHT / 2
  return (
    <svg viewBox={`0 0 100 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={`M0 ${middle - left}L100 ${middle - right}V${middle + right}L0 ${middle + left}Z`} />
    </svg>
  )
}

const peopleHref = (stage: Stage, site: string): string =>
  href('/', [
    ['stage', stage],
    ['sort', 'stageSince'],
    ['site', site],
  ])

const Pane = ({ row, after, most, speed, other, site }: PaneProps) => {
  const { stage, entered, closed, moved, rate, now } = row
  const isLast = stage === 'relationship'
  const dropped = (of: StageRow): number | null => (of.rate === null ? null : 1 - of.rate)
  return (
    <li class={`step ${stage}`}>
      <h3>{t.stages[stage]}</h3>
      <p class="entered">
        <a href={peopleHref(stage, site)} title={t.report.showNewest(t.stages[stage])}>
          <Compared now={entered} before={other?.row.entered} say={count} />
        </a>
      </p>
      <Shape entered={entered} after={after} most={most} />
      <dl>
        {!isLast && (
          <>
            <dt>{t.report.movedOn}</dt>
            <dd title={t.report.ofClosed(count(moved), count(closed))}>
              <Compared now={rate} before={other?.row.rate} say={share} />
            </dd>
            <dt>{t.report.dropped}</dt>
            <dd>
              <Compared now={dropped(row)} before={other && dropped(other.row)} say={share} />
            </dd>
            <dt>{t.report.median}</dt>
            <dd title={speed?.p90Seconds ? t.report.p90(duration(speed.p90Seconds)) : undefined}>
              <Compared now={speed?.medianSeconds ?? null} before={other?.speed?.medianSeconds} say={duration} />
            </dd>
          </>
        )}
        <dt>{t.report.now}</dt>
        <dd>
          <a href={peopleHref(stage, site)}>{count(now)}</a>
        </dd>
      </dl>
    </li>
  )
}

const BandHead = ({ band, side, other }: { band: Band; side: Side; other: Side | undefined }) => {
  const of = ({ funnel }: Side) => funnel.funnels.find((row) => row.funnel === band)
  const row = of(side)
  return (
    <h2>
      {t.funnel.bands[band]}
      {row?.rate != null && band !== 'bofu' && (
        <small class="soft">
          {' '}
          {t.report.bandMoved} <Compared now={row.rate} before={other && (of(other)?.rate ?? null)} say={share} />
        </small>
      )}
    </h2>
  )
}

interface PictureProps {
  readonly side: Side
  readonly other: Side | undefined
  readonly site: string
}

export const FunnelPicture = ({ side, other, site }: PictureProps) => {
  const rows = side.funnel.stages
  const most = Math.max(1, ...rows.map(({ entered }) => entered))
  const rowAt = ({ funnel }: Side, stage: Stage) => funnel.stages.find((row) => row.stage === stage)!
  const speedAt = ({ velocity }: Side, stage: Stage) => velocity?.stages.find((row) => row.stage === stage)
  return (
    <div class="picture">
      {BANDS.map((band) => (
        <section key={band} class="card">
          <BandHead band={band} side={side} other={other} />
          <ol>
            {stagesOf(band).map((stage) => (
              <Pane
                key={stage}
                row={rowAt(side, stage)}
                after={rows[rows.findIndex((row) => row.stage === stage) + 1]?.entered ?? 0}
                {...{ most, site, speed: speedAt(side, stage) }}
                other={other && { row: rowAt(other, stage), speed: speedAt(other, stage) }}
              />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}
