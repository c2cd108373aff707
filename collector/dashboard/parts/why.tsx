/** What carries the score, strongest first, in words. */
import type { Visitor } from '../../../shared/answer.ts'
import { points } from '../figures.ts'
import { signalName } from '../naming.ts'
import { t } from '../strings/language.ts'

const SHOWN = 3

export const Why = ({ why }: Pick<Visitor, 'why'>) => {
  if (!why.length) return <span class="soft">{t.list.nothingYet}</span>
  const spelledOut = why.map(({ signal, value }) => `${signalName(signal)} ${points(value)}`).join(' · ')
  const shown = why.slice(0, SHOWN).map(({ signal }) => signalName(signal))
  return (
    <span class="why" title={spelledOut}>
      <bdi>{[...new Set(shown)].join(' · ')}</bdi>
    </span>
  )
}
