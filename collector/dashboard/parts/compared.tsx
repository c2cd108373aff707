/** A figure beside the one it is compared with; each opens the people whom it counts. */
import { share } from '../figures.ts'
import type { Figure, Where } from '../state/figure.ts'
import { t } from '../strings/language.ts'
import { People } from './people.tsx'

interface Said {
  readonly value: number | null
  /** Whom it counts, and how many they are. */
  readonly n: number
  readonly of: Figure
  readonly where: Where | undefined
  readonly title?: string | undefined
}

interface ComparedProps {
  readonly own: Said
  /** Undefined: nothing is compared. */
  readonly other: Said | undefined
  readonly say: (value: number) => string
}

const change = (now: number | null, before: number | null): string => {
  if (now === null || !before) return ''
  const part = now / before - 1
  if (Math.abs(part) < 0.005) return '(=)'
  return `(${part > 0 ? '▲' : '▼'}\u00A0${share(Math.abs(part))})`
}

export const Compared = ({ own, other, say }: ComparedProps) => {
  const text = (value: number | null): string => (value === null ? t.none : say(value))
  return (
    <>
      <People {...own}>{text(own.value)}</People>
      {other && (
        <small class="before">
          <People {...other}>{t.report.against(text(other.value))}</People> {change(own.value, other.value)}
        </small>
      )}
    </>
  )
}
