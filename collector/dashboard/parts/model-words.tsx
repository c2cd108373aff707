/** The model in plain words: its memory, what counts how much, when a stage is reached, who is handed over. */
import type { Model } from '../../../shared/model.ts'
import { count } from '../figures.ts'
import { signalName } from '../naming.ts'
import { GROUPS, type Group } from '../scale.ts'
import { editing } from '../state/model-edit.ts'
import { t } from '../strings/language.ts'
import { FiguresTable } from './figures-table.tsx'
import { RulesCard } from './rules-card.tsx'
import { Setting } from './setting.tsx'

interface WordsProps {
  readonly model: Model
}

/** One setting and what it does. */
const Sentence = ({ path, value, say }: { path: string; value: number; say: string }) => (
  <li>
    <Setting path={path} value={value} label={say} /> <span>{say}</span>
  </li>
)

const Memory = ({ model }: WordsProps) => (
  <section class="card">
    <h2>{t.model.memory}</h2>
    <ul class="sentences">
      <Sentence path="halfLifeDays" value={model.halfLifeDays} say={t.model.halfLife} />
      <Sentence path="sessionGapMinutes" value={model.sessionGapMinutes} say={t.model.sessionGap} />
      <Sentence path="returnWithinDays" value={model.returnWithinDays} say={t.model.returns} />
      <Sentence path="reading.seconds" value={model.reading.seconds} say={t.model.readSeconds} />
      <Sentence path="reading.scroll" value={model.reading.scroll} say={t.model.readScroll} />
    </ul>
  </section>
)

const signalsOf = (model: Model, group: Group) =>
  Object.entries(model.signals)
    .filter(([, signal]) => signal.group === group)
    .sort(([, a], [, b]) => Math.abs(b.points) - Math.abs(a.points))

const Signals = ({ model, group }: WordsProps & { readonly group: Group }) => (
  <FiguresTable
    title={t.groups[group]}
    lead={
      <>
        {t.model.cap}{' '}
        <Setting path={`caps.${group}`} value={model.caps[group]} label={t.model.capOf(t.groups[group])} />
      </>
    }
    columns={[t.explain.columns.signal, t.explain.columns.points, t.model.times, t.model.days]}
  >
    {signalsOf(model, group).map(([name, { points, limit }]) => (
      <tr key={name}>
        <th scope="row">
          {signalName(name)}
          <small class="soft">
            <code>{name}</code>
          </small>
        </th>
        <td>
          <Setting path={`signals.${name}.points`} value={points} label={t.model.pointsOf(signalName(name))} />
        </td>
        <td>
          {limit ? (
            <Setting
              path={`signals.${name}.limit.times`}
              value={limit.times}
              label={t.model.timesOf(signalName(name))}
            />
          ) : (
            t.none
          )}
        </td>
        <td>
          {limit?.days ? (
            <Setting path={`signals.${name}.limit.days`} value={limit.days} label={t.model.daysOf(signalName(name))} />
          ) : (
            t.none
          )}
        </td>
      </tr>
    ))}
  </FiguresTable>
)

const BANDS = ['interest', 'evaluation', 'intent'] as const

const Stages = ({ model: { stages } }: WordsProps) => (
  <FiguresTable
    title={t.model.stages}
    lead={t.model.stagesLead(count(stages.evidenceDays), count(stages.floorDays))}
    columns={[t.filter.stage, t.model.enter, t.model.leave, t.model.evidence, t.model.floors]}
  >
    {BANDS.map((stage) => (
      <tr key={stage} class={stage}>
        <th scope="row">{t.stages[stage]}</th>
        <td>
          <Setting
            path={`stages.${stage}.enter`}
            value={stages[stage].enter}
            label={t.model.enterOf(t.stages[stage])}
          />
        </td>
        <td>
          <Setting
            path={`stages.${stage}.leave`}
            value={stages[stage].leave}
            label={t.model.leaveOf(t.stages[stage])}
          />
        </td>
        <td class="words">{stages[stage].evidence.map((group) => t.groups[group]).join(', ')}</td>
        <td class="words">{stages[stage].floors.map(signalName).join(', ') || t.none}</td>
      </tr>
    ))}
  </FiguresTable>
)

const Handover = ({ model: { qualification } }: WordsProps) => {
  const { mql, sql, lapse } = qualification
  return (
    <section class="card">
      <h2>{t.model.handover}</h2>
      <ul class="sentences">
        <Sentence path="qualification.mql.score" value={mql.score} say={t.model.mqlScore} />
        <Sentence
          path="qualification.mql.actionScore"
          value={mql.actionScore}
          say={t.model.mqlActions(mql.distinctKinds)}
        />
        <Sentence path="qualification.mql.distinctKinds" value={mql.distinctKinds} say={t.model.mqlKinds} />
        <Sentence path="qualification.sql.score" value={sql.score} say={t.model.sqlScore} />
        <Sentence path="qualification.sql.distinctIntent" value={sql.distinctIntent} say={t.model.sqlIntent} />
        <Sentence path="qualification.lapse.score" value={lapse.score} say={t.model.lapse} />
        <Sentence path="qualification.lapse.sqlDays" value={lapse.sqlDays} say={t.model.recycled} />
      </ul>
      <p class="soft">{t.model.handRaises(sql.handRaises.map(signalName).join(', '))}</p>
    </section>
  )
}

const Fit = ({ model: { fit } }: WordsProps) => (
  <section class="card">
    <h2>{t.visitor.fit}</h2>
    <ul class="sentences">
      {(['A', 'B', 'C'] as const).map((grade) => (
        <Sentence key={grade} path={`fit.grades.${grade}`} value={fit.grades[grade]} say={t.model.grade(grade)} />
      ))}
      <Sentence path="fit.minKnownWeight" value={fit.minKnownWeight} say={t.model.known} />
      <Sentence path="fit.freeMailPenalty" value={fit.freeMailPenalty} say={t.model.freeMail} />
    </ul>
  </section>
)

export const ModelWords = ({ model }: WordsProps) => (
  <div class={editing.value ? 'words-of editing' : 'words-of'}>
    <Memory model={model} />
    <Stages model={model} />
    <Handover model={model} />
    <Fit model={model} />
    <RulesCard model={model} />
    {GROUPS.map((group) => (
      <Signals key={group} model={model} group={group} />
    ))}
  </div>
)
