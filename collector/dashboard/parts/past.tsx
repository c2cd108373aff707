/** Says that what is shown is of another day, and leads back. */
import { t } from '../strings/language.ts'
import { exactly } from '../time.ts'

export const Past = ({ at, back }: { at: string; back: string }) => (
  <p class="past" role="status">
    {t.course.asOf(exactly(at))} <a href={back}>{t.course.back}</a>
  </p>
)
