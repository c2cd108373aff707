/** What each version of the model recorded in these days, side by side. */
import type { FunnelReport } from '../../../shared/answer-reports.ts'
import { count } from '../figures.ts'
import { href } from '../router.ts'
import { QUALIFICATIONS, STAGES } from '../scale.ts'
import { t } from '../strings/language.ts'
import { FiguresTable } from './figures-table.tsx'

type Version = FunnelReport['models'][number]

const ROWS = [
  ...STAGES.slice(1).map((stage) => ({
    ...{ name: stage, label: t.stages[stage], to: href('/', [['stage', stage]]) },
    of: ({ stages }: Version) => stages.find(({ to }) => to === stage)?.count,
  })),
  ...QUALIFICATIONS.filter((name) => name !== 'anonymous').map((name) => ({
    ...{ name, label: t.qualifications[name].short, to: href('/', [['qualification', name]]) },
    of: ({ qualifications }: Version) => qualifications.find(({ to }) => to === name)?.count,
  })),
]

export const VersionsTable = ({ models }: Pick<FunnelReport, 'models'>) => (
  <FiguresTable
    title={t.report.versions}
    lead={t.report.versionsLead}
    columns={[t.report.turn, ...models.map(({ modelVersion }) => t.report.version(modelVersion))]}
  >
    {ROWS.map(({ name, label, to, of }) => (
      <tr key={name}>
        <th scope="row">
          <a href={to}>{label}</a>
        </th>
        {models.map((version) => (
          <td key={version.modelVersion}>{count(of(version) ?? 0)}</td>
        ))}
      </tr>
    ))}
  </FiguresTable>
)
