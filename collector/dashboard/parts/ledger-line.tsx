/** One row of the explanation: what was done, why it counts, and what is left of it. */
import { ageFactor, gain, points } from '../figures.ts'
import { fateOf, type LedgerRow } from '../ledger.ts'
import { signalName } from '../naming.ts'
import { t } from '../strings/language.ts'
import { clockTime, exactly, onDate } from '../time.ts'
import { WebLink } from './web-link.tsx'

const Applied = ({ row }: { row: LedgerRow }) => {
  const fate = fateOf(row)
  if (fate === 'cap') return <em>{t.explain.capReached}</em>
  return <span title={fate === 'cut' ? t.explain.capped(gain(row.points)) : undefined}>{gain(row.applied)}</span>
}

const { columns } = t.explain

/** The labels are for the narrow screen, where the row is a card. */
export const LedgerLine = ({ row }: { row: LedgerRow }) => (
  <tr>
    <th scope="row" class="signal">
      <bdi>{signalName(row.signal)}</bdi>
      {(row.title || row.url) && <small>{row.title ? <bdi>{row.title}</bdi> : <WebLink url={row.url ?? ''} />}</small>}
    </th>
    <td class="rule">
      <bdi>{row.rule}</bdi>
    </td>
    <td class="when">
      <time dateTime={row.at} title={exactly(row.at)}>
        {onDate(row.at)} <small>{clockTime(row.at)}</small>
      </time>
    </td>
    <td class="number" data-label={columns.points}>
      {gain(row.points)}
    </td>
    <td class={`number ${fateOf(row)}`} data-label={columns.applied}>
      <Applied row={row} />
    </td>
    <td class="number" data-label={columns.factor}>
      × {ageFactor(row.factor)}
    </td>
    <td class="value">{points(row.value)}</td>
  </tr>
)
