/** What a draft would have changed, on all of history: the matrix, who changes, the hand-offs week by week. */
import { useId, useState } from 'preact/hooks'
import type { Moved, Simulation as Result } from '../../../shared/simulation.ts'
import { count, share } from '../figures.ts'
import { qualificationName, stageName } from '../naming.ts'
import { QUALIFICATIONS, STAGES } from '../scale.ts'
import { t } from '../strings/language.ts'
import { FiguresTable } from './figures-table.tsx'
import { Named } from './named.tsx'
import { WeeksPlot } from './weeks-plot.tsx'

interface MatrixProps {
  readonly title: string
  readonly names: readonly string[]
  readonly nameOf: (key: string) => string
  readonly rows: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly moved: readonly Moved<string>[]
}

/** Down: as it is; across: as it would be. Who stays is on the diagonal; each other figure opens whom it counts. */
const Matrix = ({ title, names, nameOf, rows, moved }: MatrixProps) => {
  const [open, setOpen] = useState<Moved<string>>()
  const countOf = (from: string, to: string): number => rows[from]?.[to] ?? 0
  const listId = useId()
  const figure = (from: string, to: string) => {
    const who = moved.find((each) => each.from === from && each.to === to)
    const n = count(countOf(from, to))
    if (!who) return n
    return (
      <button
        type="button"
        class="people"
        title={t.figure.show}
        aria-expanded={who === open}
        aria-controls={listId}
        onClick={() => setOpen(who === open ? undefined : who)}
      >
        {n}
      </button>
    )
  }
  return (
    <FiguresTable
      title={title}
      lead={t.simulation.matrix}
      columns={[t.simulation.fromTo, ...names.map(nameOf)]}
      below={
        <div id={listId} class="moved-who">
          {open && <Who moved={open} nameOf={nameOf} n={countOf(open.from, open.to)} />}
        </div>
      }
    >
      {names.map((from) => (
        <tr key={from}>
          <th scope="row">{nameOf(from)}</th>
          {names.map((to) => (
            <td key={to} class={from === to ? 'same' : countOf(from, to) ? 'moved' : 'none'}>
              {figure(from, to)}
            </td>
          ))}
        </tr>
      ))}
    </FiguresTable>
  )
}

const Who = ({ moved, nameOf, n }: Pick<MatrixProps, 'nameOf'> & { moved: Moved<string>; n: number }) => (
  <>
    <h3>
      {nameOf(moved.from)} → {nameOf(moved.to)}
    </h3>
    <Named ids={moved.visitors}>
      {n > moved.visitors.length && <li class="soft">{t.simulation.others(count(n - moved.visitors.length))}</li>}
    </Named>
  </>
)

type Changes = Result['gains']['mql']

/** Who they are is asked for once somebody wants to see it. */
const Changers = ({ visitors }: Pick<Changes, 'visitors'>) => {
  const [isOpen, setOpen] = useState(false)
  const turns = new Map(
    visitors.map(({ visitor, from, to }) => [visitor, `${qualificationName(from)} → ${qualificationName(to)}`]),
  )
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t.simulation.who}</summary>
      {isOpen && <Named ids={[...turns.keys()]} say={(id) => turns.get(id)!} />}
    </details>
  )
}

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
    {changes.visitors.length > 0 && <Changers visitors={changes.visitors} />}
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
      moved={result.moved.qualifications}
    />
    <Matrix title={t.filter.stage} names={STAGES} nameOf={stageName} rows={result.stages} moved={result.moved.stages} />
  </div>
)
