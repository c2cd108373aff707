/** Page rules as a form: a row for each, found, added, moved and taken away. The first that fits an address decides. */
import { useState } from 'preact/hooks'
import type { PageRule } from '../../../shared/model.ts'
import { count } from '../figures.ts'
import { BANDS } from '../scale.ts'
import { moved, type RuleRow, type RuleRows, withField, withNew, without } from '../state/rule-rows.ts'
import { t } from '../strings/language.ts'

const SHOWN = 20
/** So many are found by looking. */
const FEW = 8

interface EditProps {
  readonly rows: RuleRows
  readonly change: (rows: RuleRows) => void
}

type Field = Exclude<keyof PageRule, 'funnel'>

export const RULE_FIELDS: Readonly<Record<keyof PageRule, string>> = {
  path: t.rules.path,
  funnel: t.nav.funnel,
  signal: t.explain.columns.signal,
  topic: t.rules.topic,
}

const Text = ({ row, n, name, ...edit }: EditProps & { row: RuleRow; n: number; name: Field }) => (
  <td>
    <input
      type="text"
      class={name === 'path' ? 'path-field' : ''}
      aria-label={t.rules.fieldOf(RULE_FIELDS[name], n)}
      value={row.rule[name] ?? ''}
      maxLength={200}
      {...(name === 'path' && { required: true, pattern: '/.*' })}
      {...(name === 'signal' && { list: 'signals-known' })}
      onInput={({ currentTarget }) => edit.change(withField(edit.rows, row.key, { [name]: currentTarget.value }))}
    />
  </td>
)

/** The row moves, and the button that moved it stays the one to press. */
const Move = ({ row, n, by, ...edit }: EditProps & { row: RuleRow; n: number; by: -1 | 1 }) => (
  <button
    type="button"
    class="small"
    aria-label={(by < 0 ? t.rules.up : t.rules.down)(n)}
    onClick={({ currentTarget }) => {
      edit.change(moved(edit.rows, row.key, by))
      requestAnimationFrame(() => currentTarget.focus())
    }}
  >
    {by < 0 ? '↑' : '↓'}
  </button>
)

const Row = ({ row, n, ...edit }: EditProps & { row: RuleRow; n: number }) => (
  <tr>
    <th scope="row">{count(n)}</th>
    <Text {...{ row, n, name: 'path', ...edit }} />
    <td>
      <select
        aria-label={t.rules.fieldOf(RULE_FIELDS.funnel, n)}
        value={row.rule.funnel ?? ''}
        onChange={({ currentTarget }) => edit.change(withField(edit.rows, row.key, { funnel: currentTarget.value }))}
      >
        <option value="">{t.none}</option>
        {BANDS.map((funnel) => (
          <option key={funnel} value={funnel}>
            {t.funnel.bands[funnel]}
          </option>
        ))}
      </select>
    </td>
    <Text {...{ row, n, name: 'signal', ...edit }} />
    <Text {...{ row, n, name: 'topic', ...edit }} />
    <td class="moves">
      <Move {...{ row, n, by: -1, ...edit }} />
      <Move {...{ row, n, by: 1, ...edit }} />
      <button
        type="button"
        class="small"
        aria-label={t.rules.remove(n)}
        onClick={() => edit.change(without(edit.rows, row.key))}
      >
        ✕
      </button>
    </td>
  </tr>
)

const fits = ({ rule }: RuleRow, text: string): boolean => Object.values(rule).join(' ').toLowerCase().includes(text)

const Table = ({ shown, ...edit }: EditProps & { shown: RuleRows }) => (
  <table class="figures rules">
    <thead>
      <tr>
        {['', ...Object.values(RULE_FIELDS), t.dialog.actions].map((name) => (
          <th key={name} scope="col">
            {name || <span class="unseen">{t.rules.place}</span>}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {shown.map((row) => (
        <Row key={row.key} row={row} n={edit.rows.indexOf(row) + 1} {...edit} />
      ))}
    </tbody>
  </table>
)

export const RuleForm = ({ rows, change, signals }: EditProps & { readonly signals: readonly string[] }) => {
  const [text, setText] = useState('')
  const [all, setAll] = useState(false)
  const found = text ? rows.filter((row) => fits(row, text.toLowerCase())) : rows
  const shown = all ? found : found.slice(0, SHOWN)
  return (
    <div class="rule-form">
      <div class="rule-tools">
        {rows.length > FEW && (
          <label class="search">
            <span>{t.rules.find}</span>
            <input type="search" value={text} onInput={({ currentTarget }) => setText(currentTarget.value)} />
          </label>
        )}
        <button type="button" class="small" onClick={() => change(withNew(rows))}>
          {t.rules.add}
        </button>
      </div>
      <datalist id="signals-known">
        {signals.map((signal) => (
          <option key={signal} value={signal} />
        ))}
      </datalist>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section class="scroll" aria-label={t.setup.pageRules} tabIndex={0}>
        {shown.length > 0 && <Table {...{ shown, rows, change }} />}
      </section>
      {shown.length < found.length && (
        <button type="button" class="small" onClick={() => setAll(true)}>
          {t.rules.all(found.length)}
        </button>
      )}
    </div>
  )
}
