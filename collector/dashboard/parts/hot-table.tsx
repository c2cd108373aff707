/** The list as a table whose rows glide to their places. The arrow keys go from row to row. */
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

export const HotTable = () => {
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
        {order.value.map((id) => {
          const known = person(id)
          return known && <Row key={id} person={known} />
        })}
      </tbody>
    </table>
  )
}
