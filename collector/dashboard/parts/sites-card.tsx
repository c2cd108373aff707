/** The sites: which hosts may send, whether consent is asked for; another one; and those who can be deleted. */
import { useState } from 'preact/hooks'
import { send } from '../api.ts'
import { loadSites, sites, type WholeSite } from '../state/sites.ts'
import { t } from '../strings/language.ts'
import { Dialog } from './dialog.tsx'
import { Field } from './field.tsx'
import { FiguresTable } from './figures-table.tsx'

const originsIn = (fields: FormData): readonly string[] =>
  String(fields.get('origins') ?? '')
    .split(/[\s,]+/)
    .filter(Boolean)

const SWITCHES = ['honoursGpc', 'allowsPurchase', 'allowsAutomation'] as const

const settingsIn = (fields: FormData) => ({
  origins: originsIn(fields),
  consent: fields.get('consent'),
  ...Object.fromEntries(SWITCHES.map((name) => [name, fields.get(name) === 'on'])),
})

const Settings = ({ site }: { site: Partial<WholeSite> }) => (
  <>
    <Field name="origins" label={t.setup.origins} help={t.setup.originsHelp} value={site.origins?.join(', ') ?? ''} />
    <label class="field">
      <span>{t.packet.consent}</span>
      <select name="consent">
        {(['none', 'required'] as const).map((name) => (
          <option key={name} value={name} selected={site.consent === name}>
            {t.setup.consents[name]}
          </option>
        ))}
      </select>
    </label>
    {SWITCHES.map((name) => (
      <label key={name} class="toggle">
        <input type="checkbox" name={name} defaultChecked={site[name] ?? name === 'honoursGpc'} />
        <span>{t.setup.switches[name]}</span>
      </label>
    ))}
  </>
)

const done = async <T,>(deed: Promise<T>): Promise<T> => {
  const answer = await deed
  await loadSites()
  return answer
}

const Add = ({ close }: { close: () => void }) => (
  <Dialog
    title={t.setup.addSite}
    confirm={t.deeds.save}
    act={(fields) => done(send('POST', '/api/sites', { name: fields.get('name'), ...settingsIn(fields) }))}
    close={close}
  >
    <Field name="name" label={t.setup.siteName} help={t.setup.siteNameHelp} pattern="[a-z0-9][a-z0-9\-]*" required />
    <Settings site={{}} />
  </Dialog>
)

const Change = ({ site, close }: { site: WholeSite; close: () => void }) => (
  <Dialog
    title={t.report.siteNamed(site.name)}
    confirm={t.deeds.save}
    act={(fields) => done(send('PATCH', `/api/sites/${encodeURIComponent(site.name)}`, settingsIn(fields)))}
    close={close}
  >
    <Settings site={site} />
  </Dialog>
)

export const SitesCard = () => {
  const [open, setOpen] = useState<'' | '+' | WholeSite>('')
  const close = (): void => setOpen('')
  return (
    <div class="with-button">
      <FiguresTable
        title={t.setup.sites}
        columns={[t.filter.site, t.setup.key, t.setup.origins, t.packet.consent, t.dialog.actions]}
      >
        {sites.value.map((site) => (
          <tr key={site.key}>
            <th scope="row">
              <bdi>{site.name}</bdi>
            </th>
            <td>
              <code>{site.key}</code>
            </td>
            <td class="words">
              {site.origins?.length ? site.origins.join(', ') : <span class="warning">{t.setup.anyOrigin}</span>}
            </td>
            <td>{t.setup.consents[site.consent ?? 'none']}</td>
            <td>
              <button type="button" class="small" onClick={() => setOpen(site)}>
                {t.model.change}…
              </button>
            </td>
          </tr>
        ))}
      </FiguresTable>
      <button type="button" class="small" onClick={() => setOpen('+')}>
        {t.setup.addSite}…
      </button>
      {open === '+' && <Add close={close} />}
      {open !== '' && open !== '+' && <Change site={open} close={close} />}
    </div>
  )
}
