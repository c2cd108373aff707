/** How many times the average: the figure, and a bar that starts from one. */
import { times } from '../figures.ts'
import { t } from '../strings/language.ts'

/** Of the cell, so that the figure stands beside the longest bar. */
const MOST = 3
const ROOM = 0.66

export const Lift = ({ lift }: { lift: number | null }) => {
  if (lift === null) return <span title={t.content.tooFew}>{t.none}</span>
  return (
    <span class={lift < 1 ? 'lift below' : 'lift'}>
      <span class="bar-fill" aria-hidden="true" style={{ '--part': Math.min(1, lift / MOST) * ROOM }} />
      <b>× {times(lift)}</b>
    </span>
  )
}
