/** Somebody asks what is held of them: found by their address, handed everything, or erased. */
import { useState } from 'preact/hooks'
import type { Visitor } from '../../../shared/answer.ts'
import type { Answer } from '../api.ts'
import { textIn } from '../form.ts'
import { identityOf } from '../person.ts'
import { visitorHref } from '../router.ts'
import { findPeople } from '../state/asked-for.ts'
import { t } from '../strings/language.ts'
import { AuditCard } from './audit-card.tsx'
import { Field } from './field.tsx'
import { PrivacyDeeds } from './privacy-deeds.tsx'

interface FoundProps {
  readonly visitor: Visitor
  readonly erased: () => void
}

const Found = ({ visitor, erased }: FoundProps) => {
  const [showsAudit, setShowsAudit] = useState(false)
  const { name, detail } = identityOf(visitor)
  return (
    <li>
      <a href={visitorHref(visitor.id)}>
        <bdi>{name}</bdi>
      </a>{' '}
      <small class="soft">
        <bdi>{[detail, visitor.site].filter(Boolean).join(' · ')}</bdi>
      </small>
      <PrivacyDeeds visitor={visitor} erased={erased} />
      <button type="button" class="small" aria-expanded={showsAudit} onClick={() => setShowsAudit(!showsAudit)}>
        {t.privacy.auditOf}
      </button>
      {showsAudit && <AuditCard of={visitor} />}
    </li>
  )
}

export const RequestsCard = () => {
  const [found, setFound] = useState<Answer<readonly Visitor[]>>()
  const search = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const name = textIn(new FormData(event.currentTarget as HTMLFormElement), 'name')
    if (name) setFound(await findPeople(name))
  }
  const people = found?.ok ? found.value : []
  const drop = (gone: Visitor): void => setFound({ ok: true, value: people.filter(({ id }) => id !== gone.id) })
  return (
    <section class="card requests">
      <h2>{t.privacy.requests}</h2>
      <p class="soft">{t.privacy.requestsLead}</p>
      <form onSubmit={search}>
        <Field name="name" type="search" label={t.privacy.email} required />
        <button type="submit">{t.filter.search}</button>
      </form>
      <div role="status">
        {found && !found.ok && <p class="problem">{found.message}</p>}
        {found?.ok && people.length === 0 && <p>{t.privacy.nobody}</p>}
      </div>
      <ul>
        {people.map((visitor) => (
          <Found key={visitor.id} visitor={visitor} erased={() => drop(visitor)} />
        ))}
      </ul>
    </section>
  )
}
