/** Secret keys: made, shown once, taken back. */
import { useState } from 'preact/hooks'
import { send } from '../api.ts'
import { useAnswer } from '../state/answer.ts'
import { useAfterDeeds } from '../state/deeds.ts'
import { sites } from '../state/sites.ts'
import { t } from '../strings/language.ts'
import { onDate } from '../time.ts'
import { Dialog } from './dialog.tsx'
import { Field } from './field.tsx'
import { FiguresTable } from './figures-table.tsx'
import { Loaded } from './loaded.tsx'
import { Secret } from './secret.tsx'

const KINDS = ['write', 'read', 'admin'] as const

interface Key {
  readonly id: string
  readonly kind: (typeof KINDS)[number]
  readonly site: string | null
  readonly label: string
  readonly hint: string
  readonly createdAt: string
}

interface NewProps {
  readonly made: (secret: string) => void
  readonly close: () => void
}

const New = ({ made, close }: NewProps) => {
  const act = async (fields: FormData) => {
    const [kind, site, label] = ['kind', 'site', 'label'].map((name) => fields.get(name))
    const answer = await send<{ secret: string }>('POST', '/api/keys', {
      kind,
      label,
      ...(kind === 'write' && { site }),
    })
    if (answer.ok) made(answer.value.secret)
    return answer
  }
  return (
    <Dialog title={t.setup.addKey} confirm={t.setup.make} act={act} close={close}>
      <label class="field">
        <span>{t.setup.kind}</span>
        <select name="kind">
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t.setup.kinds[kind]}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t.filter.site}</span>
        <select name="site">
          {sites.value.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <Field name="label" maxLength={100} label={t.setup.label} />
    </Dialog>
  )
}

const Revoke = ({ of, close }: { of: Key; close: () => void }) => {
  const act = () => send('DELETE', `/api/keys/${encodeURIComponent(of.id)}`)
  const title = t.setup.revokeOf(`…${of.hint}`)
  return <Dialog title={title} lead={t.setup.revokeLead} confirm={t.setup.revoke} act={act} close={close} grave />
}

const List = ({ items, revoke }: { items: readonly Key[]; revoke: (key: Key) => void }) => (
  <FiguresTable
    title={t.setup.keys}
    lead={t.setup.keysLead}
    columns={[t.setup.label, t.setup.kind, t.filter.site, t.dialog.actions]}
  >
    {items.map((key) => (
      <tr key={key.id}>
        <th scope="row">
          <bdi>{key.label || t.none}</bdi>
          <small class="soft">
            <code>…{key.hint}</code> {onDate(key.createdAt)}
          </small>
        </th>
        <td>{t.setup.kinds[key.kind]}</td>
        <td>
          <bdi>{key.site ?? t.scope.allSites}</bdi>
        </td>
        <td>
          <button type="button" class="small" onClick={() => revoke(key)}>
            {t.setup.revoke}…
          </button>
        </td>
      </tr>
    ))}
  </FiguresTable>
)

export const KeysCard = () => {
  const [asked, again] = useAnswer<{ readonly items: readonly Key[] }>('/api/keys')
  useAfterDeeds(again)
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState('')
  const [revoking, setRevoking] = useState<Key>()
  const made = (text: string): void => {
    setSecret(text)
  }
  return (
    <div class="with-button">
      <Loaded asked={asked} again={again} rows={2}>
        {({ items }) => <List items={items} revoke={setRevoking} />}
      </Loaded>
      <button type="button" class="small" onClick={() => setAdding(true)}>
        {t.setup.addKey}…
      </button>
      {adding && <New made={made} close={() => setAdding(false)} />}
      {secret && <Secret text={secret} close={() => setSecret('')} />}
      {revoking && <Revoke of={revoking} close={() => setRevoking(undefined)} />}
    </div>
  )
}
