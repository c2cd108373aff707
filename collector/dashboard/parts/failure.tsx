/** What went wrong, and a way on. */
import { t } from '../strings/language.ts'

export const Failure = ({ message, retry }: { message: string; retry: () => void }) => (
  <div class="notice" role="alert">
    <h2>{t.failure.title}</h2>
    <p>{message}</p>
    <button type="button" onClick={retry}>
      {t.failure.retry}
    </button>
  </div>
)
