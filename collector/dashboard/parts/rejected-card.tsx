/** What was not taken, and why: nothing disappears silently. */
import { useEffect } from 'preact/hooks'
import { count } from '../figures.ts'
import { humanise } from '../naming.ts'
import { useAnswer } from '../state/answer.ts'
import { useAfterDeeds } from '../state/deeds.ts'
import type { RejectedList } from '../state/first-event.ts'
import { t } from '../strings/language.ts'
import { exactly } from '../time.ts'
import { Loaded } from './loaded.tsx'
import { Moment } from './moment.tsx'

const SHOWN = 12
/** A refusal is told by no stream. */
const LOOK_MS = 15_000

export const RejectedCard = () => {
  const [asked, again] = useAnswer<RejectedList>(`/api/rejected?limit=${SHOWN}`)
  useAfterDeeds(again)
  useEffect(() => {
    const timer = setInterval(() => document.hidden || again(), LOOK_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <Loaded asked={asked} again={again} rows={3}>
      {({ items, counts }) => (
        <section class="card">
          <h2>{t.setup.rejected}</h2>
          {items.length === 0 && <p class="soft">{t.setup.noneRejected}</p>}
          <p class="chips">
            {Object.entries(counts).map(([code, n]) => (
              <span key={code} class="flag">
                <bdi>{humanise(code)}</bdi> {count(n)}
              </span>
            ))}
          </p>
          <ul class="reasons">
            {items.map(({ at, site, message }, i) => (
              <li key={String(i)} title={exactly(at)}>
                <Moment at={at} /> {site && <bdi>{site}</bdi>} <bdi>{message}</bdi>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Loaded>
  )
}
