/** One company in the list: how warm, how many people, whether it is time. */
import type { Account } from '../../../shared/answer.ts'
import { count, points } from '../figures.ts'
import { href, place } from '../router.ts'
import { companyHref } from '../state/figure.ts'
import { scopeOf } from '../state/scope.ts'
import { t } from '../strings/language.ts'
import { Moment } from './moment.tsx'
import { Why } from './why.tsx'

/** A visitor's caps, doubled. */
const MOST = 200

export const CompanyScore = ({ score }: Pick<Account, 'score'>) => (
  <div class="score intent">
    <b>{points(score)}</b>
    <div class="track" aria-hidden="true">
      <div class="fill" style={{ '--part': Math.min(1, score / MOST) }} />
    </div>
  </div>
)

/** With what is met and what is missing on hover, and for those who listen. */
export const Ready = ({ ready, checks }: Pick<Account, 'ready' | 'checks'>) => {
  const met = checks.filter(({ met }) => met).length
  const words = checks.map(({ rule, met }) => `${met ? '✓' : '–'} ${rule}`).join('\n')
  if (ready)
    return (
      <abbr class="qualification sql" title={words}>
        {t.company.ready}
      </abbr>
    )
  return (
    <abbr class="qualification" title={words}>
      {t.company.checks(count(met), count(checks.length))}
    </abbr>
  )
}

export const CompanyRow = ({ account }: { account: Account }) => {
  const { id, score, people, lastSeen, why } = account
  return (
    <tr>
      <th scope="row">
        <a href={href(`/companies/${encodeURIComponent(id)}`)}>
          <bdi>{id}</bdi>
        </a>
      </th>
      <td class="wide">
        <CompanyScore score={score} />
      </td>
      <td>
        <a class="people" href={companyHref(id, { site: scopeOf(place.value.query).site })} title={t.figure.show}>
          {count(people)}
        </a>
      </td>
      <td>
        <Ready {...account} />
      </td>
      <td class="words">
        <Why why={why} />
      </td>
      <td>
        <Moment at={lastSeen} />
      </td>
    </tr>
  )
}
