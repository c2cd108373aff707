/** What each version of the model recorded in these days, side by side; of two, also how far they are apart. */
import type { ComponentChildren } from 'preact'
import type { FunnelReport } from '../../../shared/answer-reports.ts'
import { count, more } from '../figures.ts'
import { QUALIFICATIONS, STAGES } from '../scale.ts'
import { daysIn } from '../state/figure.ts'
import { t } from '../strings/language.ts'
import { FiguresTable } from './figures-table.tsx'
import { People } from './people.tsx'

type Version = FunnelReport['models'][number]

/** What can be reached by moving; everybody begins at the first of each. */
const ROWS = [
  ...STAGES.slice(1).map((to) => ({ to, label: t.stages[to] })),
  ...QUALIFICATIONS.slice(1).map((to) => ({ to, label: t.qualifications[to].short })),
]

const turnsIn = ({ stages, qualifications }: Version, wanted: string): number =>
  [...stages, ...qualifications].find(({ to }) => to === wanted)?.count ?? 0

interface VersionsTableProps extends Pick<FunnelReport, 'models' | 'period'> {
  readonly title?: string
  readonly lead?: ComponentChildren
  /** Whether a last column tells how much more the first of two has than the second. */
  readonly apart?: boolean
}

export const VersionsTable = ({ models, period, title, lead, apart = false }: VersionsTableProps) => {
  const [first, second] = models
  return (
    <FiguresTable
      title={title ?? t.report.versions}
      lead={lead ?? t.report.versionsLead}
      columns={[
        t.report.turn,
        ...models.map(({ modelVersion }) => t.report.version(modelVersion)),
        ...(apart ? [t.versus.difference] : []),
      ]}
    >
      {ROWS.map(({ to, label }) => (
        <tr key={to}>
          <th scope="row">{label}</th>
          {models.map((version) => {
            const n = turnsIn(version, to)
            const model = String(version.modelVersion)
            return (
              <td key={model}>
                <People of={{ became: to, model }} where={daysIn(period)} n={n}>
                  {count(n)}
                </People>
              </td>
            )
          })}
          {apart && first && second && <td>{more(turnsIn(first, to) - turnsIn(second, to))}</td>}
        </tr>
      ))}
    </FiguresTable>
  )
}
