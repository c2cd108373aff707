/** Hand-offs per week under both models, as pairs of bars. */
import type { Simulation } from '../../../shared/simulation.ts'
import { count } from '../figures.ts'
import { t } from '../strings/language.ts'
import { onDate } from '../time.ts'

const [WIDTH, HEIGHT] = [1000, 160]
/** More weeks than these are too thin to tell apart. */
const WEEKS = 52

type Week = Simulation['handOffs'][number]

const Bars = ({ weeks }: { weeks: readonly Week[] }) => {
  const most = Math.max(1, ...weeks.flatMap((week) => [week.old, week.new]))
  const step = WIDTH / weeks.length
  const bar = (side: 'old' | 'new', n: number, x: number) => {
    const height = (n / most) * (HEIGHT - 4)
    return <rect class={side} x={x} width={step * 0.36} y={HEIGHT - height} height={height} />
  }
  return (
    <>
      {weeks.map((week, i) => (
        <g key={week.week}>
          <title>{`${onDate(week.week)}: ${count(week.old)} → ${count(week.new)}`}</title>
          {bar('old', week.old, (i + 0.12) * step)}
          {bar('new', week.new, (i + 0.5) * step)}
        </g>
      ))}
    </>
  )
}

export const WeeksPlot = ({ weeks }: { weeks: readonly Week[] }) => {
  const shown = weeks.slice(-WEEKS)
  if (shown.length === 0) return null
  const sum = (side: 'old' | 'new'): string => count(shown.reduce((total, week) => total + week[side], 0))
  const words = t.simulation.weeksSummary(sum('old'), sum('new'))
  return (
    <section class="card weeks-plot">
      <h2>{t.simulation.weeks}</h2>
      <p class="soft">{words}</p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={words}>
        <Bars weeks={shown} />
      </svg>
      <p class="dates" aria-hidden="true">
        <span>{onDate(shown[0]!.week)}</span>
        <span>{onDate(shown.at(-1)!.week)}</span>
      </p>
      <ul class="legend">
        {(['old', 'new'] as const).map((side) => (
          <li key={side} class={side}>
            <span class="swatch" aria-hidden="true" />
            {t.simulation[side]}
          </li>
        ))}
      </ul>
    </section>
  )
}
