/** The filters of the list. Each change goes into the address. `/` goes to the search. */
import { useEffect, useRef } from 'preact/hooks'
import { replacePlace } from '../router.ts'
import { QUALIFICATIONS, STAGES } from '../scale.ts'
import { apiQuery, type Filters, isNarrowed, listHref, SORTS, widened } from '../state/filters.ts'
import { t } from '../strings/language.ts'
import { Choice } from './choice.tsx'

const TYPING_MS = 250

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input, select, textarea')

const Search = ({ filters }: { filters: Filters }) => {
  const input = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef(filters)
  latest.current = filters
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      event.preventDefault()
      input.current?.focus()
    }
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('keydown', onKey)
      clearTimeout(timer.current)
    }
  }, [])
  // The address may change by other ways than typing: a cleared filter, the browser's back.
  useEffect(() => {
    if (input.current && input.current !== document.activeElement) input.current.value = filters.q
  }, [filters.q])
  const onInput = ({ currentTarget }: { currentTarget: HTMLInputElement }): void => {
    clearTimeout(timer.current)
    const q = currentTarget.value.trim()
    timer.current = setTimeout(() => replacePlace(listHref({ ...latest.current, q })), TYPING_MS)
  }
  return (
    <label class="search">
      <span>{t.filter.search}</span>
      <input
        ref={input}
        type="search"
        defaultValue={filters.q}
        placeholder={t.filter.searchHint}
        aria-keyshortcuts="/"
        onInput={onInput}
      />
    </label>
  )
}

export const FilterBar = ({ filters }: { filters: Filters }) => {
  const change = (some: Partial<Filters>): void => {
    location.hash = listHref({ ...filters, ...some })
  }
  const stages = STAGES.map((stage) => [stage, t.stages[stage]] as const)
  const qualifications = QUALIFICATIONS.map((name) => [name, t.qualifications[name].short] as const)
  const sorts = SORTS.map((sort) => [sort, t.filter.sorts[sort]] as const)
  const { stage, qualification, sort } = filters
  const setSort = (name: string): void => change({ sort: SORTS.find((known) => known === name) ?? 'score' })
  return (
    <form class="filters" aria-label={t.filter.label} onSubmit={(event) => event.preventDefault()}>
      <Search filters={filters} />
      <Choice
        label={t.filter.stage}
        value={stage}
        all
        options={stages}
        choose={(name) => change({ stage: name as Filters['stage'] })}
      />
      <Choice
        label={t.filter.qualification}
        value={qualification}
        all
        options={qualifications}
        choose={(name) => change({ qualification: name })}
      />
      <Choice label={t.filter.sort} value={sort} options={sorts} choose={setSort} />
      <a class="csv" href={`/api/export.csv?${apiQuery(filters)}`} download>
        {t.csv.list}
      </a>
      {isNarrowed({ ...filters, site: '' }) && (
        <a class="clear" href={listHref(widened(filters))}>
          {t.filter.clear}
        </a>
      )}
    </form>
  )
}
