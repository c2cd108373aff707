/** What is asked for, once it is there; until then its shape, or what went wrong and a way on. */
import type { ComponentChildren } from 'preact'
import type { Asked } from '../state/answer.ts'
import { Failure } from './failure.tsx'
import { Skeleton } from './skeleton.tsx'

interface LoadedProps<T> {
  readonly asked: Asked<T>
  readonly again: () => void
  readonly rows?: number
  readonly children: (value: T) => ComponentChildren
}

export const Loaded = <T,>({ asked, again, rows = 6, children }: LoadedProps<T>) => {
  if (asked.phase === 'loading') return <Skeleton rows={rows} />
  if (asked.phase === 'failed') return <Failure message={asked.message} retry={again} />
  return (
    <div class={asked.stale ? 'loaded stale' : 'loaded'} aria-busy={asked.stale}>
      {children(asked.value)}
    </div>
  )
}
