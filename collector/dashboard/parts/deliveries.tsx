/** What was sent to a receiver, what is on its way, what could not be delivered; and sending that once more. */
import { useState } from 'preact/hooks'
import { send } from '../api.ts'
import { usePages } from '../state/pages.ts'
import { t } from '../strings/language.ts'
import { exactly } from '../time.ts'
import { Dialog } from './dialog.tsx'
import { Loaded } from './loaded.tsx'
import { More } from './more.tsx'
import { Toggle } from './toggle.tsx'

interface Delivery {
  readonly id: string
  readonly type: string
  readonly at: string
  readonly state: 'pending' | 'delivered' | 'dead'
  readonly tries: number
  readonly outcome: string | null
}

interface ListProps {
  readonly items: readonly Delivery[]
  readonly again: (id: string) => void
}

const List = ({ items, again }: ListProps) => (
  <ul class="reasons deliveries">
    {items.length === 0 && <li>{t.webhooks.none}</li>}
    {items.map(({ id, type, at, state, tries, outcome }) => (
      <li key={id}>
        <b>{t.webhooks.states[state]}</b> <code>{type}</code> {exactly(at)} · {t.webhooks.tries(tries)}{' '}
        <bdi>{outcome}</bdi>{' '}
        {state === 'dead' && (
          <button type="button" class="small" onClick={() => again(id)}>
            {t.webhooks.again}
          </button>
        )}
      </li>
    ))}
  </ul>
)

export const Deliveries = ({ path, close }: { path: string; close: () => void }) => {
  const [onlyDead, setOnlyDead] = useState(false)
  const [told, setTold] = useState('')
  const { asked, again, more, busy } = usePages<Delivery>(`${path}/deliveries?limit=50${onlyDead ? '&state=dead' : ''}`)
  /** Without an id: all that were given up. */
  const redeliver = async (id?: string): Promise<void> => {
    const answer = await send<{ redelivered: number }>('POST', `${path}/redeliver`, id === undefined ? {} : { id })
    setTold(answer.ok ? t.webhooks.redelivered(answer.value.redelivered) : answer.message)
    again()
  }
  return (
    <Dialog title={t.webhooks.deliveries} close={close}>
      <Toggle label={t.webhooks.onlyDead} on={onlyDead} choose={setOnlyDead} />
      <Loaded asked={asked} again={again} rows={4}>
        {(items) => <List items={items} again={(id) => void redeliver(id)} />}
      </Loaded>
      <More more={more} busy={busy} />
      <p>
        <button type="button" class="small" onClick={() => void redeliver()}>
          {t.webhooks.againAll}
        </button>{' '}
        <small role="status">{told}</small>
      </p>
    </Dialog>
  )
}
