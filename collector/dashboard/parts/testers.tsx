/** What the model makes of search words and of an address: the collector's own reading, run in the page. */
import { useMemo, useState } from 'preact/hooks'
import { createLexicon } from '../../../shared/lexicon.ts'
import type { Model, PageRule } from '../../../shared/model.ts'
import { createPageRules } from '../../../shared/page-rule.ts'
import { signalName } from '../naming.ts'
import { t } from '../strings/language.ts'
import { Field } from './field.tsx'

const SearchTester = ({ model }: { model: Model }) => {
  const [text, setText] = useState('')
  const read = useMemo(() => createLexicon(model), [model])
  const found = text.trim() ? read(text) : undefined
  return (
    <div class="tester">
      <Field
        name="search"
        type="search"
        label={t.model.searchWords}
        value={text}
        say={setText}
        placeholder={t.model.searchHint}
      />
      <output>{!text.trim() ? '' : found ? t.model.lexicons[found] : t.model.noWord}</output>
    </div>
  )
}

export const UrlTester = ({ rules }: { rules: readonly PageRule[] }) => {
  const [url, setUrl] = useState('')
  const find = useMemo(() => createPageRules(rules.filter(({ path }) => path)), [rules])
  const rule = url.trim() ? find(url.trim()) : undefined
  const meaning = rule && [
    rule.funnel && t.funnel.bands[rule.funnel],
    rule.signal && signalName(rule.signal),
    rule.topic && t.timeline.topic(rule.topic),
  ]
  return (
    <div class="tester">
      <Field name="address" label={t.model.address} value={url} say={setUrl} placeholder="/pricing" />
      <output>
        {rule && (
          <>
            {meaning?.filter(Boolean).join(' · ')} <small class="soft">{t.model.byRule(rule.path)}</small>
          </>
        )}
        {url.trim() && !rule && t.model.noRule}
      </output>
    </div>
  )
}

export const Testers = ({ model }: { model: Model }) => (
  <section class="card testers">
    <h2>{t.model.testers}</h2>
    <SearchTester model={model} />
    <UrlTester rules={model.pageRules} />
  </section>
)
