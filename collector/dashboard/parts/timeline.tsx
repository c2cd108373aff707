/** Everything they did and what became of it, newest first, by day. */
import type { TimelineItem } from '../../../shared/answer.ts'
import { fetchingMore, keyOf, loadEarlier, nextCursor, timeline } from '../state/visitor.ts'
import { t } from '../strings/language.ts'
import { dayOf } from '../time.ts'
import { Skeleton } from './skeleton.tsx'
import { TimelineEntry } from './timeline-entry.tsx'

interface Day {
  readonly name: string
  readonly items: TimelineItem[]
}

/** The items under the names of their days. */
export const byDay = (items: readonly TimelineItem[], moment: number): readonly Day[] => {
  const days: Day[] = []
  for (const item of items) {
    const name = dayOf(item.at, moment)
    if (days.at(-1)?.name !== name) days.push({ name, items: [] })
    days.at(-1)!.items.push(item)
  }
  return days
}

const Days = ({ items }: { items: readonly TimelineItem[] }) => (
  <>
    {byDay(items, Date.now()).map(({ name, items: ofDay }) => (
      <section key={name} class="day">
        <h3>{name}</h3>
        <ol>
          {ofDay.map((item) => (
            <TimelineEntry key={keyOf(item)} item={item} />
          ))}
        </ol>
      </section>
    ))}
    {nextCursor.value ? (
      <p class="end">
        <button type="button" onClick={loadEarlier} disabled={fetchingMore.value}>
          {fetchingMore.value ? t.loading : t.timeline.more}
        </button>
      </p>
    ) : (
      <p class="soft end">{t.timeline.start}</p>
    )}
  </>
)

export const Timeline = () => {
  const items = timeline.value
  return (
    <section class="card timeline" aria-labelledby="timeline-title">
      <h2 id="timeline-title">{t.timeline.title}</h2>
      {!items && <Skeleton rows={5} />}
      {items && (items.length ? <Days items={items} /> : <p class="soft">{t.timeline.empty}</p>)}
    </section>
  )
}
