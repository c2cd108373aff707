/** The model's page rules: read as a table, changed as rows, tried out with an address. */
import { useState } from 'preact/hooks'
import type { Model } from '../../../shared/model.ts'
import { signalName } from '../naming.ts'
import { editing, editRules, ruleEdits } from '../state/model-edit.ts'
import { rowsOf } from '../state/rule-rows.ts'
import { t } from '../strings/language.ts'
import { FiguresTable } from './figures-table.tsx'
import { RULE_FIELDS, RuleForm } from './rule-rows.tsx'
import { UrlTester } from './testers.tsx'

const SHOWN = 12

const Read = ({ pageRules }: Pick<Model, 'pageRules'>) => {
  const [all, setAll] = useState(false)
  const shown = all ? pageRules : pageRules.slice(0, SHOWN)
  return (
    <div class="with-button">
      <FiguresTable title={t.setup.pageRules} lead={t.rules.lead} columns={Object.values(RULE_FIELDS)}>
        {shown.map(({ path, funnel, signal, topic }, i) => (
          <tr key={String(i)}>
            <th scope="row">
              <bdi class="path-name">{path}</bdi>
            </th>
            <td class="words">{funnel ? t.funnel.bands[funnel] : t.none}</td>
            <td class="words">{signal ? signalName(signal) : t.none}</td>
            <td class="words">
              <bdi>{topic || t.none}</bdi>
            </td>
          </tr>
        ))}
      </FiguresTable>
      {shown.length < pageRules.length && (
        <button type="button" class="small" onClick={() => setAll(true)}>
          {t.rules.all(pageRules.length)}
        </button>
      )}
    </div>
  )
}

const Edit = ({ model }: { model: Model }) => {
  // The rows are made once, or typing would take the field away that is typed into.
  const [first] = useState(() => rowsOf(model.pageRules))
  const rows = ruleEdits.value ?? first
  return (
    <section class="card">
      <h2>{t.setup.pageRules}</h2>
      <p class="soft">{t.rules.lead}</p>
      <UrlTester rules={rows.map(({ rule }) => rule)} />
      <RuleForm rows={rows} change={editRules} signals={Object.keys(model.signals)} />
    </section>
  )
}

export const RulesCard = ({ model }: { model: Model }) =>
  editing.value ? <Edit model={model} /> : <Read pageRules={model.pageRules} />
