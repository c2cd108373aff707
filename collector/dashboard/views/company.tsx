/** One company: how warm, why, whether it is time, and its people. */
import type { AccountDetail } from '../../../shared/answer.ts'
import { count, points } from '../figures.ts'
import { signalName } from '../naming.ts'
import { CompanyScore, Ready } from '../parts/company-row.tsx'
import { FiguresTable } from '../parts/figures-table.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { QualificationChip } from '../parts/qualification.tsx'
import { useTitle } from '../parts/report-head.tsx'
import { StageChip } from '../parts/stage-chip.tsx'
import { identityOf } from '../person.ts'
import { href, place, visitorHref } from '../router.ts'
import { STAGES } from '../scale.ts'
import { useAnswer } from '../state/answer.ts'
import { companyHref } from '../state/figure.ts'
import { t } from '../strings/language.ts'
import { MissingView } from './missing.tsx'

const Breadth = ({ account, site }: { account: AccountDetail; site: string }) => (
  <ul class="breadth" aria-label={t.company.breadth}>
    {STAGES.map((stage) => {
      const n = account.visitors.filter(({ visitor }) => visitor.stage === stage).length
      return (
        <li key={stage} class={n ? stage : 'nobody'}>
          <b>
            {n > 0 ? (
              <a class="people" href={companyHref(account.id, { site, stage })}>
                {count(n)}
              </a>
            ) : (
              count(n)
            )}
          </b>{' '}
          {t.stages[stage]}
        </li>
      )
    })}
  </ul>
)

const Head = ({ account, site }: { account: AccountDetail; site: string }) => (
  <section class="card headline">
    <div class="person">
      <h1>
        <bdi>{account.id}</bdi>
      </h1>
      <p class="soft">
        <a class="people" href={companyHref(account.id, { site })}>
          {t.funnel.peopleCount(account.people)}
        </a>{' '}
        · {t.visitor.lastSeen} <Moment at={account.lastSeen} />
      </p>
      <p class="chips">
        <Ready {...account} />
      </p>
      <ul class="reasons">
        {account.checks.map(({ rule, met }) => (
          <li key={rule}>
            <span aria-hidden="true">{met ? '✓' : '–'}</span>
            <span class="unseen">{met ? t.company.met : t.company.unmet}</span> <bdi>{rule}</bdi>
          </li>
        ))}
      </ul>
    </div>
    <div class="company-score">
      <CompanyScore score={account.score} />
      <small class="soft">{t.company.of200}</small>
    </div>
    <Breadth account={account} site={site} />
  </section>
)

const People = ({ visitors }: Pick<AccountDetail, 'visitors'>) => (
  <FiguresTable
    title={t.company.people}
    lead={t.company.peopleLead}
    columns={[
      t.list.columns.who,
      t.list.columns.score,
      t.company.adds,
      t.list.columns.stage,
      t.list.columns.qualification,
    ]}
  >
    {visitors.map(({ visitor, value }) => (
      <tr key={visitor.id}>
        <th scope="row">
          <a href={visitorHref(visitor.id)}>
            <bdi>{identityOf(visitor).name}</bdi>
          </a>
        </th>
        <td>{points(visitor.score)}</td>
        <td>{points(value)}</td>
        <td>
          <StageChip stage={visitor.stage} />
        </td>
        <td>
          <QualificationChip qualification={visitor.qualification} />
        </td>
      </tr>
    ))}
  </FiguresTable>
)

const Signals = ({ signals, sum }: Pick<AccountDetail, 'signals' | 'sum'>) => {
  const most = Math.max(1, ...signals.map(({ value }) => value))
  return (
    <section class="card">
      <h2>{t.company.signals}</h2>
      <ul class="bars">
        {signals.map(({ signal, value }) => (
          <li key={signal}>
            <span class="bar-fill" aria-hidden="true" style={{ '--part': Math.max(0, value / most) }} />
            <bdi>{signalName(signal)}</bdi> <b>{points(value)}</b>
          </li>
        ))}
        <li class="sum">
          {t.explain.total} <b>{points(sum)}</b>
        </li>
      </ul>
    </section>
  )
}

export const CompanyView = ({ id }: { id: string }) => {
  useTitle(id)
  const site = place.value.query.get('site') ?? ''
  const query = site ? `?site=${encodeURIComponent(site)}` : ''
  const [asked, again] = useAnswer<AccountDetail>(`/api/accounts/${encodeURIComponent(id)}${query}`)
  if (asked.phase === 'failed' && asked.missing) return <MissingView message={t.company.missing} />
  return (
    <div class="one">
      <a class="back" href={href('/companies')}>
        <span aria-hidden="true">←</span> {t.nav.companies}
      </a>
      <Loaded asked={asked} again={again}>
        {(account) => (
          <>
            <Head account={account} site={site} />
            <div class="columns">
              <People visitors={account.visitors} />
              <Signals signals={account.signals} sum={account.sum} />
            </div>
          </>
        )}
      </Loaded>
    </div>
  )
}
