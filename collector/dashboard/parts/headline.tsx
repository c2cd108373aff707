/** The head of one visitor's page: who they are, how warm, how far. */
import type { ComponentChildren } from 'preact'
import type { Visitor } from '../../../shared/answer.ts'
import { points } from '../figures.ts'
import { flagName } from '../naming.ts'
import { identityOf } from '../person.ts'
import { href } from '../router.ts'
import { t } from '../strings/language.ts'
import { GroupsBar } from './groups-bar.tsx'
import { Moment } from './moment.tsx'
import { Momentum } from './momentum.tsx'
import { QualificationChip } from './qualification.tsx'
import { StagePath } from './stage-path.tsx'

const Flags = ({ flags }: Pick<Visitor, 'flags'>) => (
  <>
    {flags.map((flag) => (
      <span key={flag} class="flag">
        <span aria-hidden="true">⚑ </span>
        <bdi>{flagName(flag)}</bdi>
      </span>
    ))}
  </>
)

const Who = ({ visitor }: { visitor: Visitor }) => {
  const { name, detail, known } = identityOf(visitor)
  const { qualification, qualificationSince, flags, lastSeen, account } = visitor
  return (
    <div class="person">
      <h1 class={known ? '' : 'nameless'}>
        <bdi>{name}</bdi>
      </h1>
      <p class="soft">
        {detail && (
          <>
            {account ? (
              <a href={href(`/companies/${encodeURIComponent(account)}`)}>
                <bdi>{detail}</bdi>
              </a>
            ) : (
              <bdi>{detail}</bdi>
            )}{' '}
            ·{' '}
          </>
        )}
        {t.visitor.lastSeen} <Moment at={lastSeen} />
      </p>
      <p class="chips">
        <QualificationChip qualification={qualification} />
        {qualification !== 'anonymous' && (
          <small class="soft">
            <Moment at={qualificationSince} say={t.visitor.since} />
          </small>
        )}
        <Flags flags={flags} />
      </p>
    </div>
  )
}

export const Headline = ({ visitor, children }: { visitor: Visitor; children?: ComponentChildren }) => {
  const { score, stage, momentum, coolsAt, groups } = visitor
  return (
    <section class="card headline">
      <Who visitor={visitor} />
      <p class={`big ${stage}`}>
        <span class="unseen">{t.visitor.score} </span>
        <b>{points(score)}</b>
        <Momentum momentum={momentum} />
        <small>
          {t.visitor.of100}
          {coolsAt && (
            <>
              {' · '}
              <Moment at={coolsAt} say={t.list.cools} />
            </>
          )}
        </small>
      </p>
      {children}
      <StagePath visitor={visitor} />
      <GroupsBar groups={groups} />
    </section>
  )
}
