/** What a person may ask for: all that is held of them, and its end. */
import { useState } from 'preact/hooks'
import type { Visitor } from '../../../shared/answer.ts'
import { identityOf } from '../person.ts'
import { saveDossier } from '../state/dossier.ts'
import { t } from '../strings/language.ts'
import { Card } from './card.tsx'
import { Erase } from './erase.tsx'

interface PrivacyProps {
  readonly visitor: Visitor
  /** Called when they are no more. */
  readonly erased: () => void
}

export const PrivacyDeeds = ({ visitor, erased }: PrivacyProps) => {
  const [isErasing, setErasing] = useState(false)
  const [problem, setProblem] = useState('')
  const save = async (): Promise<void> => {
    setProblem('')
    const answer = await saveDossier(visitor.id)
    if (!answer.ok) setProblem(answer.message)
  }
  const { name } = identityOf(visitor)
  return (
    <>
      <p class="deeds">
        <button type="button" class="small" aria-label={t.privacy.exportOf(name)} onClick={() => void save()}>
          {t.privacy.export}
        </button>
        <button type="button" class="small" aria-label={t.privacy.eraseOf(name)} onClick={() => setErasing(true)}>
          {t.privacy.erase}…
        </button>
      </p>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {isErasing && <Erase visitor={visitor} done={erased} close={() => setErasing(false)} />}
    </>
  )
}

export const PrivacyCard = (props: PrivacyProps) => (
  <Card title={t.privacy.title}>
    <p class="soft">{t.privacy.lead}</p>
    <PrivacyDeeds {...props} />
  </Card>
)
