/** The list as a table whose rows glide to their places. The arrow keys go from row to row. */
import type { VNode } from 'preact'
import { useRef } from 'preact/hooks'
import { useGlide } from '../motion.ts'
import { order } from '../state/list.ts'
import { person } from '../state/people.ts'
import { t } from '../strings/language.ts'
import { Row } from './row.tsx'

const COLUMNS = Object.entries(t.list.columns)

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }

const walk = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
  const step = STEPS[event.key]
  const names = [...event.currentTarget.querySelectorAll<HTMLElement>('a.name')]
  const next = step && names[names.indexOf(document.activeElement as HTMLElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}

/** What has a word on hover lies above the link that covers the row, and passes the click on. */
const follow = ({ target }: MouseEvent): void => {
  if (!(target instanceof Element) || target.closest('a')) return
  target.closest('tr')?.querySelector<HTMLElement>('a.name')?.click()
}

/** The same element for the same visitor, so that a new order moves the rows and draws none of them anew. */
const useRows = (ids: readonly string[]): readonly VNode[] => {
  const drawn = useRef<ReadonlyMap<string, VNode>>(new Map())
  const rows = new Map<string, VNode>()
  for (const id of ids) {
    const known = person(id)
    if (known) rows.set(id, drawn.current.get(id) ?? <Row key={id} person={known} />)
  }
  drawn.current = rows
  return [...rows.values()]
}

export const HotTable = () => {
  const rows = useRows(order.value)
  const body = useRef<HTMLTableSectionElement>(null)
  useGlide(body, order.value)
  return (
    <table class="hot">
      <caption class="unseen">{t.list.caption}</caption>
      <thead>
        <tr>
          {COLUMNS.map(([key, label]) => (
            <th key={key} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={walk} onClick={follow}>
        {rows}
      </tbody>
    </table>
  )
}
