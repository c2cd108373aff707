/** An answer of the collector as a view has it: on its way, there, or failed, and asked for anew when its address changes. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { get } from '../api.ts'

export type Asked<T> =
  | { readonly phase: 'loading' }
  | { readonly phase: 'failed'; readonly missing: boolean; readonly message: string }
  /** `stale`: of the address before, while the new one is on its way. */
  | { readonly phase: 'ready'; readonly value: T; readonly stale: boolean }

/** An empty path asks nothing. `again` asks once more, and keeps what is shown until then. */
export const useAnswer = <T>(path: string): readonly [asked: Asked<T>, again: () => void] => {
  const [asked, setAsked] = useState<Asked<T>>({ phase: 'loading' })
  const [turn, setTurn] = useState(0)
  const shown = useRef<Asked<T>>(asked)
  shown.current = asked
  const askedFor = useRef(path)
  useEffect(() => {
    if (!path) return
    const abort = new AbortController()
    const before = shown.current
    const isAnother = path !== askedFor.current
    askedFor.current = path
    if (before.phase !== 'ready') setAsked({ phase: 'loading' })
    else if (isAnother) setAsked({ ...before, stale: true })
    void get<T>(path, abort.signal).then((answer) => {
      if (abort.signal.aborted) return
      if (answer.ok) setAsked({ phase: 'ready', value: answer.value, stale: false })
      else setAsked({ phase: 'failed', missing: answer.missing, message: answer.message })
    })
    return () => abort.abort()
  }, [path, turn])
  return [asked, () => setTurn((n) => n + 1)]
}
