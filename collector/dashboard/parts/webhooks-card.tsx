/** Where messages go: added, tried out, looked after, taken away. Not there where the collector sends none. */
import { useState } from 'preact/hooks'
import { type Answer, send } from '../api.ts'
import { whereJson } from '../form.ts'
import { useAnswer } from '../state/answer.ts'
import { useAfterDeeds } from '../state/deeds.ts'
import { changeWebhook, isSigned, type NewWebhook, type Webhook, webhookPath } from '../state/webhooks.ts'
import { t } from '../strings/language.ts'
import { Deliveries } from './deliveries.tsx'
import { Dialog } from './dialog.tsx'
import { FiguresTable } from './figures-table.tsx'
import { Secret } from './secret.tsx'
import { Select } from './select.tsx'
import { KINDS, WebhookForm, webhookIn } from './webhook-form.tsx'
import { type Deed, WebhookRow } from './webhook-row.tsx'

interface DialogProps {
  /** Called when it was done, with a secret that is new. */
  readonly done: (secret?: string) => void
  readonly close: () => void
}
type Of = DialogProps & { readonly webhook: Webhook }

const told = async (deed: Promise<Answer<NewWebhook | undefined>>, done: DialogProps['done']) => {
  const answer = await deed
  if (answer.ok) done(answer.value?.secret)
  return answer
}

const Add = ({ done, close }: DialogProps) => {
  const [kind, setKind] = useState('webhook')
  const act = (fields: FormData) =>
    whereJson(
      () => ({ kind, ...webhookIn(fields) }),
      (body) => told(send('POST', '/api/webhooks', body), done),
    )
  return (
    <Dialog
      title={t.webhooks.add}
      lead={isSigned({ kind }) ? t.webhooks.addLead : ''}
      confirm={t.deeds.save}
      act={act}
      close={close}
    >
      <Select name="kind" label={t.setup.kind} value={kind} options={Object.entries(KINDS)} say={setKind} />
      <WebhookForm key={kind} kind={kind} />
    </Dialog>
  )
}

const Change = ({ webhook, done, close }: Of) => {
  const act = (fields: FormData) =>
    whereJson(
      () => webhookIn(fields, webhook),
      (body) => told(changeWebhook(webhook, body), done),
    )
  return (
    <Dialog title={t.webhooks.change} confirm={t.deeds.save} act={act} close={close}>
      <WebhookForm kind={webhook.kind} before={webhook} />
    </Dialog>
  )
}

const Rotate = ({ webhook, done, close }: Of) => (
  <Dialog
    {...{ title: t.webhooks.rotate, lead: t.webhooks.rotateLead, confirm: t.webhooks.rotate, close }}
    act={() => told(changeWebhook(webhook, { rotate: true }), done)}
  />
)

const Remove = ({ webhook, done, close }: Of) => (
  <Dialog
    {...{ title: t.webhooks.remove, lead: t.webhooks.removeLead, confirm: t.webhooks.remove, close, grave: true }}
    act={() => told(send('DELETE', webhookPath(webhook)), done)}
  />
)

const Sent = ({ webhook, done, close }: Of) => (
  <Deliveries
    path={webhookPath(webhook)}
    close={() => {
      done()
      close()
    }}
  />
)

const DIALOGS = { deliveries: Sent, change: Change, rotate: Rotate, remove: Remove } as const

export const WebhooksCard = () => {
  const [asked, again] = useAnswer<{ readonly items: readonly Webhook[] }>('/api/webhooks')
  useAfterDeeds(again)
  const [adding, setAdding] = useState(false)
  const [open, setOpen] = useState<{ readonly deed: Deed; readonly webhook: Webhook }>()
  const [secret, setSecret] = useState('')
  if (asked.phase !== 'ready') return null
  const done = (text = ''): void => {
    setSecret(text)
    again()
  }
  const Chosen = open && DIALOGS[open.deed]
  return (
    <div class="with-button">
      <FiguresTable
        title={t.webhooks.title}
        lead={t.webhooks.lead}
        columns={[t.setup.label, t.company.state, t.webhooks.deliveries, t.dialog.actions]}
      >
        {asked.value.items.map((webhook) => (
          <WebhookRow key={webhook.id} webhook={webhook} open={(deed) => setOpen({ deed, webhook })} changed={again} />
        ))}
      </FiguresTable>
      <button type="button" class="small" onClick={() => setAdding(true)}>
        {t.webhooks.add}…
      </button>
      {adding && <Add done={done} close={() => setAdding(false)} />}
      {Chosen && <Chosen webhook={open.webhook} done={done} close={() => setOpen(undefined)} />}
      {secret && <Secret text={secret} lead={t.webhooks.secretLead} close={() => setSecret('')} />}
    </div>
  )
}
