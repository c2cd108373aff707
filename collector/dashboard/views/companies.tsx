/** The companies, by what their people do. */

import { useRef } from 'preact/hooks'
import type { Account } from '../../../shared/answer.ts'
import { Choice } from '../parts/choice.tsx'
import { CompanyRow } from '../parts/company-row.tsx'
import { FiguresTable } from '../parts/figures-table.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { More } from '../parts/more.tsx'
import { useTitle } from '../parts/report-head.tsx'
import { href, place, replacePlace } from '../router.ts'
import { usePages } from '../state/pages.ts'
import { t } from '../strings/language.ts'

const SORTS = ['score', 'people', 'name'] as const
const TYPING_MS = 250

interface Wanted {
  readonly site: string
  readonly q: string
  readonly sort: string
}

const wantedIn = (query: URLSearchParams): Wanted => ({
  site: query.get('site') ?? '',
  q: query.get('q') ?? '',
  sort: SORTS.find((name) => name === query.get('sort')) ?? 'score',
})

const addressOf = ({ site, q, sort }: Wanted): string =>
  href('/companies', [
    ['site', site],
    ['q', q],
    ['sort', sort === 'score' ? '' : sort],
  ])

const pathOf = ({ site, q, sort }: Wanted): string =>
  `/api/accounts?${new URLSearchParams({ sort, ...(site && { site }), ...(q && { q }) })}`

const Filters = ({ wanted }: { wanted: Wanted }) => {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const search = (q: string): void => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => replacePlace(addressOf({ ...wanted, q: q.trim() })), TYPING_MS)
  }
  return (
    <form class="filters" aria-label={t.filter.label} onSubmit={(event) => event.preventDefault()}>
      <label class="search">
        <span>{t.filter.search}</span>
        <input type="search" defaultValue={wanted.q} onInput={({ currentTarget }) => search(currentTarget.value)} />
      </label>
      <Choice
        label={t.filter.sort}
        value={wanted.sort}
        options={SORTS.map((sort) => [sort, t.company.sorts[sort]] as const)}
        choose={(sort) => replacePlace(addressOf({ ...wanted, sort }))}
      />
    </form>
  )
}

const COLUMNS = [
  t.nav.companies,
  t.list.columns.score,
  t.company.people,
  t.company.state,
  t.list.columns.why,
  t.list.columns.seen,
]

export const CompaniesView = () => {
  useTitle(t.nav.companies)
  const wanted = wantedIn(place.value.query)
  const { asked, again, more, busy } = usePages<Account>(pathOf(wanted))
  return (
    <div class="report">
      <div class="head">
        <div>
          <h1>{t.nav.companies}</h1>
          <p>{t.company.lead}</p>
        </div>
      </div>
      <Filters wanted={wanted} />
      <Loaded asked={asked} again={again}>
        {(items) =>
          items.length === 0 ? (
            <div class="notice">
              <h2>{t.company.none}</h2>
              <p>{t.company.noneLead}</p>
            </div>
          ) : (
            <FiguresTable title={t.company.warmest} columns={COLUMNS}>
              {items.map((account) => (
                <CompanyRow key={account.id} account={account} />
              ))}
            </FiguresTable>
          )
        }
      </Loaded>
      <More more={more} busy={busy} />
    </div>
  )
}
