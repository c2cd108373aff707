/** Where messages go: added, tried out, looked after, taken away. Not there where the collector sends none. */
import { useState } from 'preact/hooks'
import { send } from '../api.ts'
import { count } from '../figures.ts'
import { useAnswer } from '../state/answer.ts'
import { t } from '../strings/language.ts'
import { Copy } from './copy.tsx'
import { Deliveries } from './deliveries.tsx'
import { Dialog } from './dialog.tsx'
import { Field } from './field.tsx'
import { FiguresTable } from './figures-table.tsx'

export interface Webhook {
  readonly id: string
  readonly kind: string
  readonly label: string
  readonly url: string | null
  readonly state: string
  readonly reason: string | null
  readonly deliveries: { readonly pending: number; readonly delivered: number; readonly dead: number }
}

const pathOf = ({ id }: Webhook): string => `/api/webhooks/${encodeURIComponent(id)}`

const Add = ({ made, close }: { made: (secret: string | undefined) => void; close: () => void }) => {
  const act = async (fields: FormData) => {
    const [url, label] = ['url', 'label'].map((name) => String(fields.get(name) ?? ''))
    const answer = await send<{ secret?: string }>('POST', '/api/webhooks', { url, label })
    if (answer.ok) made(answer.value.secret)
    return answer
  }
  return (
    <Dialog title={t.webhooks.add} lead={t.webhooks.addLead} confirm={t.deeds.save} act={act} close={close}>
      <Field name="url" type="url" required label={t.webhooks.url} placeholder="https://" />
      <Field name="label" maxLength={100} label={t.setup.label} />
    </Dialog>
  )
}

const Remove = ({ of, done, close }: { of: Webhook; done: () => void; close: () => void }) => {
  const act = async () => {
    const answer = await send('DELETE', pathOf(of))
    done()
    return answer
  }
  return (
    <Dialog
      title={t.webhooks.remove}
      lead={t.webhooks.removeLead}
      confirm={t.webhooks.remove}
      act={act}
      close={close}
      grave
    />
  )
}

interface RowProps {
  readonly webhook: Webhook
  readonly open: (what: 'deliveries' | 'remove', webhook: Webhook) => void
}

const Row = ({ webhook, open }: RowProps) => {
  const [tried, setTried] = useState('')
  const test = async (): Promise<void> => {
    setTried(t.loading)
    const answer = await send<{ delivered: boolean; outcome: string }>('POST', `${pathOf(webhook)}/test`)
    setTried(answer.ok ? `${answer.value.delivered ? '✓' : '✗'} ${answer.value.outcome}` : answer.message)
  }
  const { label, kind, url, state, reason, deliveries } = webhook
  return (
    <tr>
      <th scope="row">
        <bdi>{label || kind}</bdi>
        <small class="soft">
          <bdi>{url ?? kind}</bdi>
        </small>
      </th>
      <td>
        <bdi title={reason ?? undefined}>{state}</bdi>
      </td>
      <td>
        <button type="button" class="small" onClick={() => open('deliveries', webhook)}>
          {t.webhooks.counts(count(deliveries.delivered), count(deliveries.pending), count(deliveries.dead))}
        </button>
      </td>
      <td class="words">
        <button type="button" class="small" onClick={() => void test()}>
          {t.webhooks.test}
        </button>{' '}
        <button type="button" class="small" onClick={() => open('remove', webhook)}>
          {t.webhooks.remove}…
        </button>
        <small role="status">
          <bdi>{tried}</bdi>
        </small>
      </td>
    </tr>
  )
}

export const WebhooksCard = () => {
  const [asked, again] = useAnswer<{ readonly items: readonly Webhook[] }>('/api/webhooks')
  const [open, setOpen] = useState<{ what: 'add' | 'deliveries' | 'remove'; webhook?: Webhook }>()
  const [secret, setSecret] = useState('')
  if (asked.phase !== 'ready') return null
  const close = (): void => setOpen(undefined)
  const made = (text: string | undefined): void => {
    setSecret(text ?? '')
    again()
  }
  return (
    <div class="with-button">
      <FiguresTable
        title={t.webhooks.title}
        lead={t.webhooks.lead}
        columns={[t.setup.label, t.company.state, t.webhooks.deliveries, t.dialog.actions]}
      >
        {asked.value.items.map((webhook) => (
          <Row key={webhook.id} webhook={webhook} open={(what, of) => setOpen({ what, webhook: of })} />
        ))}
      </FiguresTable>
      <button type="button" class="small" onClick={() => setOpen({ what: 'add' })}>
        {t.webhooks.add}…
      </button>
      {open?.what === 'add' && <Add made={made} close={close} />}
      {open?.what === 'deliveries' && <Deliveries path={pathOf(open.webhook!)} close={close} />}
      {open?.what === 'remove' && <Remove of={open.webhook!} done={again} close={close} />}
      {secret && (
        <Dialog title={t.setup.secret} lead={t.setup.secretLead} close={() => setSecret('')}>
          <Copy text={secret} label={t.signedOut.copy} />
        </Dialog>
      )}
    </div>
  )
}
