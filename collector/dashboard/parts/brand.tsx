/** The mark: a small leaded window, and the name. */
import { href } from '../router.ts'
import { t } from '../strings/language.ts'

export const Brand = () => (
  <a class="brand" href={href('/')}>
    <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <rect class="lead" width="24" height="24" rx="5" />
      <path class="awareness" d="M4 4h7v7H4z" />
      <path class="interest" d="M13 4h7v4h-7z" />
      <path class="intent" d="M13 10h7v10h-7z" />
      <path class="conversion" d="M4 13h7v7H4z" />
    </svg>
    {t.brand}
  </a>
)
