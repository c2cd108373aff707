/** One receiver: how it is, what became of its messages, and what one can do about it. */
import { useState } from 'preact/hooks'
import { send } from '../api.ts'
import { count } from '../figures.ts'
import { changeWebhook, isSigned, type Webhook, webhookPath } from '../state/webhooks.ts'
import { t } from '../strings/language.ts'
import { KINDS } from './webhook-form.tsx'

export const DEEDS = ['change', 'rotate', 'remove'] as const
export type Deed = (typeof DEEDS)[number] | 'deliveries'

const WORDS = { change: t.model.change, rotate: t.webhooks.rotate, remove: t.webhooks.remove } as const

interface RowProps {
  readonly webhook: Webhook
  readonly open: (deed: Deed) => void
  /** Called when it was changed. */
  readonly changed: () => void
}

const Does = ({ webhook, open, changed }: RowProps) => {
  const [told, setTold] = useState('')
  const isOn = webhook.state === 'on'
  const test = async (): Promise<void> => {
    setTold(t.loading)
    const answer = await send<{ delivered: boolean; outcome: string }>('POST', `${webhookPath(webhook)}/test`)
    setTold(answer.ok ? `${answer.value.delivered ? '✓' : '✗'} ${answer.value.outcome}` : answer.message)
  }
  const turn = async (): Promise<void> => {
    const answer = await changeWebhook(webhook, { enabled: !isOn })
    setTold(answer.ok ? '' : answer.message)
    changed()
  }
  return (
    <td class="words">
      <button type="button" class="small" onClick={() => void test()}>
        {t.webhooks.test}
      </button>
      <button type="button" class="small" onClick={() => void turn()}>
        {isOn ? t.webhooks.turnOff : t.webhooks.turnOn}
      </button>
      {DEEDS.filter((deed) => deed !== 'rotate' || isSigned(webhook)).map((deed) => (
        <button key={deed} type="button" class="small" onClick={() => open(deed)}>
          {WORDS[deed]}…
        </button>
      ))}
      <small role="status">
        <bdi>{told}</bdi>
      </small>
    </td>
  )
}

export const WebhookRow = (props: RowProps) => {
  const { label, kind, url, site, state, reason, deliveries } = props.webhook
  const name = Object.hasOwn(KINDS, kind) ? KINDS[kind] : kind
  return (
    <tr>
      <th scope="row">
        <bdi>{label || name}</bdi>
        <small class="soft">
          <bdi>{[label && name, url, site].filter(Boolean).join(' · ')}</bdi>
        </small>
      </th>
      <td>
        {t.webhooks.is[state as keyof typeof t.webhooks.is] ?? t.none}
        {reason && (
          <small class="soft">
            <bdi>{reason}</bdi>
          </small>
        )}
      </td>
      <td>
        <button type="button" class="small deliveries-of" onClick={() => props.open('deliveries')}>
          {t.webhooks.counts(count(deliveries.delivered), count(deliveries.pending), count(deliveries.dead))}
        </button>
      </td>
      <Does {...props} />
    </tr>
  )
}
