/** The sites: added, changed, given another public key, and taken away with all that is kept of them. */
import { useState } from 'preact/hooks'
import { type Answer, failed, send } from '../api.ts'
import { textIn, whereJson } from '../form.ts'
import { loadSites, sites, type WholeSite } from '../state/sites.ts'
import { t } from '../strings/language.ts'
import { Dialog } from './dialog.tsx'
import { Field } from './field.tsx'
import { FiguresTable } from './figures-table.tsx'
import { SiteForm, settingsIn } from './site-form.tsx'

interface DeedProps {
  readonly site: WholeSite
  readonly close: () => void
}

const pathOf = ({ name }: WholeSite): string => `/api/sites/${encodeURIComponent(name)}`

const done = async <T,>(deed: Promise<Answer<T>>): Promise<Answer<T>> => {
  const answer = await deed
  await loadSites()
  return answer
}

const Add = ({ close }: { close: () => void }) => {
  const act = (fields: FormData) =>
    whereJson(
      () => ({ name: fields.get('name'), ...settingsIn(fields) }),
      (body) => done(send('POST', '/api/sites', body)),
    )
  return (
    <Dialog title={t.setup.addSite} confirm={t.deeds.save} act={act} close={close}>
      <Field name="name" label={t.setup.siteName} help={t.setup.siteNameHelp} pattern="[a-z0-9][a-z0-9\-]*" required />
      <SiteForm site={{}} />
    </Dialog>
  )
}

const Change = ({ site, close }: DeedProps) => {
  const act = (fields: FormData) =>
    whereJson(
      () => settingsIn(fields),
      (body) => done(send('PATCH', pathOf(site), body)),
    )
  return (
    <Dialog title={t.report.siteNamed(site.name)} confirm={t.deeds.save} act={act} close={close}>
      <SiteForm site={site} />
    </Dialog>
  )
}

const Rotate = ({ site, close }: DeedProps) => (
  <Dialog
    title={t.setup.rotateOf(site.name)}
    lead={t.setup.rotateLead}
    confirm={t.setup.rotate}
    act={() => done(send('PATCH', pathOf(site), { key: 'rotate' }))}
    close={close}
    grave
  />
)

const Remove = ({ site, close }: DeedProps) => {
  const act = async (fields: FormData) =>
    textIn(fields, 'again') === site.name ? done(send('DELETE', pathOf(site))) : failed(t.setup.notTheName)
  return (
    <Dialog
      {...{ title: t.setup.removeSiteOf(site.name), lead: t.setup.removeSiteLead, confirm: t.webhooks.remove }}
      {...{ act, close, grave: true }}
    >
      <Field name="again" label={t.setup.typeName(site.name)} required />
    </Dialog>
  )
}

const DEEDS = { change: Change, rotate: Rotate, remove: Remove } as const
type Deed = keyof typeof DEEDS

const Row = ({ site, open }: { site: WholeSite; open: (deed: Deed) => void }) => (
  <tr>
    <th scope="row">
      <bdi>{site.name}</bdi>
      <small class="soft" title={t.setup.key}>
        <code>{site.key}</code>
      </small>
    </th>
    <td class="words">
      {site.origins?.length ? site.origins.join(', ') : <span class="warning">{t.setup.anyOrigin}</span>}
    </td>
    <td>{t.setup.consents[site.consent ?? 'none']}</td>
    <td class="words">
      {(['change', 'rotate', 'remove'] as const).map((deed) => (
        <button key={deed} type="button" class="small" onClick={() => open(deed)}>
          {{ change: t.model.change, rotate: t.setup.rotate, remove: t.webhooks.remove }[deed]}…
        </button>
      ))}
    </td>
  </tr>
)

export const SitesCard = () => {
  const [adding, setAdding] = useState(false)
  const [open, setOpen] = useState<{ readonly deed: Deed; readonly site: WholeSite }>()
  const Chosen = open && DEEDS[open.deed]
  return (
    <div class="with-button">
      <FiguresTable
        title={t.setup.sites}
        columns={[t.filter.site, t.setup.origins, t.packet.consent, t.dialog.actions]}
      >
        {sites.value.map((site) => (
          <Row key={site.key} site={site} open={(deed) => setOpen({ deed, site })} />
        ))}
      </FiguresTable>
      <button type="button" class="small" onClick={() => setAdding(true)}>
        {t.setup.addSite}…
      </button>
      {adding && <Add close={() => setAdding(false)} />}
      {Chosen && <Chosen site={open.site} close={() => setOpen(undefined)} />}
    </div>
  )
}
