/** The score of the last weeks as a small line; asked for while its row is there. */
import { useEffect } from 'preact/hooks'
import { points } from '../figures.ts'
import type { Stage } from '../scale.ts'
import { type Point, TREND_DAYS, trendOf, wantTrend } from '../state/trends.ts'
import { t } from '../strings/language.ts'

const DAY = 86_400_000
const [WIDTH, HEIGHT] = [100, 28]
/** A low score is drawn low: the line fills the height from here on. */
const LEAST_TOP = 40

/** The line's path, from the left end of the weeks to now; undefined where there is none. */
export const trendPath = (trend: readonly Point[], now: number): string | undefined => {
  if (trend.length < 2) return undefined
  const start = now - TREND_DAYS * DAY
  const top = Math.max(LEAST_TOP, ...trend.map(({ score }) => score))
  const place = ({ at, score }: Point): string => {
    const x = Math.min(WIDTH, Math.max(0, ((at - start) / (now - start)) * WIDTH))
    return `${x.toFixed(1)} ${(HEIGHT - 1 - (score / top) * (HEIGHT - 2)).toFixed(1)}`
  }
  return `M${trend.map(place).join('L')}L${WIDTH} ${place(trend.at(-1)!).split(' ')[1]}`
}

export const TrendLine = ({ id, stage }: { id: string; stage: Stage }) => {
  useEffect(() => wantTrend(id), [id])
  const trend = trendOf(id).value ?? []
  const path = trendPath(trend, Date.now())
  const words = path && t.list.trend(points(trend[0]!.score), points(trend.at(-1)!.score))
  return (
    <span class={`trend ${stage}`} title={words}>
      {path && (
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={words}>
          <path class="under" d={`${path}V${HEIGHT}H${/^M([\d.]+)/.exec(path)?.[1]}Z`} />
          <path class="line" d={path} />
        </svg>
      )}
    </span>
  )
}
