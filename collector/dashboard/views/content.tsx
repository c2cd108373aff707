/** Which pages and downloads people saw before they moved on; and pages that say nothing yet. */
import type { ContentReport, Period, SignalsReport } from '../../../shared/answer-reports.ts'
import { count, share } from '../figures.ts'
import { signalName } from '../naming.ts'
import { Copy } from '../parts/copy.tsx'
import { FiguresTable } from '../parts/figures-table.tsx'
import { Lift } from '../parts/lift.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { People } from '../parts/people.tsx'
import { ReportHead } from '../parts/report-head.tsx'
import { Unfilled } from '../parts/unfilled.tsx'
import { place } from '../router.ts'
import { STAGES, type Stage } from '../scale.ts'
import { useAnswer } from '../state/answer.ts'
import { closedIn, daysIn } from '../state/figure.ts'
import { daysOf, reportPath, scopeOf } from '../state/scope.ts'
import { t } from '../strings/language.ts'

type Item = ContentReport['items'][number]

const Row = ({ item, period }: { item: Item; period: Period }) => {
  const { path, kind, tagged, signal, stage, people, share: part, moved, rate, lift } = item
  const of = { content: path, kind, tagged, during: stage, ...(signal && { meaning: signal }) }
  const where = closedIn(period)
  return (
    <tr>
      <th scope="row">
        <bdi class="path-name">{path}</bdi>
        <small class="soft">
          {[t.content.kinds[kind], signal && signalName(signal), t.content.tagged[tagged]].filter(Boolean).join(' · ')}
        </small>
      </th>
      <td>
        <People of={of} where={where} n={people}>
          {count(people)}
        </People>{' '}
        {part !== null && <small class="soft">{share(part)}</small>}
      </td>
      <td>
        <People of={{ ...of, moved: 'yes' }} where={where} n={moved}>
          {count(moved)}
        </People>{' '}
        {rate !== null && <small class="soft">{share(rate)}</small>}
      </td>
      <td class="wide">
        <Lift lift={lift} />
      </td>
    </tr>
  )
}

const AtStage = ({ stage, report }: { stage: Stage; report: ContentReport }) => {
  const items = report.items.filter((item) => item.stage === stage)
  const { rate = null, moved = 0 } = report.stages.find((row) => row.stage === stage) ?? {}
  if (items.length === 0) return null
  return (
    <FiguresTable
      title={t.content.at(t.stages[stage])}
      lead={
        rate !== null && (
          <People of={{ entered: stage, moved: 'yes' }} where={closedIn(report.period)} n={moved}>
            {t.content.average(share(rate))}
          </People>
        )
      }
      columns={[t.content.page, t.content.people, t.content.moved, t.content.lift]}
    >
      {items.map((item) => (
        <Row key={`${item.path} ${item.kind} ${item.tagged} ${item.signal}`} item={item} period={report.period} />
      ))}
    </FiguresTable>
  )
}

const Untagged = ({ untagged, period }: Pick<ContentReport, 'untagged' | 'period'>) => (
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
            <small>
              <People of={{ content: path }} where={daysIn(period)} n={people}>
                {t.funnel.peopleCount(people)}
              </People>
            </small>
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

const SignalRow = ({ item, period }: { item: SignalsReport['items'][number]; period: Period }) => {
  const { signal, people, sql, rate, lift } = item
  return (
    <tr>
      <th scope="row">
        <bdi>{signalName(signal)}</bdi>
      </th>
      <td>
        <People of={{ signal }} where={daysIn(period)} n={people}>
          {count(people)}
        </People>
      </td>
      <td>
        <People of={{ signal, moved: 'yes' }} where={closedIn(period)} n={sql}>
          {count(sql)}
        </People>{' '}
        {rate !== null && <small class="soft">{share(rate)}</small>}
      </td>
      <td class="wide">
        <Lift lift={lift} />
      </td>
    </tr>
  )
}

const SignalsLead = ({ base, period }: SignalsReport) =>
  base.rate === null ? (
    t.content.signalsLead
  ) : (
    <People of={{ reached: 'sql' }} where={closedIn(period)} n={base.sql}>
      {t.content.signalsAverage(share(base.rate))}
    </People>
  )

const Signals = ({ path }: { path: string }) => {
  const [asked, again] = useAnswer<SignalsReport>(path)
  return (
    <Loaded asked={asked} again={again} rows={4}>
      {(report) =>
        report.items.length > 0 && (
          <FiguresTable
            title={t.content.signals}
            lead={<SignalsLead {...report} />}
            columns={[t.explain.columns.signal, t.content.people, t.qualifications.sql.short, t.content.lift]}
          >
            {report.items.map((item) => (
              <SignalRow key={item.signal} item={item} period={report.period} />
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
            {report.untagged.length > 0 && <Untagged untagged={report.untagged} period={report.period} />}
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
