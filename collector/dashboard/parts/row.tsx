/** The cells of one visitor in the list. They read their own signal, so that a new score draws this row alone. */
import type { Signal } from '@preact/signals'
import type { Visitor } from '../../../shared/answer.ts'
import { identityOf } from '../person.ts'
import { visitorHref } from '../router.ts'
import { sites } from '../state/sites.ts'
import { t } from '../strings/language.ts'
import { Moment } from './moment.tsx'
import { Priority } from './priority.tsx'
import { QualificationChip } from './qualification.tsx'
import { Score } from './score.tsx'
import { StageChip } from './stage-chip.tsx'
import { TrendLine } from './trend.tsx'
import { Why } from './why.tsx'

const Who = ({ visitor }: { visitor: Visitor }) => {
  const { name, detail, known } = identityOf(visitor)
  // The first site is where one expects people to be; the others are worth a word.
  const site = visitor.site === sites.value[0]?.name ? '' : visitor.site
  return (
    <th scope="row" class="who">
      <a class={known ? 'name' : 'name nameless'} href={visitorHref(visitor.id)}>
        <bdi>{name}</bdi>
      </a>
      <small>
        <bdi>{detail}</bdi>
        {site && (
          <>
            {detail && ' · '}
            <bdi>{site}</bdi>
          </>
        )}
      </small>
    </th>
  )
}

export const Cells = ({ person }: { person: Signal<Visitor> }) => {
  const visitor = person.value
  const { id, stage, score, momentum, qualification, fit, priority, why, lastSeen, coolsAt } = visitor
  return (
    <>
      <Who visitor={visitor} />
      <td class="points">
        <Score score={score} stage={stage} momentum={momentum} />
      </td>
      <td class="weeks">
        <TrendLine id={id} stage={stage} />
      </td>
      <td class="at">
        <StageChip stage={stage} />
      </td>
      <td class="qualified">
        <QualificationChip qualification={qualification} />
        <Priority fit={fit} priority={priority} />
      </td>
      <td class="because">
        <Why why={why} />
      </td>
      <td class="seen" data-label={t.list.columns.seen}>
        <Moment at={lastSeen} />
        {coolsAt ? (
          <small>
            <Moment at={coolsAt} say={t.list.cools} />
          </small>
        ) : (
          <small class="unseen">{t.list.staysPut}</small>
        )}
      </td>
    </>
  )
}
