/** The hot list: who is getting warm, and why. */
import { useEffect } from 'preact/hooks'
import { Empty } from '../parts/empty.tsx'
import { Failure } from '../parts/failure.tsx'
import { Feed } from '../parts/feed.tsx'
import { FigureNote } from '../parts/figure-note.tsx'
import { FilterBar } from '../parts/filters.tsx'
import { Funnel } from '../parts/funnel.tsx'
import { HotTable } from '../parts/hot-table.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { place } from '../router.ts'
import { type Filters, filtersOf, isNarrowed, listHref } from '../state/filters.ts'
import {
  fetchingMore,
  loadList,
  loadMore,
  looking,
  nextCursor,
  order,
  phase,
  problem,
  reloadList,
} from '../state/list.ts'
import { watchToday } from '../state/today.ts'
import { t } from '../strings/language.ts'

const More = ({ filters }: { filters: Filters }) => {
  if (looking.value) return <p class="soft end">{t.list.looking}</p>
  if (!nextCursor.value)
    return <p class="soft end">{(isNarrowed(filters) ? t.list.found : t.list.end)(order.value.length)}</p>
  return (
    <p class="end">
      <button type="button" onClick={loadMore} disabled={fetchingMore.value}>
        {fetchingMore.value ? t.loading : t.list.more}
      </button>
    </p>
  )
}

const People = ({ filters }: { filters: Filters }) => {
  if (phase.value === 'failed') return <Failure message={problem.value} retry={reloadList} />
  if (phase.value === 'loading') return <Skeleton rows={8} />
  if (!order.value.length) return looking.value ? <Skeleton rows={8} /> : <Empty />
  return (
    <>
      <HotTable />
      <More filters={filters} />
    </>
  )
}

export const ListView = () => {
  const filters = filtersOf(place.value.query)
  useEffect(() => {
    document.title = `${t.list.title} · ${t.brand}`
  }, [])
  useEffect(() => void loadList(filters), [listHref(filters)])
  useEffect(() => {
    watchToday(filters.site)
    return () => watchToday(undefined)
  }, [filters.site])
  const bare = phase.value === 'ready' && !order.value.length && !isNarrowed(filters)
  return (
    <div class={bare ? 'now bare' : 'now'}>
      <h1>
        {t.list.title} <small>{t.list.lead}</small>
      </h1>
      {!bare && <Funnel filters={filters} />}
      <div class="list">
        {!bare && <FilterBar filters={filters} />}
        <FigureNote filters={filters} />
        <People filters={filters} />
      </div>
      {!bare && <Feed site={filters.site} />}
    </div>
  )
}
