/** A moment in words that stay true as time passes; the exact time on hover. */
import { useComputed, useSignal } from '@preact/signals'
import { exactly, fromNow, now } from '../time.ts'

export const Moment = ({ at, say }: { at: string; say?: (when: string) => string }) => {
  const moment = useSignal(at)
  moment.value = at
  const words = useComputed(() => {
    const when = fromNow(moment.value, now.value)
    return say ? say(when) : when
  })
  return (
    <time dateTime={at} title={exactly(at)}>
      {words}
    </time>
  )
}
