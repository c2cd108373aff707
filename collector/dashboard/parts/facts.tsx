/** What is known beside the score: fit, what to show next, where they came from, what they told. */
import type { ComponentChildren } from 'preact'
import type { Visitor } from '../../../shared/answer.ts'
import { share } from '../figures.ts'
import { mediumName, traitName } from '../naming.ts'
import { textOf } from '../person.ts'
import { t } from '../strings/language.ts'
import { exactly, lasting, onDate } from '../time.ts'
import { WebLink } from './web-link.tsx'

const Card = ({ title, kind = '', children }: { title: string; kind?: string; children: ComponentChildren }) => (
  <section class={`card fact ${kind}`}>
    <h2>{title}</h2>
    {children}
  </section>
)

const Fit = ({ fit, priority }: Pick<Visitor, 'fit' | 'priority'>) => (
  <Card title={t.visitor.fit}>
    <p class="fit">
      <b class={`grade grade-${fit.grade === '?' ? 'unknown' : fit.grade}`}>{fit.grade}</b>
      <span>
        {fit.percent === null ? t.visitor.fitUnknown : t.visitor.fitPercent(share(fit.percent / 100))}
        <small class="soft">
          {t.visitor.priority} <bdi>{priority}</bdi>
        </small>
      </span>
    </p>
    <ul class="reasons">
      {fit.reasons.map((reason) => (
        <li key={reason}>
          <bdi>{reason}</bdi>
        </li>
      ))}
    </ul>
  </Card>
)

const Next = ({ next }: Pick<Visitor, 'next'>) => (
  <Card title={t.visitor.next}>
    <p>
      <b>
        <WebLink url={next.content} />
      </b>
    </p>
    <p class="soft">
      <bdi>{next.why}</bdi>
    </p>
  </Card>
)

type Touch = NonNullable<Visitor['source']['first']>

const TouchLines = ({ label, touch }: { label: string; touch: Touch }) => (
  <>
    <dt>{label}</dt>
    <dd>
      <bdi>{[mediumName(touch.medium), touch.source, touch.campaign].filter(Boolean).join(' · ')}</bdi>
      <small class="soft" title={exactly(touch.at)}>
        {onDate(touch.at)}
      </small>
      {touch.referrer && <WebLink url={touch.referrer} />}
      {touch.landing && (
        <small>
          {t.visitor.landing} <WebLink url={touch.landing} />
        </small>
      )}
    </dd>
  </>
)

const Source = ({ source }: Pick<Visitor, 'source'>) => (
  <Card title={t.visitor.source}>
    <dl>
      {source.first && <TouchLines label={t.visitor.firstTouch} touch={source.first} />}
      {source.last && source.last.at !== source.first?.at && (
        <TouchLines label={t.visitor.lastTouch} touch={source.last} />
      )}
    </dl>
  </Card>
)

const Told = ({ traits }: Pick<Visitor, 'traits'>) => {
  const told = Object.entries(traits).flatMap(([name, value]) => {
    const text = textOf(value)
    return text === undefined ? [] : [[name, text] as const]
  })
  return (
    <Card title={t.visitor.traits} kind="told">
      {told.length === 0 && <p class="soft">{t.visitor.noTraits}</p>}
      <dl>
        {told.map(([name, text]) => (
          <div key={name}>
            <dt>
              <bdi>{traitName(name)}</bdi>
            </dt>
            <dd>
              <bdi>{text}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

const Activity = ({ visitor }: { visitor: Visitor }) => {
  const { sessions, views, engagedSeconds, firstSeen, site, account, modelVersion, id } = visitor
  return (
    <Card title={t.visitor.activity}>
      <p>
        {[t.visitor.sessions(sessions), t.visitor.views(views), t.visitor.engaged(lasting(engagedSeconds))].join(' · ')}
      </p>
      <dl>
        <dt>{t.visitor.firstSeen}</dt>
        <dd title={exactly(firstSeen)}>{onDate(firstSeen)}</dd>
        {account && (
          <>
            <dt>{t.visitor.account}</dt>
            <dd>
              <bdi>{account}</bdi>
            </dd>
          </>
        )}
        <dt>{t.visitor.site}</dt>
        <dd>
          <bdi>{site}</bdi>
        </dd>
        <dt>{t.visitor.id}</dt>
        <dd class="id">{id}</dd>
      </dl>
      <p class="soft">{t.visitor.model(modelVersion)}</p>
    </Card>
  )
}

export const Facts = ({ visitor }: { visitor: Visitor }) => (
  <div class="facts">
    <Next next={visitor.next} />
    <Fit fit={visitor.fit} priority={visitor.priority} />
    <Told traits={visitor.traits} />
    <Source source={visitor.source} />
    <Activity visitor={visitor} />
  </div>
)
