/** Nobody to show: how to get the first visitor, or out of a filter too narrow. */

import { place } from '../router.ts'
import { filtersOf, isNarrowed, listHref, widened } from '../state/filters.ts'
import { ownSites, sites, tagFor } from '../state/sites.ts'
import { t } from '../strings/language.ts'
import { Copy } from './copy.tsx'
import { SampleButton } from './sample.tsx'

const Unmatched = ({ clear }: { clear: string }) => (
  <div class="notice">
    <h2>{t.empty.unmatched}</h2>
    <p>{t.empty.unmatchedLead}</p>
    <a class="button" href={clear}>
      {t.filter.clear}
    </a>
  </div>
)

const FirstVisitor = () => {
  const own = ownSites(sites.value)
  return (
    <div class="notice">
      <h2>{t.empty.title}</h2>
      <p>{t.empty.lead}</p>
      {own.map((site) => (
        <div key={site.key}>
          {own.length > 1 && <h3>{t.empty.site(site.name)}</h3>}
          <Copy text={tagFor(site)} label={t.empty.copy} />
        </div>
      ))}
      <p>
        {t.sample.lead} <SampleButton />
      </p>
      {sites.value.some(({ name }) => name === 'demo') && (
        <p>
          <a href="/demo/" target="_blank" rel="noopener">
            {t.empty.demo}
          </a>{' '}
          {t.empty.demoAfter}
        </p>
      )}
      <p class="waiting">{t.empty.waiting}</p>
    </div>
  )
}

export const Empty = () => {
  const filters = filtersOf(place.value.query)
  const clear = listHref({ ...widened(filters), site: '' })
  return isNarrowed(filters) ? <Unmatched clear={clear} /> : <FirstVisitor />
}
