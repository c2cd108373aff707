/** What is known beside the score: what to show next, what they told, how active they are. */
import type { Visitor } from '../../../shared/answer.ts'
import { traitName, verdictName } from '../naming.ts'
import type { Packet as Answer } from '../packet.ts'
import { textOf } from '../person.ts'
import { href } from '../router.ts'
import { t } from '../strings/language.ts'
import { exactly, lasting, onDate } from '../time.ts'
import { Card } from './card.tsx'
import { Fit } from './fit.tsx'
import { Packet } from './packet.tsx'
import { PrivacyCard } from './privacy-deeds.tsx'
import { Source } from './source.tsx'
import { Topics } from './topics.tsx'
import { WebLink } from './web-link.tsx'

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
              <a href={href(`/companies/${encodeURIComponent(account)}`)}>
                <bdi>{account}</bdi>
              </a>
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

/** Whether they may be written to, and who is to. */
const Standing = ({ packet: { consent, owner, lastFeedback } }: { packet: Answer }) => (
  <Card title={t.packet.standing}>
    <dl>
      <dt>{t.packet.owner}</dt>
      <dd>
        <bdi>{owner?.name ?? t.none}</bdi>
      </dd>
      <dt>{t.packet.consent}</dt>
      <dd>{t.packet.consents[consent ?? 'none']}</dd>
      {lastFeedback && (
        <>
          <dt>{t.packet.lastFeedback}</dt>
          <dd>
            <bdi>{[verdictName(lastFeedback.verdict), lastFeedback.reason].filter(Boolean).join(': ')}</bdi>
            <small class="soft" title={exactly(lastFeedback.at)}>
              {onDate(lastFeedback.at)}
            </small>
          </dd>
        </>
      )}
    </dl>
  </Card>
)

interface FactsProps {
  readonly visitor: Visitor
  readonly packet: Answer | undefined
  readonly erased: () => void
}

export const Facts = ({ visitor, packet, erased }: FactsProps) => (
  <div class="facts">
    <Next next={visitor.next} />
    <Fit fit={visitor.fit} priority={visitor.priority} />
    {packet && <Packet packet={packet} />}
    {packet && <Standing packet={packet} />}
    <Topics topics={visitor.topics} />
    <Told traits={visitor.traits} />
    <Source source={visitor.source} />
    <Activity visitor={visitor} />
    <PrivacyCard visitor={visitor} erased={erased} />
  </div>
)
