/** A site's own page rules: rows, with an address to try them on, or JSON for those who prefer it. */
import { useState } from 'preact/hooks'
import type { PageRule } from '../../../shared/model.ts'
import { useAnswer } from '../state/answer.ts'
import type { WholeVersion } from '../state/models.ts'
import { rowsOf, rulesOf } from '../state/rule-rows.ts'
import { t } from '../strings/language.ts'
import { RuleForm } from './rule-rows.tsx'
import { UrlTester } from './testers.tsx'

const NONE: readonly PageRule[] = []

const listIn = (text: string): readonly PageRule[] | undefined => {
  try {
    const read = JSON.parse(text || '[]') as unknown
    return Array.isArray(read) ? (read as readonly PageRule[]) : undefined
  } catch {
    return undefined
  }
}

const written = (rules: readonly PageRule[]): string => (rules.length ? JSON.stringify(rules, null, 2) : '')

export const SiteRules = ({ rules }: { rules: readonly PageRule[] }) => {
  const [rows, setRows] = useState(() => rowsOf(rules))
  // What is sent, also while it is no JSON: the collector is never asked to guess.
  const [text, setText] = useState(() => written(rules))
  const [asked] = useAnswer<WholeVersion>('/api/models/active')
  const model = asked.phase === 'ready' ? asked.value.model : undefined
  const type = (json: string): void => {
    setText(json)
    const read = listIn(json)
    if (read) setRows(rowsOf(read))
  }
  return (
    <fieldset class="site-rules">
      <legend>{t.setup.pageRules}</legend>
      <p class="soft">{t.rules.siteLead}</p>
      <UrlTester rules={[...rulesOf(rows), ...(model?.pageRules ?? NONE)]} />
      <RuleForm
        rows={rows}
        change={(next) => {
          setRows(next)
          setText(written(rulesOf(next)))
        }}
        signals={Object.keys(model?.signals ?? {})}
      />
      <details>
        <summary>{t.rules.asJson}</summary>
        <textarea
          name="pageRules"
          rows={6}
          spellcheck={false}
          aria-label={t.setup.pageRules}
          value={text}
          onInput={({ currentTarget }) => type(currentTarget.value)}
        />
      </details>
    </fieldset>
  )
}
