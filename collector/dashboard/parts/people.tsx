/** A figure that opens the list of the people whom it counts. */
import type { ComponentChildren } from 'preact'
import { type Figure, figureHref, type Where } from '../state/figure.ts'
import { t } from '../strings/language.ts'

interface PeopleProps {
  readonly of: Figure
  /** Undefined: no days of which anything could be counted. */
  readonly where: Where | undefined
  /** How many there are: nobody is no link. */
  readonly n: number
  readonly title?: string | undefined
  readonly children: ComponentChildren
}

export const People = ({ of, where, n, title, children }: PeopleProps) => {
  const to = n > 0 ? figureHref(of, where) : undefined
  if (!to) return <span title={title}>{children}</span>
  return (
    <a class="people" href={to} title={title ?? t.figure.show}>
      {children}
    </a>
  )
}
