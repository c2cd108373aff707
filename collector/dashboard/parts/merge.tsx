/** Two visitors who are one person: finds the other, and says who stays before it is done. */
import { useEffect, useState } from 'preact/hooks'
import type { Visitor } from '../../../shared/answer.ts'
import { getVisitors, send } from '../api.ts'
import { points } from '../figures.ts'
import { identityOf } from '../person.ts'
import { refreshVisitor } from '../state/visitor.ts'
import { t } from '../strings/language.ts'
import { Dialog } from './dialog.tsx'
import { Field } from './field.tsx'

const TYPING_MS = 250
const SHOWN = 6

/** Those of the same site whom the words find; without words, the warmest. */
const useCandidates = ({ id, site }: Visitor, q: string): readonly Visitor[] => {
  const [found, setFound] = useState<readonly Visitor[]>([])
  useEffect(() => {
    const abort = new AbortController()
    const timer = setTimeout(async () => {
      const query = new URLSearchParams({ site, limit: String(SHOWN + 1), ...(q && { q }) })
      const answer = await getVisitors(query, abort.signal)
      if (!abort.signal.aborted && answer.ok) setFound(answer.value.items.filter((each) => each.id !== id))
    }, TYPING_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [q])
  return found.slice(0, SHOWN)
}

const Candidate = ({ each, chosen, choose }: { each: Visitor; chosen: boolean; choose: () => void }) => {
  const { name, detail } = identityOf(each)
  return (
    <label>
      <input type="radio" name="other" checked={chosen} onChange={choose} required />
      <span>
        <bdi>{name}</bdi>{' '}
        <small class="soft">
          <bdi>{[detail, t.stages[each.stage], points(each.score)].filter(Boolean).join(' · ')}</bdi>
        </small>
      </span>
    </label>
  )
}

export const MergeDialog = ({ visitor, close }: { visitor: Visitor; close: () => void }) => {
  const [q, setQ] = useState('')
  const [other, setOther] = useState<Visitor>()
  const found = useCandidates(visitor, q)
  const act = async () => {
    const answer = await send('POST', '/api/visitors/merge', { from: other?.id, into: visitor.id })
    await refreshVisitor()
    return answer
  }
  return (
    <Dialog title={t.deeds.merge} lead={t.deeds.mergeLead} confirm={t.deeds.mergeDo} act={act} close={close} grave>
      <Field name="q" type="search" label={t.filter.search} say={(text) => setQ(text.trim())} />
      <fieldset class="choices tall">
        <legend class="unseen">{t.deeds.other}</legend>
        {found.map((each) => (
          <Candidate key={each.id} each={each} chosen={other?.id === each.id} choose={() => setOther(each)} />
        ))}
      </fieldset>
      {other && (
        <p>
          <bdi>{t.deeds.mergeSure(identityOf(other).name, identityOf(visitor).name)}</bdi>
        </p>
      )}
    </Dialog>
  )
}
