/** Waits for the first event of a site, and turns green by itself. */
import { useEffect } from 'preact/hooks'
import { href } from '../router.ts'
import { arrival, watchArrival } from '../state/first-event.ts'
import { t } from '../strings/language.ts'

export const FirstEvent = ({ site }: { site: string }) => {
  useEffect(() => watchArrival(site), [site])
  const came = arrival.value
  if (came.is === 'there')
    return (
      <p class="arrived" role="status">
        <span aria-hidden="true">✓</span> {came.what ? t.setup.arrived : t.setup.arriving}{' '}
        {came.what && <bdi class="address">{came.what}</bdi>} <a href={href('/', [['site', site]])}>{t.setup.toList}</a>
      </p>
    )
  return (
    <div role="status">
      <p class="waiting">{t.empty.waiting}</p>
      {came.refused && (
        <div class="problem">
          <p>
            {t.setup.refused} <bdi>{came.refused.message}</bdi>
          </p>
        </div>
      )}
    </div>
  )
}
