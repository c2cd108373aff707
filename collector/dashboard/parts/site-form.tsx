/** How a site's visitors are treated, to be filled in. */
import { jsonIn, listIn, numberIn } from '../form.ts'
import type { WholeSite } from '../state/sites.ts'
import { t } from '../strings/language.ts'
import { Field } from './field.tsx'
import { Select } from './select.tsx'
import { SiteRules } from './site-rules.tsx'

const SWITCHES = ['honoursGpc', 'tellsStage', 'allowsPurchase', 'allowsAutomation'] as const
const CONSENTS = ['none', 'required', 'cookieless'] as const
const EXPIRIES = ['erase', 'anonymize'] as const

/** Throws where the page rules are no JSON. */
export const settingsIn = (fields: FormData) => ({
  origins: listIn(fields, 'origins'),
  consent: fields.get('consent'),
  ...Object.fromEntries(SWITCHES.map((name) => [name, fields.get(name) === 'on'])),
  retentionDays: numberIn(fields, 'retentionDays') ?? null,
  expiry: fields.get('expiry'),
  ignores: listIn(fields, 'ignores'),
  staff: listIn(fields, 'staff'),
  pageRules: jsonIn(fields, 'pageRules') ?? [],
})

const joined = (texts: readonly string[] | undefined): string => texts?.join(', ') ?? ''

/** Guards against those who only look like visitors. */
const Strangers = ({ site }: { site: Partial<WholeSite> }) => (
  <>
    <Field name="ignores" label={t.setup.ignores} help={t.setup.ignoresHelp} value={joined(site.ignores)} />
    <Field name="staff" label={t.setup.staff} help={t.setup.staffHelp} value={joined(site.staff)} />
  </>
)

const Keeping = ({ site }: { site: Partial<WholeSite> }) => (
  <>
    <Field
      {...{ name: 'retentionDays', type: 'number', min: '1', max: '36500', step: '1' }}
      {...{ label: t.setup.retention, help: t.setup.retentionHelp, value: site.retentionDays ?? '' }}
    />
    <Select
      {...{ name: 'expiry', label: t.setup.expiry, value: site.expiry }}
      options={EXPIRIES.map((name) => [name, t.setup.expiries[name]])}
    />
  </>
)

export const SiteForm = ({ site }: { site: Partial<WholeSite> }) => (
  <>
    <Field name="origins" label={t.setup.origins} help={t.setup.originsHelp} value={joined(site.origins)} />
    <Select
      {...{ name: 'consent', label: t.packet.consent, value: site.consent }}
      options={CONSENTS.map((name) => [name, t.setup.consents[name]])}
    />
    {SWITCHES.map((name) => (
      <label key={name} class="toggle">
        <input type="checkbox" name={name} defaultChecked={site[name] ?? name === 'honoursGpc'} />
        <span>{t.setup.switches[name]}</span>
      </label>
    ))}
    <Keeping site={site} />
    <Strangers site={site} />
    <SiteRules rules={site.pageRules ?? []} />
  </>
)
