/** Where people came from first, side by side: how many, and how far they got. */
import type { FunnelReport } from '../../../shared/answer-reports.ts'
import { count, share } from '../figures.ts'
import { mediumName } from '../naming.ts'
import { closedIn, daysIn } from '../state/figure.ts'
import { t } from '../strings/language.ts'
import { FiguresTable } from './figures-table.tsx'
import { People } from './people.tsx'

const SHOWN = 12
const REACHED = ['interest', 'evaluation', 'intent', 'mql', 'sql', 'customer'] as const

const labelOf = (name: (typeof REACHED)[number]): string =>
  name === 'mql' || name === 'sql' || name === 'customer' ? t.qualifications[name].short : t.stages[name]

export const SourcesTable = ({ sources, period }: Pick<FunnelReport, 'sources' | 'period'>) => (
  <FiguresTable
    title={t.report.sources}
    lead={t.report.sourcesLead}
    columns={[t.report.source, t.report.visitors, ...REACHED.map(labelOf)]}
  >
    {sources.slice(0, SHOWN).map(({ medium, source, visitors, closed, reached }) => (
      <tr key={`${medium} ${source}`}>
        <th scope="row">
          <bdi>{mediumName(medium)}</bdi>{' '}
          {source && (
            <small class="soft">
              <bdi>{source}</bdi>
            </small>
          )}
        </th>
        <td>
          <People of={{ medium, source: source ?? '' }} where={daysIn(period)} n={visitors}>
            {count(visitors)}
          </People>
        </td>
        {REACHED.map((name) => (
          <td key={name}>
            <People
              of={{ medium, source: source ?? '', reached: name }}
              where={closedIn(period)}
              n={reached[name]}
              title={t.report.ofClosed(count(reached[name]), count(closed))}
            >
              {closed ? share(reached[name] / closed) : t.none}
            </People>
          </td>
        ))}
      </tr>
    ))}
  </FiguresTable>
)
