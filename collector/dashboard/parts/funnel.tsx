/** Six stages in three bands with how many of the loaded visitors stand in each; each pane filters the list. */
import { count } from '../figures.ts'
import { BANDS, type Stage, stagesOf } from '../scale.ts'
import { type Filters, listHref } from '../state/filters.ts'
import { nextCursor, order } from '../state/list.ts'
import { person } from '../state/people.ts'
import { today } from '../state/today.ts'
import { t } from '../strings/language.ts'

/** How many stand where. With a stage filtered out there is nothing honest to count: undefined. */
const countStages = (filters: Filters): ReadonlyMap<Stage, number> | undefined => {
  if (filters.stage || !order.value.length) return undefined
  const counts = new Map<Stage, number>()
  for (const id of order.value) {
    const stage = person(id)?.value.stage
    if (stage) counts.set(stage, (counts.get(stage) ?? 0) + 1)
  }
  return counts
}

interface PaneProps {
  readonly stage: Stage
  readonly filters: Filters
  readonly n: number | undefined
  readonly most: number
}

const Pane = ({ stage, filters, n, most }: PaneProps) => {
  const chosen = filters.stage === stage
  return (
    <li>
      <a
        class={`pane ${stage}`}
        href={listHref({ ...filters, stage: chosen ? '' : stage })}
        aria-current={chosen ? 'true' : undefined}
        title={t.funnel.show(t.stages[stage])}
      >
        <span class="glass" aria-hidden="true">
          <span style={{ '--part': n === undefined ? 0 : n / most }} />
        </span>
        <span class="label">{t.stages[stage]}</span>
        {n !== undefined && (
          <b>
            {count(n)} <span class="unseen">{t.funnel.people(n)}</span>
          </b>
        )}
      </a>
    </li>
  )
}

/** Of everybody where the collector has counted them; else of those who are loaded. */
const Total = ({ counts, counted }: { counts: ReadonlyMap<Stage, number> | undefined; counted: boolean }) => {
  if (!counts) return null
  if (counted) return t.funnel.standing([...counts.values()].reduce((sum, n) => sum + n, 0))
  return (nextCursor.value === null ? t.funnel.everybody : t.funnel.counted)(order.value.length)
}

export const Funnel = ({ filters }: { filters: Filters }) => {
  const standing = filters.q || filters.qualification ? undefined : today.value?.standing
  const counts = standing ?? countStages(filters)
  const most = Math.max(1, ...(counts?.values() ?? []))
  return (
    <section class="funnel" aria-label={t.funnel.title}>
      <div class="bands">
        {BANDS.map((band) => (
          <div key={band} class="band">
            <h2>{t.funnel.bands[band]}</h2>
            <ul>
              {stagesOf(band).map((stage) => (
                <Pane key={stage} stage={stage} filters={filters} n={counts && (counts.get(stage) ?? 0)} most={most} />
              ))}
            </ul>
          </div>
        ))}
      </div>
      <p class="soft">
        <Total counts={counts} counted={standing !== undefined} />
      </p>
    </section>
  )
}
