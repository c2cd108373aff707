/** The end of what is held of a person: says what becomes of them, and does it only when told twice. */
import { useState } from 'preact/hooks'
import type { Visitor } from '../../../shared/answer.ts'
import { send, visitorPath } from '../api.ts'
import { identityOf } from '../person.ts'
import { t } from '../strings/language.ts'
import { Dialog } from './dialog.tsx'

const MODES = ['erase', 'anonymize'] as const
type Mode = (typeof MODES)[number]

interface EraseProps {
  readonly visitor: Visitor
  /** Called when they are no more. */
  readonly done: () => void
  readonly close: () => void
}

export const Erase = ({ visitor, done, close }: EraseProps) => {
  const [mode, setMode] = useState<Mode>('erase')
  const act = async () => {
    const answer = await send('DELETE', `${visitorPath(visitor.id)}?${new URLSearchParams({ mode })}`)
    if (answer.ok) done()
    return answer
  }
  const { name } = identityOf(visitor)
  return (
    <Dialog title={t.privacy.eraseOf(name)} confirm={t.privacy.modes[mode]} act={act} close={close} grave>
      <fieldset class="choices tall">
        <legend class="unseen">{t.privacy.what}</legend>
        {MODES.map((each) => (
          <label key={each}>
            <input type="radio" name="mode" checked={mode === each} onChange={() => setMode(each)} />
            <span>
              <b>{t.privacy.modes[each]}</b>
              <br />
              <small>{t.privacy.becomes[each]}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <label class="sure">
        <input type="checkbox" name="sure" required />
        <span>{t.privacy.sure}</span>
      </label>
    </Dialog>
  )
}
