/** A quiet word while the stream is lost. It waits a moment, so that a blink of the line goes unsaid. */
import { useEffect, useState } from 'preact/hooks'
import type { Connection } from '../live.ts'
import { t } from '../strings/language.ts'

const PATIENCE_MS = 2000

export const Offline = ({ connection }: { connection: Connection }) => {
  const [said, setSaid] = useState(false)
  useEffect(() => {
    if (connection !== 'lost') return setSaid(false)
    const timer = setTimeout(() => setSaid(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [connection])
  return <div role="status">{said && <p class="banner">{t.live.banner}</p>}</div>
}
