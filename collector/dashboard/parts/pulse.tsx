/** Whether what is shown is live: a dot that differs in shape, and the word. */
import type { Connection } from '../live.ts'
import { t } from '../strings/language.ts'

export const Pulse = ({ connection }: { connection: Connection }) => (
  <span class={`pulse ${connection}`} role="status">
    {t.live[connection]}
  </span>
)
