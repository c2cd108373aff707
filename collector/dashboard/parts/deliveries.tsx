/** What was sent to a receiver, what is on its way, what could not be delivered; and sending that once more. */
import { send } from '../api.ts'
import { useAnswer } from '../state/answer.ts'
import { t } from '../strings/language.ts'
import { exactly } from '../time.ts'
import { Dialog } from './dialog.tsx'
import { Loaded } from './loaded.tsx'

interface Delivery {
  readonly id: string
  readonly type: string
  readonly at: string
  readonly state: 'pending' | 'delivered' | 'dead'
  readonly tries: number
  readonly outcome: string | null
}

export const Deliveries = ({ path, close }: { path: string; close: () => void }) => {
  const [asked, again] = useAnswer<{ readonly items: readonly Delivery[] }>(`${path}/deliveries?limit=50`)
  const redeliver = async (id: string): Promise<void> => {
    await send('POST', `${path}/redeliver`, { id })
    again()
  }
  return (
    <Dialog title={t.webhooks.deliveries} close={close}>
      <Loaded asked={asked} again={again} rows={4}>
        {({ items }) => (
          <ul class="reasons deliveries">
            {items.length === 0 && <li>{t.webhooks.none}</li>}
            {items.map(({ id, type, at, state, tries, outcome }) => (
              <li key={id}>
                <b>{t.webhooks.states[state]}</b> <code>{type}</code> {exactly(at)} · {t.webhooks.tries(tries)}{' '}
                <bdi>{outcome}</bdi>{' '}
                {state === 'dead' && (
                  <button type="button" class="small" onClick={() => void redeliver(id)}>
                    {t.webhooks.again}
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Dialog>
  )
}
