/** What one can do with the version shown: change it into a draft; simulate a draft, and publish it. */
import { useState } from 'preact/hooks'
import type { Answer } from '../api.ts'
import { count } from '../figures.ts'
import { href } from '../router.ts'
import { beginEdit, changeCount, editing, endEdit, keepDocument, keepDraft } from '../state/model-edit.ts'
import { follow, versionPath, type WholeVersion } from '../state/models.ts'
import { useSimulation } from '../state/simulation.ts'
import { t } from '../strings/language.ts'
import { Dialog } from './dialog.tsx'
import { Failure } from './failure.tsx'
import { Field } from './field.tsx'
import { Simulation } from './simulation.tsx'

const reasonIn = (fields: FormData): string => String(fields.get('reason') ?? '').trim()

/** Goes to the draft that was made. */
const toDraft = <T extends Answer<WholeVersion>>(answer: T): T => {
  if (answer.ok) {
    endEdit()
    location.hash = href(`/model/${answer.value.version}`)
  }
  return answer
}

const Keep = ({ version, close }: { version: number; close: () => void }) => (
  <Dialog
    title={t.model.keep}
    lead={t.model.keepLead(changeCount.value)}
    confirm={t.model.keepDo}
    act={async (fields) => toDraft(await keepDraft(version, reasonIn(fields)))}
    close={close}
  >
    <Field name="reason" maxLength={500} label={t.deeds.reason} />
  </Dialog>
)

const NO_JSON: Answer<WholeVersion> = { ok: false, missing: false, message: t.model.noJson, details: [] }

const AsJson = ({ version, close }: { version: WholeVersion; close: () => void }) => (
  <Dialog
    title={t.model.json}
    lead={t.model.jsonLead}
    confirm={t.model.keepDo}
    act={async (fields) => toDraft((await keepDocument(String(fields.get('model')), reasonIn(fields))) ?? NO_JSON)}
    close={close}
  >
    <label class="field">
      <span>{t.model.document}</span>
      <textarea name="model" rows={18} spellcheck={false} defaultValue={JSON.stringify(version.model, null, 2)} />
    </label>
    <Field name="reason" maxLength={500} label={t.deeds.reason} />
  </Dialog>
)

const Publish = ({ version, done, close }: { version: number; done: () => void; close: () => void }) => {
  const [progress, setProgress] = useState<number>()
  const act = async (fields: FormData) => {
    setProgress(0)
    const answer = await follow(`${versionPath(version)}/publish`, { reason: reasonIn(fields) }, setProgress)
    setProgress(undefined)
    if (answer.ok) done()
    return answer
  }
  return (
    <Dialog
      title={t.model.publishOf(version)}
      lead={t.model.publishLead}
      confirm={t.model.publish}
      act={act}
      close={close}
      grave
    >
      <Field name="reason" maxLength={500} required label={t.deeds.reason} />
      {progress !== undefined && <progress value={progress} max={1} aria-label={t.model.publish} />}
    </Dialog>
  )
}

const Editing = ({ version }: { version: number }) => {
  const [keeping, setKeeping] = useState(false)
  return (
    <p class="deeds sticky">
      <span role="status">{t.model.changes(changeCount.value)}</span>
      <button type="button" class="primary" disabled={changeCount.value === 0} onClick={() => setKeeping(true)}>
        {t.model.keep}…
      </button>
      <button type="button" onClick={endEdit}>
        {t.dialog.cancel}
      </button>
      {keeping && <Keep version={version} close={() => setKeeping(false)} />}
    </p>
  )
}

export const DraftBar = ({ version, done }: { version: WholeVersion; done: () => void }) => {
  const [open, setOpen] = useState<'publish' | 'json'>()
  const { progress, answer, start } = useSimulation(version.version)
  const close = (): void => setOpen(undefined)
  if (editing.value) return <Editing version={version.version} />
  return (
    <>
      <p class="deeds">
        {version.state === 'draft' && (
          <>
            <button type="button" class="primary" onClick={start} disabled={progress !== undefined}>
              {t.simulation.start}
            </button>
            <button type="button" onClick={() => setOpen('publish')}>
              {t.model.publish}…
            </button>
          </>
        )}
        <button type="button" onClick={beginEdit}>
          {t.model.change}…
        </button>
        <button type="button" onClick={() => setOpen('json')}>
          {t.model.json}…
        </button>
      </p>
      {progress !== undefined && (
        <label class="field">
          <span>{t.simulation.running(count(Math.round(progress * 100)))}</span>
          <progress value={progress} max={1} />
        </label>
      )}
      {answer &&
        (answer.ok ? <Simulation result={answer.value} /> : <Failure message={answer.message} retry={start} />)}
      {open === 'publish' && <Publish version={version.version} done={done} close={close} />}
      {open === 'json' && <AsJson version={version} close={close} />}
    </>
  )
}
