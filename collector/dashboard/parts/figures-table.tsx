/** A table of figures with its title; where it is too wide, it is moved sideways, also by the keyboard. */
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { CsvButton } from './csv-button.tsx'

interface FiguresTableProps {
  readonly title: string
  readonly lead?: ComponentChildren
  readonly columns: readonly string[]
  readonly children: ComponentChildren
  readonly below?: ComponentChildren
}

export const FiguresTable = ({ title, lead, columns, children, below }: FiguresTableProps) => {
  const held = useRef<HTMLElement>(null)
  return (
    <section class="card">
      <div class="titled">
        <h2>{title}</h2>
        <CsvButton of={held} title={title} />
      </div>
      {lead && <p class="soft">{lead}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section ref={held} class="scroll" aria-label={title} tabIndex={0}>
        <table class="figures">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </section>
      {below}
    </section>
  )
}
