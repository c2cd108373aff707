/** A stage: six small panes in three bands, lit as far as it is, and its name. */
import { STAGES, type Stage } from '../scale.ts'
import { t } from '../strings/language.ts'

export const Panes = ({ stage }: { stage: Stage }) => (
  <svg class="panes" viewBox="0 0 34 12" width="34" height="12" aria-hidden="true">
    {STAGES.map((name, i) => (
      <rect
        key={name}
        class={i <= STAGES.indexOf(stage) ? 'lit' : ''}
        x={i * 5 + Math.floor(i / 2) * 2}
        width="4"
        height="12"
        rx="1"
      />
    ))}
  </svg>
)

export const StageChip = ({ stage }: { stage: Stage }) => (
  <span class={`stage ${stage}`}>
    <Panes stage={stage} />
    {t.stages[stage]}
  </span>
)
