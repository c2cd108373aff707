/** There is nothing at this address. */
import { href } from '../router.ts'
import { t } from '../strings/language.ts'

export const MissingView = ({ message }: { message: string }) => (
  <div class="notice">
    <h1>{t.failure.missingTitle}</h1>
    <p>{message}</p>
    <a class="button" href={href('/')}>
      {t.nav.back}
    </a>
  </div>
)
