/** What a draft would have changed, on all of history: the matrix, who changes, the hand-offs week by week. */
import type { Simulation as Result } from '../../../shared/simulation.ts'
import { count, share } from '../figures.ts'
import { qualificationName, stageName } from '../naming.ts'
import { visitorHref } from '../router.ts'
import { QUALIFICATIONS, STAGES } from '../scale.ts'
import { t } from '../strings/language.ts'
import { FiguresTable } from './figures-table.tsx'
import { WeeksPlot } from './weeks-plot.tsx'

interface MatrixProps {
  readonly title: string
  readonly names: readonly string[]
  readonly nameOf: (key: string) => string
  readonly rows: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** Down: as it is; across: as it would be. Who stays is on the diagonal. */
const Matrix = ({ title, names, nameOf, rows }: MatrixProps) => (
  <FiguresTable title={title} lead={t.simulation.matrix} columns={[t.simulation.fromTo, ...names.map(nameOf)]}>
    {names.map((from) => (
      <tr key={from}>
        <th scope="row">{nameOf(from)}</th>
        {names.map((to) => (
          <td key={to} class={from === to ? 'same' : rows[from]?.[to] ? 'moved' : 'none'}>
            {count(rows[from]?.[to] ?? 0)}
          </td>
        ))}
      </tr>
    ))}
  </FiguresTable>
)

type Changes = Result['gains']['mql']

const Changed = ({ title, changes }: { title: string; changes: Changes }) => (
  <section>
    <h3>{title}</h3>
    <p>
      <b class="figure">{count(changes.count)}</b>
    </p>
    <ul class="reasons">
      {changes.rules.slice(0, 5).map(({ rule, count: n }) => (
        <li key={rule}>
          {count(n)} × <bdi>{rule}</bdi>
        </li>
      ))}
    </ul>
    {changes.visitors.length > 0 && (
      <details>
        <summary>{t.simulation.who}</summary>
        <ul class="reasons named">
          {changes.visitors.map(({ visitor, from, to }) => (
            <li key={visitor}>
              <a href={visitorHref(visitor)}>{visitor.slice(0, 8)}</a> {qualificationName(from)} →{' '}
              {qualificationName(to)}
            </li>
          ))}
        </ul>
      </details>
    )}
  </section>
)

const Accuracy = ({ accuracy }: Pick<Result, 'accuracy'>) => {
  if (accuracy.good + accuracy.bad === 0) return <p class="soft">{t.simulation.noOutcomes}</p>
  const percent = (part: number | null): string => (part === null ? t.none : share(part))
  return (
    <p>
      {t.simulation.precision(percent(accuracy.sql.old.precision), percent(accuracy.sql.new.precision))}{' '}
      {t.simulation.recall(percent(accuracy.sql.old.recall), percent(accuracy.sql.new.recall))}
    </p>
  )
}

export const Simulation = ({ result }: { result: Result }) => (
  <div class="report">
    <section class="card" role="status">
      <h2>{t.simulation.title}</h2>
      <p>
        <b class="figure">{count(result.changed)}</b>{' '}
        {t.simulation.changed(count(result.visitors), count(result.events))}
      </p>
      <Accuracy accuracy={result.accuracy} />
      <div class="changes">
        <Changed title={t.simulation.gains(t.qualifications.mql.short)} changes={result.gains.mql} />
        <Changed title={t.simulation.losses(t.qualifications.mql.short)} changes={result.losses.mql} />
        <Changed title={t.simulation.gains(t.qualifications.sql.short)} changes={result.gains.sql} />
        <Changed title={t.simulation.losses(t.qualifications.sql.short)} changes={result.losses.sql} />
      </div>
    </section>
    <WeeksPlot weeks={result.handOffs} />
    <Matrix
      title={t.filter.qualification}
      names={QUALIFICATIONS}
      nameOf={qualificationName}
      rows={result.qualifications}
    />
    <Matrix title={t.filter.stage} names={STAGES} nameOf={stageName} rows={result.stages} />
  </div>
)
