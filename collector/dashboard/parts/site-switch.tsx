/** Which site is looked at: all of them, or one. */
import { place } from '../router.ts'
import { scopeOf } from '../state/scope.ts'
import { sites } from '../state/sites.ts'
import { t } from '../strings/language.ts'

const goTo = (site: string): void => {
  const { path, query } = place.value
  const wanted = new URLSearchParams(query)
  if (site) wanted.set('site', site)
  else wanted.delete('site')
  location.hash = wanted.size ? `#${path}?${wanted}` : `#${path}`
}

export const SiteSwitch = () => {
  if (sites.value.length < 2) return null
  const { site } = scopeOf(place.value.query)
  const isKnown = !site || sites.value.some(({ name }) => name === site)
  return (
    <select
      class="small"
      aria-label={t.filter.site}
      value={site}
      onChange={({ currentTarget }) => goTo(currentTarget.value)}
    >
      <option value="">{t.scope.allSites}</option>
      {!isKnown && <option value={site}>{site}</option>}
      {sites.value.map(({ name, key }) => (
        <option key={key} value={name}>
          {name}
        </option>
      ))}
    </select>
  )
}
