/** The six stages as steps, the one they are at marked, and the furthest they have been. */
import type { Visitor } from '../../../shared/answer.ts'
import { BANDS, STAGES, type Stage, stagesOf } from '../scale.ts'
import { t } from '../strings/language.ts'
import { Moment } from './moment.tsx'

const standing = (step: Stage, { stage, furthestStage }: Pick<Visitor, 'stage' | 'furthestStage'>) => {
  if (step === stage) return 'current'
  if (step === furthestStage && STAGES.indexOf(furthestStage) > STAGES.indexOf(stage)) return 'furthest'
  return STAGES.indexOf(step) < STAGES.indexOf(stage) ? 'reached' : 'ahead'
}

export const StagePath = ({ visitor }: { visitor: Visitor }) => (
  <section class="path" aria-label={t.visitor.stagePath}>
    {BANDS.map((band) => (
      <div key={band} class="band">
        <h2>{t.funnel.bands[band]}</h2>
        <ol>
          {stagesOf(band).map((step) => {
            const where = standing(step, visitor)
            return (
              <li key={step} class={`${step} ${where}`} aria-current={where === 'current' ? 'step' : undefined}>
                <b>{t.stages[step]}</b>
                <small>
                  {where === 'current' ? <Moment at={visitor.stageSince} say={t.visitor.since} /> : t.visitor[where]}
                </small>
              </li>
            )
          })}
        </ol>
      </div>
    ))}
  </section>
)
