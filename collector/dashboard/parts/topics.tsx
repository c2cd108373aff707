/** What they care for, strongest first: points by topic. */
import type { Visitor } from '../../../shared/answer.ts'
import { points } from '../figures.ts'
import { t } from '../strings/language.ts'
import { Card } from './card.tsx'

const SHOWN = 6

export const Topics = ({ topics }: Pick<Visitor, 'topics'>) => {
  if (topics.length === 0) return null
  const most = Math.max(...topics.map(({ value }) => value), 1)
  return (
    <Card title={t.visitor.topics}>
      <ul class="bars">
        {topics.slice(0, SHOWN).map(({ topic, value }) => (
          <li key={topic}>
            <span class="bar-fill" aria-hidden="true" style={{ '--part': Math.max(0, value / most) }} />
            <bdi>{topic}</bdi> <b>{points(value)}</b>
          </li>
        ))}
      </ul>
    </Card>
  )
}
