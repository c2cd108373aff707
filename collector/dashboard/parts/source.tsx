/** Where they came from, the first time and the last. */
import type { Visitor } from '../../../shared/answer.ts'
import { mediumName } from '../naming.ts'
import { t } from '../strings/language.ts'
import { exactly, onDate } from '../time.ts'
import { Card } from './card.tsx'
import { WebLink } from './web-link.tsx'

type Touch = NonNullable<Visitor['source']['first']>

const TouchLines = ({ label, touch }: { label: string; touch: Touch }) => (
  <>
    <dt>{label}</dt>
    <dd>
      <bdi>{[mediumName(touch.medium), touch.source, touch.campaign].filter(Boolean).join(' · ')}</bdi>
      <small class="soft" title={exactly(touch.at)}>
        {onDate(touch.at)}
      </small>
      {touch.referrer && <WebLink url={touch.referrer} />}
      {touch.landing && (
        <small>
          {t.visitor.landing} <WebLink url={touch.landing} />
        </small>
      )}
    </dd>
  </>
)

export const Source = ({ source }: Pick<Visitor, 'source'>) => (
  <Card title={t.visitor.source}>
    <dl>
      {source.first && <TouchLines label={t.visitor.firstTouch} touch={source.first} />}
      {source.last && source.last.at !== source.first?.at && (
        <TouchLines label={t.visitor.lastTouch} touch={source.last} />
      )}
    </dl>
  </Card>
)
