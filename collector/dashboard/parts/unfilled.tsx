/** A report with nothing in it yet, and the ways to fill it. */
import { href } from '../router.ts'
import { t } from '../strings/language.ts'

export const Unfilled = ({ text }: { text: string }) => (
  <div class="notice">
    <h2>{t.report.empty}</h2>
    <p>{text}</p>
    <a class="button" href={href('/setup')}>
      {t.report.toSetup}
    </a>
  </div>
)
