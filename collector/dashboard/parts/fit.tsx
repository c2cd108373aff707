/** How well they fit, and what speaks for it. */
import type { Visitor } from '../../../shared/answer.ts'
import { share } from '../figures.ts'
import { t } from '../strings/language.ts'
import { Card } from './card.tsx'

export const Fit = ({ fit, priority }: Pick<Visitor, 'fit' | 'priority'>) => (
  <Card title={t.visitor.fit}>
    <p class="fit">
      <b class={`grade grade-${fit.grade === '?' ? 'unknown' : fit.grade}`}>{fit.grade}</b>
      <span>
        {fit.percent === null ? t.visitor.fitUnknown : t.visitor.fitPercent(share(fit.percent / 100))}
        <small class="soft">
          {t.visitor.priority} <bdi>{priority}</bdi>
        </small>
      </span>
    </p>
    <ul class="reasons">
      {fit.reasons.map((reason) => (
        <li key={reason}>
          <bdi>{reason}</bdi>
        </li>
      ))}
    </ul>
  </Card>
)
