/** Where the score is heading: an arrow by shape, the word for those who do not see it. */
import type { Visitor } from '../../../shared/answer.ts'
import { t } from '../strings/language.ts'

const PATHS: Readonly<Record<Visitor['momentum'], string>> = {
  rising: 'M3 11 11 3M5 3h6v6',
  steady: 'M2 7h10M8 3l4 4-4 4',
  cooling: 'M3 3l8 8M11 5v6H5',
  unknown: 'M6 7h2',
}

export const Momentum = ({ momentum }: Pick<Visitor, 'momentum'>) => (
  <span class={`momentum ${momentum}`} title={t.momentum[momentum]}>
    <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
      <path d={PATHS[momentum]} />
    </svg>
    <span class="unseen">{t.momentum[momentum]}</span>
  </span>
)
