/** A figure beside the one it is compared with. */
import { share } from '../figures.ts'
import { t } from '../strings/language.ts'

interface ComparedProps {
  readonly now: number | null
  /** Undefined: nothing is compared. */
  readonly before: number | null | undefined
  readonly say: (value: number) => string
}

const change = (now: number | null, before: number | null): string => {
  if (now === null || !before) return ''
  const part = now / before - 1
  if (Math.abs(part) < 0.005) return ` (=)`
  return ` (${part > 0 ? '▲' : '▼'} ${share(Math.abs(part))})`
}

export const Compared = ({ now, before, say }: ComparedProps) => (
  <>
    {now === null ? t.none : say(now)}
    {before !== undefined && (
      <small class="before">
        {t.report.against(before === null ? t.none : say(before))}
        {change(now, before)}
      </small>
    )}
  </>
)
