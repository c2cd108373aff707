/** What a receiver is to be told, and what is to be known of it: each kind asks for its own. */
import type { MessageType } from '../../../shared/message.ts'
import { jsonIn, textIn } from '../form.ts'
import { sites } from '../state/sites.ts'
import type { Webhook } from '../state/webhooks.ts'
import { t } from '../strings/language.ts'
import { Area } from './area.tsx'
import { Field } from './field.tsx'
import { Select } from './select.tsx'

const MESSAGES = [
  'visitor.stage_changed',
  'visitor.qualification_changed',
  'visitor.identified',
  'lead.handoff',
  'lead.sla_breached',
] as const satisfies readonly MessageType[]

/** Names of products stay as they are. */
export const KINDS: Readonly<Record<string, string>> = {
  webhook: t.webhooks.own,
  slack: 'Slack',
  hubspot: 'HubSpot',
  salesforce: 'Salesforce',
  generic: t.webhooks.other,
}

const URLS: Readonly<Record<string, string>> = {
  slack: 'https://hooks.slack.com/services/…',
  salesforce: 'https://acme.my.salesforce.com',
  hubspot: 'https://api.hubapi.com',
}

/** What was filled in; without what was left empty, which stays as it is. Throws where a field wants JSON. */
export const webhookIn = (fields: FormData, before?: Webhook): Readonly<Record<string, unknown>> => {
  const url = textIn(fields, 'url')
  const types = fields.getAll('types')
  const texts = ['token', 'clientId', 'clientSecret'].map((name) => [name, textIn(fields, name)])
  const json = ['template', 'headers'].map((name) => [name, jsonIn(fields, name)])
  return {
    ...Object.fromEntries([...texts, ...json].filter(([, value]) => value !== undefined)),
    ...(url !== undefined && url !== before?.url && { url }),
    ...(types.length > 0 && { types }),
    label: textIn(fields, 'label') ?? '',
    site: textIn(fields, 'site') ?? null,
  }
}

interface FormProps {
  readonly kind: string
  /** Undefined: a new one, of which everything is asked. */
  readonly before?: Webhook | undefined
}

const Access = ({ kind, before }: FormProps) => {
  const isNew = before === undefined
  const asked = { required: isNew, help: isNew ? undefined : t.webhooks.keep }
  if (kind === 'hubspot') return <Field name="token" type="password" label={t.webhooks.token} {...asked} />
  if (kind === 'salesforce')
    return (
      <>
        <Field name="clientId" label={t.webhooks.clientId} {...asked} />
        <Field name="clientSecret" type="password" label={t.webhooks.clientSecret} {...asked} />
      </>
    )
  if (kind !== 'generic') return null
  const help = isNew ? t.webhooks.templateHelp : `${t.webhooks.templateHelp} ${t.webhooks.keep}`
  return (
    <>
      <Area name="template" label={t.webhooks.template} required={isNew} help={help} />
      <Area name="headers" label={t.webhooks.headers} help={isNew ? t.webhooks.headersHelp : t.webhooks.keep} />
    </>
  )
}

const Messages = ({ before }: Pick<FormProps, 'before'>) => (
  <fieldset class="choices tall">
    <legend>{t.webhooks.messages}</legend>
    {MESSAGES.map((type) => (
      <label key={type}>
        <input type="checkbox" name="types" value={type} defaultChecked={before?.types.includes(type) ?? false} />
        <span>{t.webhooks.types[type]}</span>
      </label>
    ))}
    {!before && <small class="soft">{t.webhooks.typesHelp}</small>}
  </fieldset>
)

export const WebhookForm = ({ kind, before }: FormProps) => {
  // The address of Slack is its secret: what is shown of it is not it.
  const known = kind === 'slack' ? undefined : (before?.url ?? undefined)
  const names = [...new Set([...sites.value.map(({ name }) => name), before?.site ?? ''])].filter(Boolean)
  return (
    <>
      <Field
        {...{ name: 'url', type: 'url', label: t.webhooks.url, placeholder: URLS[kind] ?? 'https://', value: known }}
        required={!before && kind !== 'hubspot'}
        help={before && known === undefined ? t.webhooks.keep : undefined}
      />
      <Access kind={kind} before={before} />
      <Field name="label" maxLength={100} label={t.setup.label} value={before?.label ?? ''} />
      <Select
        {...{ name: 'site', label: t.filter.site, value: before?.site ?? '' }}
        options={[['', t.scope.allSites], ...names.map((name) => [name, name] as const)]}
      />
      <Messages before={before} />
    </>
  )
}
