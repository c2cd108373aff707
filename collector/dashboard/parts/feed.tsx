/** What happens now, beside the list. */
import { calmed } from '../calm.ts'
import { count } from '../figures.ts'
import { flagName, qualificationName, signalName, stageName } from '../naming.ts'
import { visitorHref } from '../router.ts'
import { STAGES } from '../scale.ts'
import { counts, type FeedItem, feed } from '../state/feed.ts'
import type { Figure } from '../state/figure.ts'
import { today } from '../state/today.ts'
import { t } from '../strings/language.ts'
import { Moment } from './moment.tsx'
import { People } from './people.tsx'

/** On a busy site dozens happen in a second. */
const CALM_MS = 500
const [recent, sums] = [calmed(feed, CALM_MS), calmed(counts, CALM_MS)]

const sentence = ({ what, from, to }: FeedItem): string => {
  if (what === 'hand-raise') return t.feed.handRaise(signalName(to))
  if (what === 'arrival') return t.feed.nowAt(stageName(to))
  if (what === 'flag') return to ? t.feed.flagged(flagName(to)) : t.timeline.unflag(flagName(from))
  const name = what === 'stage' ? stageName : qualificationName
  return t.feed.moved(name(from), name(to))
}

const markOf = ({ what, up }: FeedItem): string => {
  if (what === 'hand-raise') return '✋'
  if (what === 'arrival' || up === undefined) return '•'
  return up ? '↑' : '↓'
}

const Item = ({ item }: { item: FeedItem }) => (
  <li class={item.what === 'hand-raise' ? 'raised' : ''}>
    <span class={`mark ${STAGES.find((stage) => stage === item.to) ?? ''}`} aria-hidden="true">
      {markOf(item)}
    </span>
    <a href={visitorHref(item.visitor)}>
      <bdi>{item.who}</bdi>
    </a>
    <span class="what">{sentence(item)}</span>
    <Moment at={item.at} />
  </li>
)

interface Line {
  readonly n: number
  readonly label: string
  /** Whom it counts, where the collector can tell. */
  readonly of?: Figure
}

/** Today's, where the collector tells them; else what was seen since the page was opened. */
const linesNow = (): readonly Line[] => {
  const { up, down, raised } = sums.value
  if (!today.value)
    return [
      { n: up, label: t.feed.up },
      { n: down, label: t.feed.down },
      { n: raised, label: t.feed.raised },
    ]
  const { newcomers, reached } = today.value
  const names = ['intent', 'mql', 'sql', 'customer'] as const
  const name = (key: (typeof names)[number]): string => (key === 'intent' ? stageName(key) : qualificationName(key))
  return [
    { n: newcomers, label: t.feed.newcomers, of: { entered: 'awareness' } },
    ...names.map((key) => ({ n: reached[key] ?? 0, label: name(key), of: { became: key } })),
  ]
}

const Counts = () => (
  <dl class="counts">
    {linesNow().map(({ n, label, of }) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd>{of ? <People {...{ of, n, where: today.value?.where }}>{count(n)}</People> : count(n)}</dd>
      </div>
    ))}
  </dl>
)

export const Feed = ({ site }: { site: string }) => {
  const items = recent.value.filter((item) => !site || item.site === site)
  return (
    <aside class="feed" aria-label={t.feed.title}>
      <h2>{t.feed.title}</h2>
      <p class="soft since">{today.value ? t.feed.today : t.feed.since}</p>
      <Counts />
      {items.length ? (
        <ol>
          {items.map((item) => (
            <Item key={item.key} item={item} />
          ))}
        </ol>
      ) : (
        <p class="soft">{t.feed.quiet}</p>
      )}
    </aside>
  )
}
