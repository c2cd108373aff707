/** A line to copy, with its button. */
import { useState } from 'preact/hooks'
import { t } from '../strings/language.ts'

const CONFIRMED_MS = 2000

export const Copy = ({ text, label }: { text: string; label: string }) => {
  const [copied, setCopied] = useState(false)
  // Without a secure address there is no clipboard; the line stays selectable.
  const copy = async (): Promise<void> => {
    await navigator.clipboard?.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), CONFIRMED_MS)
  }
  return (
    <div class="copy">
      <code>{text}</code>
      <button type="button" onClick={copy}>
        {copied ? t.empty.copied : label}
      </button>
      <span class="unseen" role="status">
        {copied ? t.empty.copied : ''}
      </span>
    </div>
  )
}
