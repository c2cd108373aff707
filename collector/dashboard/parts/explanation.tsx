/** Why the score is what it is: every row of the ledger, adding up to it. */
import { useState } from 'preact/hooks'
import type { Explanation as Answer } from '../../../shared/answer.ts'
import { points } from '../figures.ts'
import { byGroup, type GroupOfRows, looksRounded, totalOf } from '../ledger.ts'
import { CAPS } from '../scale.ts'
import { t } from '../strings/language.ts'
import { LedgerLine } from './ledger-line.tsx'
import { Skeleton } from './skeleton.tsx'

/** Rows shown of each group before one asks for all; one more than that is shown rather than hidden. */
const SHOWN = 3

const COLUMNS = Object.entries(t.explain.columns)

const Rest = ({ rows, value, all, toggle }: { rows: number; value: number; all: boolean; toggle: () => void }) => (
  <tr class="rest">
    <th scope="row" colSpan={6}>
      <button type="button" onClick={toggle} aria-expanded={all}>
        {all ? t.explain.fewer : t.explain.rest(rows)}
      </button>
    </th>
    <td class="value">{all ? '' : points(value)}</td>
  </tr>
)

const Part = ({ group, rows, sum }: GroupOfRows) => {
  const [all, setAll] = useState(false)
  const hides = rows.length > SHOWN + 1
  const shown = all || !hides ? rows : rows.slice(0, SHOWN)
  const hidden = rows.slice(SHOWN)
  return (
    <tbody class={group}>
      <tr class="group">
        <th scope="rowgroup" colSpan={6}>
          <span class="swatch" aria-hidden="true" />
          {t.groups[group]} <small class="soft">{t.explain.groupTotal(String(CAPS[group]))}</small>
        </th>
        <td class="value">{points(sum)}</td>
      </tr>
      {shown.map((row) => (
        <LedgerLine key={`${row.event} ${row.signal}`} row={row} />
      ))}
      {hides && <Rest rows={hidden.length} value={totalOf(hidden)} all={all} toggle={() => setAll(!all)} />}
    </tbody>
  )
}

const Total = ({ sum }: { sum: number }) => (
  <tfoot>
    <tr>
      <th scope="row" colSpan={6}>
        {t.explain.total}
      </th>
      <td class="value">{points(sum)}</td>
    </tr>
  </tfoot>
)

const Table = ({ explanation }: { explanation: Answer }) => (
  <>
    <table class="ledger">
      <caption class="unseen">{t.explain.title}</caption>
      <thead>
        <tr>
          {COLUMNS.map(([key, label]) => (
            <th key={key} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      {byGroup(explanation.items).map((part) => (
        <Part key={part.group} {...part} />
      ))}
      <Total sum={explanation.sum} />
    </table>
    {explanation.sum < 0 && <p class="soft note">{t.explain.below(points(explanation.sum))}</p>}
    {looksRounded(explanation) && <p class="soft note">{t.explain.rounded}</p>}
  </>
)

export const Explanation = ({ explanation }: { explanation: Answer | undefined }) => (
  <section class="card" aria-labelledby="explain-title">
    <h2 id="explain-title">{t.explain.title}</h2>
    <p class="soft">{t.explain.lead}</p>
    {explanation ? (
      explanation.items.length ? (
        <Table explanation={explanation} />
      ) : (
        <p>{t.explain.empty}</p>
      )
    ) : (
      <Skeleton rows={5} />
    )}
  </section>
)
