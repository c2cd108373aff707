/** The score over time, stacked by group, the stages behind it; with a slider to any instant. */
import { useRef, useState } from 'preact/hooks'
import type { History } from '../../../shared/answer.ts'
import { courseOf, type Course as Drawn, HEIGHT, momentAt, pathsOf, STACKED, staysOf, WIDTH, xOf } from '../course.ts'
import { points } from '../figures.ts'
import { stageName } from '../naming.ts'
import { t } from '../strings/language.ts'
import { exactly, onDate } from '../time.ts'
import { Skeleton } from './skeleton.tsx'

const TICKS = [0, 0.5, 1]
/** A stay narrower than this has no room for its name. */
const NAMED = 0.09

const iso = (at: number): string => new Date(at).toISOString()

const Picture = ({ course, marked }: { course: Drawn; marked: number | undefined }) => {
  const { areas, line } = pathsOf(course)
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={summary(course)}>
      {staysOf(course).map(({ stage, from, to }) => (
        <rect
          key={from}
          class={`stay ${stage}`}
          x={xOf(course, from)}
          width={xOf(course, to) - xOf(course, from)}
          height={HEIGHT}
        />
      ))}
      {areas.map(({ group, path }) => (
        <path key={group} class={`area ${group}`} d={path} />
      ))}
      <path class="line" d={line} />
      {marked !== undefined && <path class="at" d={`M${xOf(course, marked)} 0V${HEIGHT}`} />}
    </svg>
  )
}

const summary = ({ moments, from, to }: Drawn): string => {
  const most = moments.reduce((best, moment) => (moment.score > best.score ? moment : best))
  return t.course.summary(onDate(iso(from)), onDate(iso(to)), points(most.score), onDate(iso(most.at)))
}

const Names = ({ course }: { course: Drawn }) => (
  <div class="stays" aria-hidden="true">
    {staysOf(course)
      .map((stay) => ({ ...stay, part: (stay.to - stay.from) / (course.to - course.from) }))
      .map(({ stage, from, part }) => (
        <span key={from} class={stage} style={{ '--part': part }}>
          {part >= NAMED && stageName(stage)}
        </span>
      ))}
  </div>
)

const Scale = ({ course }: { course: Drawn }) => (
  <>
    <div class="rule" aria-hidden="true">
      {[...TICKS].reverse().map((part) => (
        <span key={part}>{Math.round(course.top * part * 10) / 10}</span>
      ))}
    </div>
    <div class="dates" aria-hidden="true">
      {TICKS.map((part) => (
        <span key={part}>{onDate(iso(course.from + (course.to - course.from) * part))}</span>
      ))}
    </div>
  </>
)

interface SliderProps {
  readonly course: Drawn
  readonly at: number | undefined
  /** While it is being moved, and when it stays. */
  readonly slide: (at: number) => void
}

const Slider = ({ course, at = course.to, slide }: SliderProps) => {
  const { score, stage } = momentAt(course, at)
  return (
    <input
      type="range"
      aria-label={t.course.slider}
      aria-valuetext={`${exactly(iso(at))}: ${t.course.stood(points(score), stageName(stage))}`}
      min={course.from}
      max={course.to}
      step={Math.max(1, Math.round((course.to - course.from) / 1000))}
      value={at}
      onInput={({ currentTarget }) => slide(Number(currentTarget.value))}
    />
  )
}

const Legend = () => (
  <ul class="legend">
    {STACKED.map((group) => (
      <li key={group} class={group}>
        <span class="swatch" aria-hidden="true" />
        {t.groups[group]}
      </li>
    ))}
    <li class="soft">{t.course.line}</li>
  </ul>
)

/** What changed, for those who would rather read. */
const Readable = ({ history }: { history: History }) => (
  <details class="readable">
    <summary>{t.course.asTable}</summary>
    <table class="figures">
      <thead>
        <tr>
          <th scope="col">{t.explain.columns.when}</th>
          <th scope="col">{t.explain.score}</th>
          <th scope="col">{t.filter.stage}</th>
        </tr>
      </thead>
      <tbody>
        {history.items.slice(-60).map(({ at, score, stage }, i) => (
          <tr key={String(i)}>
            <td>{exactly(at)}</td>
            <td>{points(score)}</td>
            <td>{stageName(stage)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </details>
)

const SETTLE_MS = 250

interface CourseProps {
  readonly history: History | undefined
  /** The instant looked at; undefined: now. */
  readonly at: string | undefined
  readonly choose: (at: string | undefined) => void
}

/** The slider moves the mark at once, and the page when it comes to rest. */
const useSlide = ({ at, choose }: CourseProps, course: Drawn | undefined) => {
  const [moving, setMoving] = useState<number>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const slide = (to: number): void => {
    setMoving(to)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      setMoving(undefined)
      choose(course && to >= course.to - 1 ? undefined : iso(to))
    }, SETTLE_MS)
  }
  return { marked: moving ?? (at ? Date.parse(at) : undefined), slide }
}

export const Course = (props: CourseProps) => {
  const course = props.history && courseOf(props.history)
  const { marked, slide } = useSlide(props, course)
  return (
    <section class="card course" aria-labelledby="course-title">
      <h2 id="course-title">{t.course.title}</h2>
      {!props.history && <Skeleton rows={3} />}
      {props.history && !course && <p class="soft">{t.explain.empty}</p>}
      {course && (
        <>
          <div class="plot">
            <Names course={course} />
            <Picture course={course} marked={marked} />
            <Scale course={course} />
            <Slider course={course} at={marked} slide={slide} />
          </div>
          <Legend />
          <Readable history={props.history!} />
        </>
      )}
    </section>
  )
}
