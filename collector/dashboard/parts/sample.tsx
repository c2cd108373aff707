/** Sample data: shown with one click, gone with another. */

import { href } from '../router.ts'
import { hasSample, isMaking, makeSample, problem, removeSample, SAMPLE } from '../state/sample.ts'
import { t } from '../strings/language.ts'
import { Card } from './card.tsx'

export const SampleButton = () => {
  const there = hasSample()
  return (
    <>
      <button type="button" disabled={isMaking.value} onClick={() => void (there ? removeSample() : makeSample())}>
        {isMaking.value ? t.loading : there ? t.sample.remove : t.sample.show}
      </button>
      {problem.value && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
    </>
  )
}

export const SampleCard = () => (
  <Card title={t.sample.title}>
    <p class="soft">{hasSample() ? t.sample.there : t.sample.lead}</p>
    <p>
      <SampleButton /> {hasSample() && <a href={href('/', [['site', SAMPLE]])}>{t.setup.toList}</a>}
    </p>
  </Card>
)
