/** A list that comes page by page: the first when its address changes, the next when asked for. */
import { useEffect, useState } from 'preact/hooks'
import { get } from '../api.ts'
import { type Asked, useAnswer } from './answer.ts'

interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

export interface Pages<T> {
  readonly asked: Asked<readonly T[]>
  readonly again: () => void
  /** Undefined where everything is there. */
  readonly more: (() => void) | undefined
  readonly busy: boolean
}

/** The path has a query already. */
export const usePages = <T>(path: string): Pages<T> => {
  const [first, again] = useAnswer<Page<T>>(path)
  const [rest, setRest] = useState<Page<T>>()
  const [busy, setBusy] = useState(false)
  const begun = first.phase === 'ready' ? first.value : undefined
  useEffect(() => setRest(undefined), [begun])
  const cursor = (rest ?? begun)?.nextCursor
  const more = async (): Promise<void> => {
    setBusy(true)
    const answer = await get<Page<T>>(`${path}&cursor=${encodeURIComponent(cursor!)}`)
    setBusy(false)
    if (answer.ok) setRest({ ...answer.value, items: [...(rest?.items ?? []), ...answer.value.items] })
  }
  const asked = first.phase === 'ready' ? { ...first, value: [...first.value.items, ...(rest?.items ?? [])] } : first
  return { asked, again, more: cursor ? () => void more() : undefined, busy }
}
