/** Which pages and downloads people saw before they moved on; and pages that say nothing yet. */
import type { ContentReport, SignalsReport } from '../../../shared/answer-reports.ts'
import { count, share } from '../figures.ts'
import { signalName } from '../naming.ts'
import { Copy } from '../parts/copy.tsx'
import { FiguresTable } from '../parts/figures-table.tsx'
import { Lift } from '../parts/lift.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { ReportHead } from '../parts/report-head.tsx'
import { Unfilled } from '../parts/unfilled.tsx'
import { place } from '../router.ts'
import { STAGES, type Stage } from '../scale.ts'
import { useAnswer } from '../state/answer.ts'
import { daysOf, reportPath, scopeOf } from '../state/scope.ts'
import { t } from '../strings/language.ts'

type Item = ContentReport['items'][number]

const Row = ({ item: { path, kind, tagged, signal, people, share: part, moved, rate, lift } }: { item: Item }) => (
  <tr>
    <th scope="row">
      <bdi class="path-name">{path}</bdi>
      <small class="soft">
        {[t.content.kinds[kind], signal && signalName(signal), t.content.tagged[tagged]].filter(Boolean).join(' · ')}
      </small>
    </th>
    <td>
      {count(people)} {part !== null && <small class="soft">{share(part)}</small>}
    </td>
    <td>
      {count(moved)} {rate !== null && <small class="soft">{share(rate)}</small>}
    </td>
    <td class="wide">
      <Lift lift={lift} />
    </td>
  </tr>
)

const AtStage = ({ stage, report }: { stage: Stage; report: ContentReport }) => {
  const items = report.items.filter((item) => item.stage === stage)
  const average = report.stages.find((row) => row.stage === stage)?.rate
  if (items.length === 0) return null
  return (
    <FiguresTable
      title={t.content.at(t.stages[stage])}
      lead={average != null ? t.content.average(share(average)) : undefined}
      columns={[t.content.page, t.content.people, t.content.moved, t.content.lift]}
    >
      {items.map((item) => (
        <Row key={item.path + item.kind} item={item} />
      ))}
    </FiguresTable>
  )
}

const Untagged = ({ untagged }: Pick<ContentReport, 'untagged'>) => (
  <section class="card untagged">
    <h2>{t.content.untagged}</h2>
    <p class="soft">{t.content.untaggedLead}</p>
    <ul>
      {untagged.map(({ path, people, suggestion, line }) => (
        <li key={path}>
          <p>
            <b>
              <bdi>{path}</bdi>
            </b>{' '}
            <small class="soft">{t.funnel.peopleCount(people)}</small>
          </p>
          <p class="soft">
            {t.content.suggest(
              t.funnel.bands[suggestion.funnel],
              suggestion.signal ? signalName(suggestion.signal) : '',
            )}{' '}
            (<bdi>{suggestion.why}</bdi>)
          </p>
          <Copy text={line} label={t.empty.copy} />
        </li>
      ))}
    </ul>
  </section>
)

const Signals = ({ path }: { path: string }) => {
  const [asked, again] = useAnswer<SignalsReport>(path)
  return (
    <Loaded asked={asked} again={again} rows={4}>
      {({ items, base }) =>
        items.length > 0 && (
          <FiguresTable
            title={t.content.signals}
            lead={base.rate === null ? t.content.signalsLead : t.content.signalsAverage(share(base.rate))}
            columns={[t.explain.columns.signal, t.content.people, t.qualifications.sql.short, t.content.lift]}
          >
            {items.map(({ signal, people, sql, rate, lift }) => (
              <tr key={signal}>
                <th scope="row">
                  <bdi>{signalName(signal)}</bdi>
                </th>
                <td>{count(people)}</td>
                <td>
                  {count(sql)} {rate !== null && <small class="soft">{share(rate)}</small>}
                </td>
                <td class="wide">
                  <Lift lift={lift} />
                </td>
              </tr>
            ))}
          </FiguresTable>
        )
      }
    </Loaded>
  )
}

export const ContentView = () => {
  const scope = scopeOf(place.value.query)
  const days = daysOf(scope, Date.now())
  const [asked, again] = useAnswer<ContentReport>(reportPath('content', days, scope.site))
  return (
    <div class="report">
      <ReportHead title={t.nav.content} lead={t.content.title} />
      <Loaded asked={asked} again={again}>
        {(report) => (
          <>
            {report.untagged.length > 0 && <Untagged untagged={report.untagged} />}
            {report.items.length + report.untagged.length === 0 && (
              <Unfilled text={t.content.empty(report.minPeople)} />
            )}
            {STAGES.map((stage) => (
              <AtStage key={stage} stage={stage} report={report} />
            ))}
            {report.hidden > 0 && <p class="soft">{t.content.hidden(report.hidden, report.minPeople)}</p>}
          </>
        )}
      </Loaded>
      <Signals path={reportPath('signals', days, scope.site)} />
    </div>
  )
}
