/** The list as a table whose rows glide to their places. The arrow keys go from row to row. */
import type { VNode } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { cameFrom } from '../arrival.ts'
import { useGlide } from '../motion.ts'
import { type Placed, useNear } from '../near.ts'
import { matchPath } from '../router.ts'
import { order } from '../state/list.ts'
import { person } from '../state/people.ts'
import { t } from '../strings/language.ts'
import { Cells } from './row.tsx'

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

/** The same cells for the same visitor, so that a new order moves the rows and draws none of them anew. */
const useCells = (): ((id: string) => VNode | undefined) => {
  const before = useRef<Map<string, VNode>>(new Map())
  const now = new Map<string, VNode>()
  const drawn = before.current
  before.current = now
  return (id) => {
    const known = person(id)
    const cells = drawn.get(id) ?? (known && <Cells person={known} />)
    if (cells) now.set(id, cells)
    return cells
  }
}

/** Whom one comes back from: the focus goes to their row. */
const useOpened = (): string | undefined => useState(() => matchPath('/visitors/:id', cameFrom())?.id)[0]

const Place = ({ id, index, apart, cells }: Placed & { readonly cells: VNode }) => (
  <tr
    data-key={id}
    data-index={index}
    aria-rowindex={index + 2}
    class={apart === undefined ? undefined : 'apart'}
    style={{ insetBlockStart: apart === undefined ? '' : `${apart}px` }}
  >
    {cells}
  </tr>
)

export const HotTable = () => {
  const ids = order.value
  const box = useRef<HTMLTableSectionElement>(null)
  const { rows, above, below } = useNear({ box, ids, kept: useOpened() })
  const cellsOf = useCells()
  useGlide(box, ids)
  return (
    <table class="hot" aria-rowcount={ids.length + 1}>
      <caption class="unseen">{t.list.caption}</caption>
      <thead>
        <tr aria-rowindex={1}>
          {COLUMNS.map(([key, label]) => (
            <th key={key} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={box} onKeyDown={walk} onClick={follow} style={{ paddingBlock: `${above}px ${below}px` }}>
        {rows.map((placed) => {
          const cells = cellsOf(placed.id)
          return cells && <Place key={placed.id} {...placed} cells={cells} />
        })}
      </tbody>
    </table>
  )
}
