/** One thing in the timeline: something they did, with the points for it, a turn it brought about, who was told. */
import type { TimelineItem } from '../../../shared/answer.ts'
import { gain, points, share } from '../figures.ts'
import { flagName, humanise, qualificationName, signalName, stageName } from '../naming.ts'
import { leadsUp } from '../scale.ts'
import { t } from '../strings/language.ts'
import { clockTime, exactly, lasting } from '../time.ts'
import { WebLink } from './web-link.tsx'

type Happening = Extract<TimelineItem, { kind: 'event' }>
type Turn = Extract<TimelineItem, { kind: 'transition' }>
type Told = Extract<TimelineItem, { kind: 'handoff' }>

const At = ({ at }: { at: string }) => (
  <time dateTime={at} title={exactly(at)}>
    {clockTime(at)}
  </time>
)

/** A signal added, as `Pricing again +12.0`. */
const Gains = ({ points: gains }: Pick<Happening, 'points'>) => (
  <ul class="gains">
    {gains.map(({ signal, group, applied, rule }) => (
      <li key={signal} class={group} title={rule}>
        <span class="swatch" aria-hidden="true" />
        <bdi>{signalName(signal)}</bdi> <b>{applied === 0 ? t.explain.capReached : gain(applied)}</b>
      </li>
    ))}
  </ul>
)

const Event = ({ item }: { item: Happening }) => {
  const { at, type, title, url, detail, topic, seconds, scroll, flagged } = item
  const what = title ?? detail
  const extras = [
    title && detail,
    seconds && t.timeline.engaged(lasting(seconds)),
    scroll && t.timeline.scrolled(share(scroll / 100)),
    topic && t.timeline.topic(topic),
  ].filter((extra) => typeof extra === 'string' && extra)
  return (
    <li class={`event ${flagged ? 'flagged' : ''}`}>
      <At at={at} />
      <div>
        <p>
          <span class="soft">{Object.hasOwn(t.timeline.types, type) ? t.timeline.types[type] : humanise(type)}</span>{' '}
          {what && (
            <b>
              <bdi>{what}</bdi>
            </b>
          )}
        </p>
        {(url || extras.length > 0) && (
          <p class="soft extras">
            {url && <WebLink url={url} />}
            {extras.map((extra) => (
              <bdi key={extra}>{extra}</bdi>
            ))}
          </p>
        )}
        {flagged && (
          <p class="soft">
            <bdi>{t.timeline.notScored(flagged)}</bdi>
          </p>
        )}
        {item.points.length > 0 && <Gains points={item.points} />}
      </div>
    </li>
  )
}

const sentence = ({ what, from, to }: Turn): string => {
  if (what === 'flag') return to ? t.timeline.flag(flagName(to)) : t.timeline.unflag(flagName(from))
  const name = what === 'stage' ? stageName : qualificationName
  return t.timeline.becomes(t.timeline.what[what], name(from), name(to))
}

const Transition = ({ item }: { item: Turn }) => {
  const up = leadsUp(item.from, item.to)
  return (
    <li class={item.what === 'stage' ? `turn ${item.to}` : 'turn'}>
      <At at={item.at} />
      <div>
        <p>
          <span class="mark" aria-hidden="true">
            {item.what === 'flag' ? '⚑' : up === false ? '↓' : '↑'}
          </span>{' '}
          <b>{sentence(item)}</b>
        </p>
        <p class="soft">
          <bdi>{item.rule}</bdi> · {t.timeline.atScore(points(item.score))}
        </p>
      </div>
    </li>
  )
}

const MARKS = { pending: '…', delivered: '✓', dead: '✗' } as const

/** What others were told, and what became of it at each of them. What is for machines alone is less loud. */
const HandOff = ({ item: { at, type, deliveries } }: { item: Told }) => {
  const isOfLead = type.startsWith('lead.')
  const words = Object.hasOwn(t.timeline.told, type) ? t.timeline.told[type] : humanise(type)
  return (
    <li class={isOfLead ? 'turn handoff' : 'handoff'}>
      <At at={at} />
      <div>
        <p>
          <span class="mark" aria-hidden="true">
            ➜
          </span>{' '}
          {isOfLead ? <b>{words}</b> : <span class="soft">{words}</span>}
        </p>
        <p class="soft extras">
          {deliveries.length === 0 && t.timeline.toNobody}
          {deliveries.map(({ kind, label, state }, i) => (
            <span key={String(i)}>
              <span aria-hidden="true">{MARKS[state]}</span> <bdi>{label || humanise(kind)}</bdi>:{' '}
              {t.webhooks.states[state]}
            </span>
          ))}
        </p>
      </div>
    </li>
  )
}

export const TimelineEntry = ({ item }: { item: TimelineItem }) => {
  if (item.kind === 'event') return <Event item={item} />
  if (item.kind === 'transition') return <Transition item={item} />
  if (item.kind === 'handoff') return <HandOff item={item} />
  return (
    <li class="turn merge">
      <At at={item.at} />
      <p>
        <b>{item.undone ? t.timeline.unmerged : t.timeline.merged}</b>
      </p>
    </li>
  )
}
