/** The history of the model: every version, who, when and why; and the way back to one. */
import { useState } from 'preact/hooks'
import { href } from '../router.ts'
import { follow, type Version, type Versions, versionPath } from '../state/models.ts'
import { t } from '../strings/language.ts'
import { onDate } from '../time.ts'
import { Dialog } from './dialog.tsx'
import { Field } from './field.tsx'

const Revert = ({ version, done, close }: { version: Version; done: () => void; close: () => void }) => {
  const act = async (fields: FormData) => {
    const reason = String(fields.get('reason') ?? '').trim()
    const answer = await follow(`${versionPath(version.version)}/revert`, reason ? { reason } : {}, () => {})
    if (answer.ok) done()
    return answer
  }
  const title = t.model.revertTo(version.version)
  return (
    <Dialog title={title} lead={t.model.revertLead} confirm={t.model.revert} act={act} close={close} grave>
      <Field name="reason" maxLength={500} label={t.deeds.reason} />
    </Dialog>
  )
}

interface ListProps {
  readonly versions: Versions
  readonly shown: number
  readonly again: () => void
}

export const VersionsList = ({ versions, shown, again }: ListProps) => {
  const [back, setBack] = useState<Version>()
  return (
    <section class="card fact versions">
      <h2>{t.model.versions}</h2>
      <ol>
        {versions.items.map((version) => (
          <li key={version.version} class={version.version === shown ? 'shown' : ''}>
            <p>
              <a href={href(`/model/${version.version}`)} aria-current={version.version === shown ? 'true' : undefined}>
                {t.report.version(version.version)}
              </a>{' '}
              <span class={`qualification ${version.state === 'published' ? 'sql' : 'mql'}`}>
                {t.model.states[version.state]}
              </span>
            </p>
            <p class="soft">
              <bdi>{version.reason || version.name}</bdi>
            </p>
            <p class="soft">
              <bdi>{version.approver || version.author}</bdi> {onDate(version.publishedAt ?? version.createdAt)}
              {version.state === 'retired' && (
                <button type="button" class="small" onClick={() => setBack(version)}>
                  {t.model.revert}…
                </button>
              )}
            </p>
          </li>
        ))}
      </ol>
      {back && <Revert version={back} done={again} close={() => setBack(undefined)} />}
    </section>
  )
}
