/** The shape of what is about to come. */
import { t } from '../strings/language.ts'

export const Skeleton = ({ rows }: { rows: number }) => (
  <div class="skeleton" role="status">
    <span class="unseen">{t.loading}</span>
    {Array.from({ length: rows }, (_, i) => (
      <div key={String(i)} class="bone" aria-hidden="true" />
    ))}
  </div>
)
