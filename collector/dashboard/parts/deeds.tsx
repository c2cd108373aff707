/** What one can do about a visitor: tell what sales found, adjust, merge, take apart. Each asks before it does. */
import { useState } from 'preact/hooks'
import type { Visitor } from '../../../shared/answer.ts'
import { send, visitorPath } from '../api.ts'
import { numberIn, textIn } from '../form.ts'
import { GROUPS } from '../scale.ts'
import { refreshVisitor, timeline } from '../state/visitor.ts'
import { t } from '../strings/language.ts'
import { Dialog } from './dialog.tsx'
import { Field } from './field.tsx'
import { MergeDialog } from './merge.tsx'

const VERDICTS = ['contacted', 'accepted', 'meeting', 'won', 'lost', 'rejected'] as const

export interface DeedProps {
  readonly visitor: Visitor
  readonly close: () => void
}

/** Does it, and shows what has become of them. */
const done = async <T,>(deed: Promise<T>): Promise<T> => {
  const answer = await deed
  await refreshVisitor()
  return answer
}

const Feedback = ({ visitor, close }: DeedProps) => {
  const [verdict, setVerdict] = useState<string>('contacted')
  const act = (fields: FormData) =>
    done(
      send('POST', `${visitorPath(visitor.id)}/feedback`, {
        ...{ verdict, reason: textIn(fields, 'reason'), amount: numberIn(fields, 'amount') },
      }),
    )
  return (
    <Dialog title={t.deeds.feedback} lead={t.deeds.feedbackLead} confirm={t.deeds.save} act={act} close={close}>
      <fieldset class="choices">
        <legend class="unseen">{t.deeds.verdict}</legend>
        {VERDICTS.map((name) => (
          <label key={name}>
            <input type="radio" name="verdict" checked={verdict === name} onChange={() => setVerdict(name)} />
            <span>{t.verdicts[name]}</span>
          </label>
        ))}
      </fieldset>
      {verdict === 'won' && <Field name="amount" type="number" min="0" step="any" label={t.deeds.amount} />}
      <Field name="reason" maxLength={500} required={verdict === 'rejected'} label={t.deeds.reason} />
    </Dialog>
  )
}

const Adjust = ({ visitor, close }: DeedProps) => {
  const act = (fields: FormData) =>
    done(
      send('POST', `${visitorPath(visitor.id)}/adjust`, {
        ...{ points: numberIn(fields, 'points'), group: fields.get('group'), reason: textIn(fields, 'reason') },
      }),
    )
  return (
    <Dialog title={t.deeds.adjust} lead={t.deeds.adjustLead} confirm={t.deeds.save} act={act} close={close}>
      <Field name="points" type="number" min="-100" max="100" step="0.5" required label={t.deeds.points} />
      <label class="field">
        <span>{t.deeds.group}</span>
        <select name="group">
          {GROUPS.map((group) => (
            <option key={group} value={group}>
              {t.groups[group]}
            </option>
          ))}
        </select>
      </label>
      <Field name="reason" maxLength={500} required label={t.deeds.reason} />
    </Dialog>
  )
}

const Unmerge = ({ visitor, close }: DeedProps) => (
  <Dialog
    title={t.deeds.unmerge}
    lead={t.deeds.unmergeLead}
    confirm={t.deeds.unmergeDo}
    act={() => done(send('POST', `${visitorPath(visitor.id)}/unmerge`))}
    close={close}
    grave
  />
)

const DEEDS = { feedback: Feedback, adjust: Adjust, merge: MergeDialog, unmerge: Unmerge } as const
type Deed = keyof typeof DEEDS

/** Merges not taken back, as far as the timeline is loaded. */
const isMerged = (): boolean => {
  const merges = (timeline.value ?? []).filter((item) => item.kind === 'merge')
  return merges.filter(({ undone }) => !undone).length > merges.filter(({ undone }) => undone).length
}

export const Deeds = ({ visitor }: { visitor: Visitor }) => {
  const [deed, setDeed] = useState<Deed>()
  const Chosen = deed && DEEDS[deed]
  return (
    <p class="deeds">
      {(['feedback', 'adjust', 'merge'] as const).map((name) => (
        <button key={name} type="button" class="small" onClick={() => setDeed(name)}>
          {t.deeds.open[name]}
        </button>
      ))}
      {isMerged() && (
        <button type="button" class="small" onClick={() => setDeed('unmerge')}>
          {t.deeds.open.unmerge}
        </button>
      )}
      {Chosen && <Chosen visitor={visitor} close={() => setDeed(undefined)} />}
    </p>
  )
}
