/** The funnel as a picture: six panes in three bands that narrow as people go on; each figure with what it means. */
import type { FunnelReport, VelocityReport } from '../../../shared/answer-reports.ts'
import { count, share } from '../figures.ts'
import { href } from '../router.ts'
import { BANDS, type Band, type Stage, stagesOf } from '../scale.ts'
import { closedIn, daysIn } from '../state/figure.ts'
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
  readonly own: SideOfStage
  readonly other: SideOfStage | undefined
  /** How wide the funnel is after it. */
  readonly after: number
  readonly most: number
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

const nowHref = (stage: Stage, site: string): string =>
  href('/', [
    ['stage', stage],
    ['sort', 'stageSince'],
    ['site', site],
  ])

/** The people behind the figures of a stage or a part of the funnel, in the days of a report. */
const behind = ({ period }: FunnelReport, entered: string) => ({
  entered: { of: { entered }, where: daysIn(period) },
  moved: { of: { entered, moved: 'yes' }, where: closedIn(period) },
  lost: { of: { entered, moved: 'no' }, where: closedIn(period) },
  ever: { of: { entered, moved: 'ever' }, where: closedIn(period) },
})

const lostIn = ({ rate }: Pick<StageRow, 'rate'>): number | null => (rate === null ? null : 1 - rate)

/** What one side has to say of a stage. */
const sayings = ({ row, speed, report }: SideOfStage) => {
  const { entered, moved, lost, ever } = behind(report, row.stage)
  return {
    entered: { value: row.entered, n: row.entered, ...entered },
    moved: { value: row.rate, n: row.moved, ...moved },
    lost: { value: lostIn(row), n: row.closed - row.moved, ...lost },
    median: { value: speed?.medianSeconds ?? null, n: speed?.moved ?? 0, ...ever },
  }
}

interface SideOfStage {
  readonly row: StageRow
  readonly speed: Speed | undefined
  readonly report: FunnelReport
}

/** What became of those who entered. */
const Fates = ({ own, other }: Pick<PaneProps, 'own' | 'other'>) => {
  const { closed, moved } = own.row
  const [said, held] = [sayings(own), other && sayings(other)]
  const { p90Seconds } = own.speed ?? {}
  const words = {
    moved: t.report.ofClosed(count(moved), count(closed)),
    lost: t.report.ofClosed(count(closed - moved), count(closed)),
    median: p90Seconds ? t.report.p90(duration(p90Seconds)) : undefined,
  }
  const line = (name: keyof typeof words, say: (value: number) => string) => (
    <dd>
      <Compared own={{ ...said[name], title: words[name] }} other={held?.[name]} say={say} />
    </dd>
  )
  return (
    <>
      <dt>{t.report.movedOn}</dt>
      {line('moved', share)}
      <dt>{t.report.dropped}</dt>
      {line('lost', share)}
      <dt>{t.report.median}</dt>
      {line('median', duration)}
    </>
  )
}

const Pane = ({ own, other, after, most, site }: PaneProps) => {
  const { stage, entered, now } = own.row
  return (
    <li class={`step ${stage}`}>
      <h3>{t.stages[stage]}</h3>
      <p class="entered">
        <Compared own={sayings(own).entered} other={other && sayings(other).entered} say={count} />
      </p>
      <Shape entered={entered} after={after} most={most} />
      <dl>
        {stage !== 'relationship' && <Fates own={own} other={other} />}
        <dt>{t.report.now}</dt>
        <dd>
          {now > 0 ? (
            <a class="people" href={nowHref(stage, site)}>
              {count(now)}
            </a>
          ) : (
            count(now)
          )}
        </dd>
      </dl>
    </li>
  )
}

const BandHead = ({ band, side, other }: { band: Band; side: Side; other: Side | undefined }) => {
  const of = ({ funnel }: Side) => {
    const row = funnel.funnels.find((each) => each.funnel === band)
    return { value: row?.rate ?? null, n: row?.moved ?? 0, ...behind(funnel, band).moved }
  }
  const own = of(side)
  return (
    <h2>
      {t.funnel.bands[band]}
      {own.value !== null && band !== 'bofu' && (
        <small class="soft">
          {' '}
          {t.report.bandMoved} <Compared own={own} other={other && of(other)} say={share} />
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
  const stageOf = ({ funnel, velocity }: Side, stage: Stage): SideOfStage => ({
    row: funnel.stages.find((row) => row.stage === stage)!,
    speed: velocity?.stages.find((row) => row.stage === stage),
    report: funnel,
  })
  return (
    <div class="picture">
      {BANDS.map((band) => (
        <section key={band} class="card">
          <BandHead band={band} side={side} other={other} />
          <ol>
            {stagesOf(band).map((stage) => (
              <Pane
                key={stage}
                own={stageOf(side, stage)}
                other={other && stageOf(other, stage)}
                after={rows[rows.findIndex((row) => row.stage === stage) + 1]?.entered ?? 0}
                {...{ most, site }}
              />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}
