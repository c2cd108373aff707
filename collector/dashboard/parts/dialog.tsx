/** Something to decide, before the rest of the page: a real dialog, which the Escape key ends. */
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Answer } from '../api.ts'
import { t } from '../strings/language.ts'

interface DialogProps {
  readonly title: string
  readonly lead?: string
  /** What the button that does it says; without one there is only something to read. */
  readonly confirm?: string
  /** Whether it takes something away. */
  readonly grave?: boolean
  readonly act?: (fields: FormData) => Promise<Answer<unknown>>
  readonly close: () => void
  readonly children?: ComponentChildren
}

const Problem = ({ answer }: { answer: Answer<unknown> | undefined }) => {
  if (!answer || answer.ok) return null
  return (
    <div class="problem" role="alert">
      <p>{answer.message}</p>
      {answer.details.length > 0 && (
        <ul>
          {answer.details.map(({ path, message }) => (
            <li key={path + message}>{path ? `${path}: ${message}` : message}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

export const Dialog = ({ title, lead, confirm, grave, act, close, children }: DialogProps) => {
  const box = useRef<HTMLDialogElement>(null)
  const [answer, setAnswer] = useState<Answer<unknown>>()
  const [busy, setBusy] = useState(false)
  useLayoutEffect(() => box.current?.showModal(), [])
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    if (!act || busy) return
    setBusy(true)
    const got = await act(new FormData(event.currentTarget as HTMLFormElement))
    setBusy(false)
    setAnswer(got)
    if (got.ok) box.current?.close()
  }
  return (
    <dialog ref={box} class="dialog" aria-labelledby="dialog-title" onClose={close}>
      <form onSubmit={submit}>
        <h2 id="dialog-title">{title}</h2>
        {lead && <p class="soft">{lead}</p>}
        {children}
        <Problem answer={answer} />
        <p class="buttons">
          <button type="button" onClick={() => box.current?.close()}>
            {confirm ? t.dialog.cancel : t.dialog.close}
          </button>
          {confirm && (
            <button type="submit" class={grave ? 'primary grave' : 'primary'} disabled={busy}>
              {confirm}
            </button>
          )}
        </p>
      </form>
    </dialog>
  )
}
