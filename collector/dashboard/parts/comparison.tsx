/** What a report is held against. */
import { place } from '../router.ts'
import { type Against, againstIn } from '../state/comparison.ts'
import type { Versions } from '../state/models.ts'
import { scopedHref, scopeOf } from '../state/scope.ts'
import { sites } from '../state/sites.ts'
import { t } from '../strings/language.ts'
import { Choice } from './choice.tsx'

export const ComparisonPicker = ({ versions }: { versions: Versions | undefined }) => {
  const { path, query } = place.value
  const scope = scopeOf(query)
  const others = sites.value.filter(({ name }) => name !== scope.site)
  // A draft has recorded nothing; of a single version there is nothing to compare.
  const former = versions?.items.filter(({ state }) => state !== 'draft') ?? []
  const options = [
    ['', t.report.nothing],
    ['before', t.report.daysBefore],
    ...others.map(({ name }) => [`site:${name}`, t.report.siteNamed(name)] as const),
    ...(former.length > 1 ? former : []).map(({ version }) => [`model:${version}`, t.versus.named(version)] as const),
  ] as const
  const choose = (against: string): void => {
    location.hash = scopedHref(path, scope, [['against', against]])
  }
  return (
    <Choice label={t.report.compare} value={againstIn(query) satisfies Against} options={options} choose={choose} />
  )
}
