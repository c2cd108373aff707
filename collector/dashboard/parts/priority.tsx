/** How well they fit and how warm they are, as one word: `B2`. */
import type { Visitor } from '../../../shared/answer.ts'
import { t } from '../strings/language.ts'

export const Priority = ({ fit, priority }: Pick<Visitor, 'fit' | 'priority'>) => (
  <span class="priority" title={t.list.priority(fit.grade, priority)}>
    <span class="unseen">{t.list.priority(fit.grade, priority)}</span>
    <span aria-hidden="true">{priority}</span>
  </span>
)
