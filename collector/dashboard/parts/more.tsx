/** The way on, where a list has more. */
import type { Pages } from '../state/pages.ts'
import { t } from '../strings/language.ts'

export const More = ({ more, busy }: Pick<Pages<unknown>, 'more' | 'busy'>) =>
  more ? (
    <p class="end">
      <button type="button" onClick={more} disabled={busy}>
        {busy ? t.loading : t.list.more}
      </button>
    </p>
  ) : null
